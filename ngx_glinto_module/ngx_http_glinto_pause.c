
/*
 * Copyright (C) Glinto contributors
 *
 * A spool that does not answer.  No append can be given up once it is begun:
 * while the disk holds it, it holds the worker, and with it every page that
 * this worker serves, as an access_log on that disk would.  What can be kept
 * short is how often that happens: after a call that took long the worker
 * leaves the spool alone for a while, and requests get 503 at once.  Each such
 * call in a row doubles the pause; a quick append ends the row.
 *
 *   quick  --a call over SLOW_MS-->  pause 2, 4, 8 ... 64 s
 *     ^                                |
 *     '----quick append----  trial  <--'
 *
 * The drops of a pause are summed in the writer and written after it: a kill
 * in between loses them.
 */


#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_outage.h"
#include "ngx_http_glinto_worker.h"


/* a loaded disk's journal holds an append for tenths of a second */

#define NGX_HTTP_GLINTO_PAUSE_SLOW_MS    1000

#define NGX_HTTP_GLINTO_PAUSE_FIRST_MS   2000

/* a disk that holds each call for 3 s then holds pages 5 % of the time */

#define NGX_HTTP_GLINTO_PAUSE_MAX_MS     64000


void
ngx_http_glinto_pause_look(ngx_http_glinto_worker_t *gw, int64_t began_us)
{
    int64_t  now_us;

    now_us = ngx_http_glinto_clock_boot_us();

    gw->looked_us = now_us;

    if (gw->writer.still
        || now_us - began_us <= NGX_HTTP_GLINTO_PAUSE_SLOW_MS * 1000)
    {
        return;
    }

    gw->pause_ms = gw->pause_ms ? ngx_min(2 * gw->pause_ms,
                                          NGX_HTTP_GLINTO_PAUSE_MAX_MS)
                                : NGX_HTTP_GLINTO_PAUSE_FIRST_MS;

    gw->pause_until_ms = now_us / 1000 + gw->pause_ms;
    gw->writer.still = 1;
}


void
ngx_http_glinto_pause_forget(ngx_http_glinto_worker_t *gw)
{
    if (!gw->writer.still) {
        gw->pause_ms = 0;
    }
}


ngx_uint_t
ngx_http_glinto_pause(ngx_http_glinto_worker_t *gw)
{
    gw->writer.still = gw->boot_ms < gw->pause_until_ms;

    return gw->writer.still;
}
