
/*
 * Copyright (C) Glinto contributors
 *
 * What one worker process holds.  Adapters need none of it.  One such struct
 * in a process and configuration cycle; a reload in single process mode makes
 * a second beside it.  Processes share nothing but the files in the spool
 * directory.
 *
 *   batch     frames of this turn, one append for all, then the replies
 *   counts    what was turned away, summed until the next second
 *   salt      today's and, for half an hour, yesterday's key of visitor ids
 *   sites     the table of known sites, from the sites file
 *   hint      copies of appended frames on their way to the aggregator
 *   tick      once a second everything that no request should wait for
 */


#ifndef _NGX_HTTP_GLINTO_WORKER_H_INCLUDED_
#define _NGX_HTTP_GLINTO_WORKER_H_INCLUDED_


#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hint.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_measured.h"
#include "ngx_http_glinto_salt.h"
#include "ngx_http_glinto_sites.h"
#include "ngx_http_glinto_tokens.h"
#include "ngx_http_glinto_visitor.h"

#include <libpsl.h>

ngx_http_glinto_private_begin

#include "gl_segment.h"


/* visitors of whom a style or image was told lately: once is enough */

#define NGX_HTTP_GLINTO_SHOWN         256


struct ngx_http_glinto_worker_s {
    ngx_http_glinto_main_conf_t  *gmcf;
    ngx_log_t                    *log;

    /* clocks, read once in a turn of the event loop */

    int64_t                       wall_ms;
    int64_t                       boot_ms;
    ngx_msec_t                    clock_at;  /* nginx's own, when they were */

    ngx_http_glinto_hit_t         hit;
    ngx_pool_t                   *scratch;   /* hit.pool, of one request */

    int                           dirfd;     /* spool; -1: not there */
    dev_t                         dev;
    ino_t                         ino;
    struct gl_writer              writer;

    int64_t                       pause_ms;  /* the last one; 0: none */
    int64_t                       pause_until_ms;      /* boot clock */

    u_char                       *batch;     /* frames not yet appended */
    uint32_t                      pages;     /* of them, of pages served */
    size_t                        held;      /* bytes, by all requests */
    uint32_t                      shares[NGX_HTTP_GLINTO_SHARE_TABLES]
                                        [NGX_HTTP_GLINTO_SHARES];
    u_char                        share_key[NGX_HTTP_GLINTO_KEY_BYTES];
    ngx_uint_t                    busy;      /* 503s of this turn for these */
    ngx_queue_t                   sending;   /* bodies, the oldest first */

    size_t                        turn;      /* bytes, bodies parsed in it */
    ngx_queue_t                   ready[2];  /* bodies; 1: within a share */
    ngx_uint_t                    other;     /* whose turn was the last */
    ngx_event_t                   next;      /* turn, while bodies wait */

    ngx_queue_t                   waiting;   /* requests of these frames */
    ngx_queue_t                   due;       /* requests to be answered */
    ngx_event_t                   flush;     /* posted: end of the turn */
    ngx_event_t                   later;     /* timer: pages alone wait */

    ngx_http_glinto_count_t      *counts;
    ngx_uint_t                    ncounts;

    ngx_http_glinto_salts_t       salts;
    ngx_http_glinto_moment_t      moments[NGX_HTTP_GLINTO_MOMENTS];
    uint64_t                      shown[NGX_HTTP_GLINTO_SHOWN];
    const psl_ctx_t              *psl;

    ngx_http_glinto_sites_t      *sites;     /* NULL: every site is taken */
    ngx_http_glinto_sites_t      *loading;   /* its successor */
    ngx_http_glinto_tokens_t     *tokens;    /* NULL: there is none */

    ngx_http_glinto_hint_t        hint;

    ngx_connection_t              dummy;     /* what timers print */
    ngx_event_t                   tick;
    time_t                        ticked;

    /* since the start of this process; of it, added to the sums of all */

    ngx_http_glinto_measures_t    measured, told;
    int64_t                       began_us;  /* boot clock: of this turn */
    int64_t                       looked_us; /* ... after the last append */
    int64_t                       turn_us;   /* between the two */
    ngx_uint_t                    turn_bucket;

    uint64_t                      outage_drops;   /* 503s in this outage */
    unsigned                      outage:1;       /* said in the log */
    unsigned                      appended:1;     /* the last time it did */
    unsigned                      refused:1;      /* since the last tick */
    unsigned                      framing:1;      /* some of a request */
    unsigned                      closed:1;
};


/* the worker's state, made when it is not there yet; NULL: no memory */
ngx_http_glinto_worker_t *ngx_http_glinto_worker_get(
    ngx_http_glinto_main_conf_t *gmcf);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_WORKER_H_INCLUDED_ */
