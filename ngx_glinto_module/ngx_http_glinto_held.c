
/*
 * Copyright (C) Glinto contributors
 *
 * How much memory requests hold that send their body or wait for their append.
 * Clients choose how many there are, how long their bodies and how slowly they
 * come: without a limit one of them could have all of the worker.
 *
 * Invariants
 *  1. What is held is counted before nginx is asked for it, and until the
 *     request is freed, or given up: then it is free at the end of the turn.
 *  2. A request that is given up to make room for another is answered like
 *     those that wait, from the posted event: a handler of one request must
 *     not finish another.
 *  3. It is the one that sends longest, so that slow clients take the place of
 *     slow clients, not of visitors whose events come in one piece.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_outage.h"
#include "ngx_http_glinto_worker.h"

#include "apart.h"


/* up to here, as nearly always, nobody asks whose it is: 64 requests */

#define NGX_HTTP_GLINTO_HELD_LITTLE   (512 * 1024)

/*
 * Memory of requests that send their body or wait for their append.  Beyond
 * the first line only addresses within their share are let in, and those that
 * have been sending for too long are given up, at the end of the turn; beyond
 * the second nobody is let in.  All of these get 503.
 */

#define NGX_HTTP_GLINTO_HELD_HIGH     (8 * 1024 * 1024)
#define NGX_HTTP_GLINTO_HELD_MAX      (16 * 1024 * 1024)

/* a body comes in one flight with its headers, unless its client waits */

#define NGX_HTTP_GLINTO_HELD_LONG_MS  200

/*
 * Whoever sends for longer gets 408.  The slowest mobile network (GPRS) has
 * sent a longest body of 8 KiB in 3 s.
 */

#define NGX_HTTP_GLINTO_HELD_SEND_MS  10000

/* of a request without its body: nginx's pools of it, measured with HTTP/2 */

#define NGX_HTTP_GLINTO_HELD_REQUEST  8192


static GL_APART ngx_int_t ngx_http_glinto_held_let_in(
    ngx_http_glinto_ctx_t *ctx, size_t bytes);
static ngx_uint_t ngx_http_glinto_held_make_room(
    ngx_http_glinto_worker_t *gw, ngx_uint_t within);
static ngx_http_glinto_ctx_t *ngx_http_glinto_held_oldest(
    ngx_http_glinto_worker_t *gw, ngx_msec_t age);
static void ngx_http_glinto_held_give_up(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, ngx_uint_t status);
static void ngx_http_glinto_held_less(ngx_http_glinto_ctx_t *ctx,
    size_t bytes);


ngx_int_t
ngx_http_glinto_held_add(ngx_http_glinto_ctx_t *ctx, size_t bytes)
{
    ngx_http_glinto_worker_t  *gw;

    gw = ctx->worker;
    bytes += NGX_HTTP_GLINTO_HELD_REQUEST;

    if (gw->held + bytes > NGX_HTTP_GLINTO_HELD_LITTLE
        && ngx_http_glinto_held_let_in(ctx, bytes) != NGX_OK)
    {
        return NGX_BUSY;
    }

    ctx->held = bytes;
    gw->held += bytes;

    return NGX_OK;
}


static GL_APART ngx_int_t
ngx_http_glinto_held_let_in(ngx_http_glinto_ctx_t *ctx, size_t bytes)
{
    size_t                     most;
    ngx_uint_t                 within;
    ngx_http_glinto_worker_t  *gw;

    gw = ctx->worker;

    within = (ngx_http_glinto_share_held(ctx) + bytes
              <= NGX_HTTP_GLINTO_SHARE_BYTES);
    most = within ? NGX_HTTP_GLINTO_HELD_MAX : NGX_HTTP_GLINTO_HELD_HIGH;

    while (gw->held + bytes > NGX_HTTP_GLINTO_HELD_HIGH
           && ngx_http_glinto_held_make_room(gw, within))
    {
        /* void */
    }

    if (gw->held + bytes > most) {
        return NGX_BUSY;
    }

    ngx_http_glinto_share_more(ctx, bytes);

    return NGX_OK;
}


/*
 * For whom is within his share the one that sends longest, for others only if
 * its address has more than its share, too; 0: there is none.
 */

static ngx_uint_t
ngx_http_glinto_held_make_room(ngx_http_glinto_worker_t *gw,
    ngx_uint_t within)
{
    ngx_http_glinto_ctx_t  *ctx;

    ctx = ngx_http_glinto_held_oldest(gw, NGX_HTTP_GLINTO_HELD_LONG_MS);

    if (ctx == NULL
        || (!within && ngx_http_glinto_share_held(ctx)
                       <= NGX_HTTP_GLINTO_SHARE_BYTES))
    {
        return 0;
    }

    ngx_http_glinto_held_give_up(gw, ctx, NGX_HTTP_SERVICE_UNAVAILABLE);
    ngx_http_glinto_held_refused(gw);

    return 1;
}


