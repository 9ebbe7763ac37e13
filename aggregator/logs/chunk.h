/*
 * The body of log.chunk, as the glinto command makes it of lines of an access
 * log and glintod reads it: a byte GL_LOGS_VERSION, then records, each
 *
 *   kind  1 byte   GL_LOGS_EVENT or GL_LOGS_DROP
 *   len   4 bytes  of what follows the time
 *   at    8 bytes  UTC milliseconds
 *   ...            an event: schema/event.h's payload, with the visitor's id
 *                  (GL_VISITOR_IMPORTED set) and, where one visit may go over
 *                  midnight, that of the day before
 *                  a drop: 4 bytes how many, then a word of reasons.def
 *
 * Integers are little-endian.  Pure.
 */

#ifndef GL_LOGS_CHUNK_H
#define GL_LOGS_CHUNK_H

#include "event.h"

#define GL_LOGS_VERSION 1
enum gl_logs_kind_of_record { GL_LOGS_EVENT = 1, GL_LOGS_DROP = 2 };

struct gl_logs_chunk {
    uint8_t *bytes;
    size_t size, used;
};

/* Begin: SIZE, of at least one. */
void gl_logs_chunk_begin(struct gl_logs_chunk *chunk);
/* One more: 0, or -1: there is no room for it. */
int gl_logs_chunk_event(struct gl_logs_chunk *chunk,
                        const struct gl_event *event);
int gl_logs_chunk_drop(struct gl_logs_chunk *chunk, int64_t at_ms,
                       struct gl_text reason, uint32_t n);

struct gl_logs_item {
    enum gl_logs_kind_of_record kind;
    int64_t at_ms;
    const uint8_t *payload; /* of an event */
    size_t payload_len;
    uint32_t n; /* of a drop */
    struct gl_text reason;
};

/* Take the next record off *BYTES, *LEN; the first call with *BYTES at the
 * version.  1, 0 at the end, -1: this is no chunk. */
int gl_logs_chunk_next(const uint8_t **bytes, size_t *len, int first,
                       struct gl_logs_item *item);

#endif
