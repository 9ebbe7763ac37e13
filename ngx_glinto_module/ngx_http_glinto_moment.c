
/*
 * Copyright (C) Glinto contributors
 *
 * When an event was: the time of the turn, but a visitor's next event comes a
 * millisecond after the one before it.  A turn of the loop has one time, and
 * a router that goes from page to page gets twenty page views into one; what
 * came first is known here and nowhere later.
 *
 * A small table remembers the newest event of some visitors.  One that is
 * pushed out loses the order within a turn, no more: then the aggregator sorts
 * a millisecond's pages by their paths.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_visitor.h"
#include "ngx_http_glinto_worker.h"


/* so far ahead of the clock at most, whatever one visitor sends */

#define NGX_HTTP_GLINTO_MOMENT_AHEAD_MS  100


int64_t
ngx_http_glinto_moment(ngx_http_glinto_worker_t *gw, uint64_t visitor)
{
    int64_t                    at_ms;
    ngx_http_glinto_moment_t  *newest;

    at_ms = gw->boot_ms;
    newest = &gw->moments[visitor % NGX_HTTP_GLINTO_MOMENTS];

    if (newest->visitor == visitor && newest->at_ms >= at_ms) {
        at_ms = ngx_min(newest->at_ms + 1,
                        at_ms + NGX_HTTP_GLINTO_MOMENT_AHEAD_MS);
    }

    /* tomorrow the visitor has another id */

    if (gw->wall_ms + at_ms - gw->boot_ms >= gw->salts.until_ms) {
        at_ms = gw->boot_ms;
    }

    newest->visitor = visitor;
    newest->at_ms = at_ms;

    return at_ms;
}
