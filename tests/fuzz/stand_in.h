/*
 * Stands in for nginx, so that the module's parsers run outside of it: a pool,
 * a few functions on texts, and one request.  Only what those parsers call.
 * tests/module runs the same parsers in the real nginx.
 */

#ifndef GL_FUZZ_STAND_IN_H
#define GL_FUZZ_STAND_IN_H

#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_worker.h"

/* As many allocations as anybody wants. */
#define STAND_IN_ALL ((size_t) -1)

/*
 * A pool whose every allocation is a block of its own: a read or write past
 * the end of one is seen.  After ALLOCATIONS of them it has no memory left.
 */
ngx_pool_t *stand_in_pool(size_t allocations);
/* Allocations of POOL so far. */
size_t stand_in_used(const ngx_pool_t *pool);

#define STAND_IN_HEADERS_MAX 16

/* One request in a location where nothing is configured, and its worker. */
struct stand_in {
    ngx_http_request_t request;
    ngx_table_elt_t headers[STAND_IN_HEADERS_MAX];
    u_char names[STAND_IN_HEADERS_MAX][64]; /* in lower case */
    ngx_connection_t connection;
    ngx_http_glinto_loc_conf_t location;
    ngx_http_glinto_worker_t *worker; /* its hit is the one to fill */
    ngx_http_glinto_ctx_t ctx;
    void *locations[1];
};

void stand_in_init(struct stand_in *in, ngx_pool_t *pool);
void stand_in_fini(struct stand_in *in); /* and its pool */
/* One more header, as nginx would have read it; the texts are the caller's. */
void stand_in_header(struct stand_in *in, struct gl_text name,
                     struct gl_text value);

#endif
