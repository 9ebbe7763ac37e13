
/*
 * Copyright (C) Glinto contributors
 *
 * How many bodies are parsed in one turn of the event loop.  Whoever else
 * asks this worker for something, a page of the site, waits for the end of
 * the turn.
 *
 * Invariants
 *  1. A whole body that comes when the turn has parsed enough waits for
 *     another turn, behind those that came before; it holds its memory until
 *     then, which held.c bounds.
 *  2. Bodies of addresses within their share and of others take turns, so that
 *     one address with many does not hold up the rest.
 *  3. The worker does not end before they are parsed: the timer is none of
 *     those that can be cancelled.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"


/*
 * Bytes of bodies that are parsed in one turn; those beyond wait for another.
 * A body of 8 KiB may cost 0.1 ms and pages wait for the end of the turn: this
 * is 2 ms of it, or 400 events of visitors.
 */

#define NGX_HTTP_GLINTO_TURN_BYTES    (128 * 1024)


static void ngx_http_glinto_turn_done(ngx_http_glinto_ctx_t *ctx);
static ngx_uint_t ngx_http_glinto_turn_has_room(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);
static void ngx_http_glinto_turn_spend(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);
static void ngx_http_glinto_turn_handler(ngx_event_t *ev);
static void ngx_http_glinto_turn_parse(ngx_http_glinto_ctx_t *ctx);


void
ngx_http_glinto_turn_body(ngx_http_glinto_ctx_t *ctx)
{
    ngx_uint_t                 within;
    ngx_http_glinto_worker_t  *gw;

    gw = ctx->worker;

    if (ctx->status) {

        /* there is nothing to parse */

        ngx_http_glinto_turn_done(ctx);
        return;
    }

    if (ngx_queue_empty(&gw->ready[0]) && ngx_queue_empty(&gw->ready[1])
        && ngx_http_glinto_turn_has_room(gw, ctx))
    {
        ngx_http_glinto_turn_spend(gw, ctx);
        ngx_http_glinto_turn_done(ctx);
        return;
    }

    within = (ngx_http_glinto_share_held(ctx)
              <= NGX_HTTP_GLINTO_SHARE_BYTES);

    ngx_queue_insert_tail(&gw->ready[within], &ctx->queue);
    ctx->queued = 1;
}


static void
ngx_http_glinto_turn_done(ngx_http_glinto_ctx_t *ctx)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;

    rc = ctx->done(r, ctx);

    /* NGX_DONE: it waits in the batch, with the reference of the body */

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


static ngx_uint_t
ngx_http_glinto_turn_has_room(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    return gw->turn == 0
           || gw->turn + ctx->body.len <= NGX_HTTP_GLINTO_TURN_BYTES;
}


static void
ngx_http_glinto_turn_spend(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    gw->turn += ctx->body.len;

    ngx_http_glinto_batch_post(gw);
}


void
ngx_http_glinto_turn_init(ngx_http_glinto_worker_t *gw)
{
    ngx_queue_init(&gw->ready[0]);
    ngx_queue_init(&gw->ready[1]);

    gw->next.handler = ngx_http_glinto_turn_handler;
    gw->next.data = &gw->dummy;
    gw->next.log = gw->log;
}


void
ngx_http_glinto_turn_close(ngx_http_glinto_worker_t *gw)
{
    if (gw->flush.posted) {
        ngx_delete_posted_event(&gw->flush);
    }

    if (gw->next.timer_set) {
        ngx_del_timer(&gw->next);
    }
}


void
ngx_http_glinto_turn_end(ngx_http_glinto_worker_t *gw)
{
    gw->turn = 0;

    if (ngx_queue_empty(&gw->ready[0]) && ngx_queue_empty(&gw->ready[1])) {
        return;
    }

    /* at once, but others are served between */

    ngx_add_timer(&gw->next, 0);
}


static void
ngx_http_glinto_turn_handler(ngx_event_t *ev)
{
    ngx_queue_t               *q;
    ngx_http_glinto_ctx_t     *ctx;
    ngx_http_glinto_worker_t  *gw;

    gw = ((ngx_connection_t *) ev->data)->data;

    for ( ;; ) {

        gw->other = !gw->other;

        if (ngx_queue_empty(&gw->ready[gw->other])) {
            gw->other = !gw->other;
        }

        if (ngx_queue_empty(&gw->ready[gw->other])) {
            return;
        }

        q = ngx_queue_head(&gw->ready[gw->other]);
        ctx = ngx_queue_data(q, ngx_http_glinto_ctx_t, queue);

        if (!ngx_http_glinto_turn_has_room(gw, ctx)) {
            return;
        }

        ngx_http_glinto_turn_spend(gw, ctx);
        ngx_http_glinto_turn_parse(ctx);
    }
}


static void
ngx_http_glinto_turn_parse(ngx_http_glinto_ctx_t *ctx)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ctx->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_http_glinto_held_sent(ctx);
    ngx_http_glinto_turn_done(ctx);

    /* r may be gone */

    ngx_http_run_posted_requests(c);
}
