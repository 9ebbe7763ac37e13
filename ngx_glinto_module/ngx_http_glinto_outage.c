
/*
 * Copyright (C) Glinto contributors
 *
 * Requests that get 503: counted in the segment, and said once in the log at
 * the level that nginx logs by default, until a second in which events were
 * taken and nobody was refused.
 */


#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_outage.h"
#include "ngx_http_glinto_worker.h"


static void ngx_http_glinto_outage_begins(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason);


void
ngx_http_glinto_outage(ngx_http_glinto_worker_t *gw, ngx_uint_t reason,
    ngx_uint_t n)
{
    int64_t  began_us;

    began_us = ngx_http_glinto_clock_boot_us();

    gl_writer_drop(&gw->writer, n, gw->wall_ms, gw->boot_ms);

    ngx_http_glinto_pause_look(gw, began_us);

    gw->measured.dropped[reason] += n;
    gw->outage_drops += n;
    gw->appended = 0;
    gw->refused = 1;

    if (!gw->outage) {
        gw->outage = 1;
        ngx_http_glinto_outage_begins(gw, reason);
    }
}


static void
ngx_http_glinto_outage_begins(ngx_http_glinto_worker_t *gw, ngx_uint_t reason)
{
    switch (reason) {

    case NGX_HTTP_GLINTO_BUSY:
        ngx_log_error(NGX_LOG_ERR, gw->log, 0, "glinto: too many tracking "
                      "requests at one time, some get 503");
        break;

    case NGX_HTTP_GLINTO_SPOOL_FULL:
        ngx_log_error(NGX_LOG_ERR, gw->log, 0,
                      "glinto: spool \"%V\" is full, tracking requests get "
                      "503", &gw->gmcf->spool);
        break;

    case NGX_HTTP_GLINTO_SPOOL_SLOW:
        ngx_log_error(NGX_LOG_ERR, gw->log, 0,
                      "glinto: spool \"%V\" held this worker for a second or "
                      "more, tracking requests get 503 for %L s",
                      &gw->gmcf->spool, gw->pause_ms / 1000);
        break;

    default:
        ngx_log_error(NGX_LOG_ERR, gw->log, gw->writer.error,
                      "glinto: %s in spool \"%V\" failed, tracking requests "
                      "get 503", gw->writer.error_call, &gw->gmcf->spool);
    }
}


void
ngx_http_glinto_outage_tick(ngx_http_glinto_worker_t *gw)
{
    if (gw->outage && gw->appended && !gw->refused) {

        ngx_log_error(NGX_LOG_ERR, gw->log, 0,
                      "glinto: spool \"%V\" takes events again, %uL requests "
                      "got 503", &gw->gmcf->spool, gw->outage_drops);

        gw->outage = 0;
        gw->outage_drops = 0;
    }

    gw->refused = 0;
}