void
ngx_http_glinto_held_tick(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_ctx_t  *ctx;

    for ( ;; ) {
        ctx = ngx_http_glinto_held_oldest(gw, NGX_HTTP_GLINTO_HELD_SEND_MS);

        if (ctx == NULL) {
            return;
        }

        ngx_http_glinto_held_give_up(gw, ctx, NGX_HTTP_REQUEST_TIME_OUT);
        ngx_http_glinto_counts_add(gw, NGX_HTTP_GLINTO_TOO_SLOW);
    }
}


/*
 * The one that sends longest, if for so long.  One that nginx has answered
 * already waits for its client in nginx alone.
 */

static ngx_http_glinto_ctx_t *
ngx_http_glinto_held_oldest(ngx_http_glinto_worker_t *gw, ngx_msec_t age)
{
    ngx_queue_t            *q;
    ngx_http_glinto_ctx_t  *ctx;

    while (!ngx_queue_empty(&gw->sending)) {

        q = ngx_queue_head(&gw->sending);
        ctx = ngx_queue_data(q, ngx_http_glinto_ctx_t, queue);

        if (ngx_current_msec - ctx->since < age) {
            break;
        }

        if (!ctx->request->header_sent) {
            return ctx;
        }

        ngx_http_glinto_held_sent(ctx);
    }

    return NULL;
}


static void
ngx_http_glinto_held_give_up(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, ngx_uint_t status)
{
    ngx_http_request_t  *r;

    r = ctx->request;

    ctx->given_up = 1;
    ctx->answered = 1;
    ctx->status = status;
    ctx->dropped = 1;

    ngx_queue_remove(&ctx->queue);
    ngx_queue_insert_tail(&gw->due, &ctx->queue);

    ngx_http_glinto_held_less(ctx, ctx->held);

    /* until its answer nothing happens to it: the rest of the body is left */

    r->read_event_handler = ngx_http_block_reading;
    r->keepalive = 0;
    r->lingering_close = 1;

#if (NGX_HTTP_V2)
    if (r->stream) {
        r->stream->skip_data = 1;
    }
#endif

    ngx_http_glinto_batch_post(gw);
    gw->measured.requests++;
}


/*
 * Counting goes into the segment by two writes: once a turn, so that refusing
 * costs less than what is refused.
 */

void
ngx_http_glinto_held_refused(ngx_http_glinto_worker_t *gw)
{
    gw->busy++;

    ngx_http_glinto_batch_post(gw);
}


void
ngx_http_glinto_held_tell(ngx_http_glinto_worker_t *gw)
{
    if (gw->busy == 0) {
        return;
    }

    ngx_http_glinto_outage(gw, NGX_HTTP_GLINTO_BUSY, gw->busy);

    gw->busy = 0;
}


void
ngx_http_glinto_held_sending(ngx_http_glinto_ctx_t *ctx)
{
    ngx_queue_insert_tail(&ctx->worker->sending, &ctx->queue);
    ctx->queued = 1;
    ctx->since = ngx_current_msec;
}


void
ngx_http_glinto_held_sent(ngx_http_glinto_ctx_t *ctx)
{
    if (ctx->queued) {
        ngx_queue_remove(&ctx->queue);
        ctx->queued = 0;
    }
}


/* what another module has had read, it may be still reading */

void
ngx_http_glinto_held_body(ngx_http_glinto_ctx_t *ctx)
{
    ngx_http_request_t  *r;

    r = ctx->request;

    if (!ctx->read || r->request_body == NULL) {
        return;
    }

    if (ctx->copied) {
        (void) ngx_pfree(r->pool, ctx->body.data);
    }

    ngx_http_glinto_held_free(r);

    ngx_str_null(&ctx->body);

    if (ctx->held > NGX_HTTP_GLINTO_HELD_REQUEST + NGX_MAX_ALLOC_FROM_POOL) {
        ngx_http_glinto_held_less(ctx, ctx->held
                                       - NGX_HTTP_GLINTO_HELD_REQUEST);
    }
}


/*
 * Pieces of over a page nginx's pools can free, smaller ones lie in a block of
 * theirs.
 */

void
ngx_http_glinto_held_free(ngx_http_request_t *r)
{
    ngx_http_request_body_t  *rb;

    rb = r->request_body;

    if (rb->buf) {
        (void) ngx_pfree(r->pool, rb->buf->start);
    }

    rb->buf = NULL;
    rb->bufs = NULL;
}


void
ngx_http_glinto_held_end(ngx_http_glinto_ctx_t *ctx)
{
    ngx_http_glinto_held_sent(ctx);

    if (ctx->held) {
        ngx_http_glinto_held_less(ctx, ctx->held);
    }
}


static void
ngx_http_glinto_held_less(ngx_http_glinto_ctx_t *ctx, size_t bytes)
{
    ctx->held -= bytes;
    ctx->worker->held -= bytes;

    if (ctx->shared) {
        ngx_http_glinto_share_less(ctx, bytes);
    }
}
