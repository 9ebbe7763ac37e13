/*
 * What one line of an access log says, before anything is made of it.  Texts
 * point into the line, or into the memory of who reads it.
 */

#ifndef GL_LOGS_RECORD_H
#define GL_LOGS_RECORD_H

#include "event.h"
#include "request/headers.h"
#include "request/memory.h"

/* Bytes of a line; one that is longer is not read. */
#define GL_LOGS_LINE_MAX 65536

struct gl_logs_record {
    int64_t at_ms;                     /* INT64_MIN: the line has no time */
    int status;                        /* 0: the line has none */
    struct gl_text address, forwarded; /* of the client; of its proxies */
    struct gl_text host, method, uri;  /* the uri as it was asked for */
    struct gl_text path, args;         /* $uri, $args: where there is no uri */
    struct gl_text referrer, agent, type, dest; /* Sec-Fetch-Dest */
    struct gl_text country, region, city;
    struct gl_headers headers; /* those that the format has */
};

/* Memory of one line: forgotten with the next. */
struct gl_logs_memory {
    char *bytes;
    size_t size, used;
};
#define GL_LOGS_MEMORY_MAX (16 * GL_LOGS_LINE_MAX)

struct gl_memory gl_logs_memory_of(struct gl_logs_memory *memory);

#endif
