
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


#include "ngx_http_glinto_worker.h"


static ngx_uint_t ngx_http_glinto_held_give_up(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_held_refuse(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);
static void ngx_http_glinto_held_post(ngx_http_glinto_worker_t *gw);


ngx_int_t
ngx_http_glinto_held_add(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, size_t bytes)
{
    bytes += NGX_HTTP_GLINTO_HELD_REQUEST;

    while (gw->held + bytes > NGX_HTTP_GLINTO_HELD_HIGH
           && ngx_http_glinto_held_give_up(gw))
    {
        /* void */
    }

    if (gw->held + bytes > NGX_HTTP_GLINTO_HELD_MAX) {
        return NGX_BUSY;
    }

    ctx->worker = gw;
    ctx->held = bytes;
    gw->held += bytes;

    return NGX_OK;
}


/* the one that sends longest; 0 when that is not long */

static ngx_uint_t
ngx_http_glinto_held_give_up(ngx_http_glinto_worker_t *gw)
{
    ngx_queue_t            *q;
    ngx_http_glinto_ctx_t  *ctx;

    if (ngx_queue_empty(&gw->sending)) {
        return 0;
    }

    q = ngx_queue_head(&gw->sending);
    ctx = ngx_queue_data(q, ngx_http_glinto_ctx_t, queue);

    if (ngx_current_msec - ctx->since < NGX_HTTP_GLINTO_HELD_LONG_MS) {
        return 0;
    }

    ngx_http_glinto_held_sent(ctx);

    /* nginx may have answered it already, and wait for its client */

    if (!ctx->request->header_sent) {
        ngx_http_glinto_held_refuse(gw, ctx);
    }

    return 1;
}


static void
ngx_http_glinto_held_refuse(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    ngx_http_request_t  *r;

    r = ctx->request;

    ctx->given_up = 1;
    ctx->status = NGX_HTTP_SERVICE_UNAVAILABLE;
    ctx->dropped = 1;
    ctx->queued = 1;

    ngx_queue_insert_tail(&gw->due, &ctx->queue);

    gw->held -= ctx->held;
    ctx->held = 0;

    /* until its answer nothing happens to it: the rest of the body is left */

    r->read_event_handler = ngx_http_block_reading;
    r->keepalive = 0;
    r->lingering_close = 1;

#if (NGX_HTTP_V2)
    if (r->stream) {
        r->stream->skip_data = 1;
    }
#endif

    ngx_http_glinto_worker_clock(gw);
    gw->requests++;

    ngx_http_glinto_held_refused(gw);
}


/*
 * Counting goes into the segment by two writes: once a turn, so that refusing
 * costs less than what is refused.
 */

void
ngx_http_glinto_held_refused(ngx_http_glinto_worker_t *gw)
{
    gw->busy++;

    ngx_http_glinto_held_post(gw);
}


ngx_uint_t
ngx_http_glinto_held_turn(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    if (gw->turn + ctx->body.len > NGX_HTTP_GLINTO_TURN_BYTES) {
        return 0;
    }

    gw->turn += ctx->body.len;

    ngx_http_glinto_held_post(gw);

    return 1;
}


/* the end of this turn begins the next one */

static void
ngx_http_glinto_held_post(ngx_http_glinto_worker_t *gw)
{
    if (!gw->flush.posted) {
        ngx_post_event(&gw->flush, &ngx_posted_events);
    }
}


void
ngx_http_glinto_held_tell(ngx_http_glinto_worker_t *gw)
{
    gw->turn = 0;

    if (gw->busy == 0) {
        return;
    }

    if (!gw->outage) {
        ngx_log_error(NGX_LOG_ERR, gw->log, 0, "glinto: too many tracking "
                      "requests at one time, some get 503");
        gw->outage = 1;
    }

    ngx_http_glinto_worker_outage(gw, NGX_HTTP_GLINTO_BUSY, gw->busy);

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


/*
 * Pieces of over a page nginx's pools can free, smaller ones lie in a block
 * of theirs.  What another module has had read, it may be still reading.
 */

void
ngx_http_glinto_held_body(ngx_http_glinto_ctx_t *ctx)
{
    ngx_http_request_t       *r;
    ngx_http_request_body_t  *rb;

    r = ctx->request;
    rb = r->request_body;

    if (!ctx->read || rb == NULL) {
        return;
    }

    if (ctx->copied) {
        (void) ngx_pfree(r->pool, ctx->body.data);
    }

    if (rb->buf) {
        (void) ngx_pfree(r->pool, rb->buf->start);
    }

    rb->buf = NULL;
    rb->bufs = NULL;
    ngx_str_null(&ctx->body);

    if (ctx->held > NGX_HTTP_GLINTO_HELD_REQUEST + NGX_MAX_ALLOC_FROM_POOL) {
        ctx->worker->held -= ctx->held - NGX_HTTP_GLINTO_HELD_REQUEST;
        ctx->held = NGX_HTTP_GLINTO_HELD_REQUEST;
    }
}


void
ngx_http_glinto_held_end(void *data)
{
    ngx_http_glinto_ctx_t *ctx = data;

    ngx_http_glinto_held_sent(ctx);

    if (ctx->worker) {
        ctx->worker->held -= ctx->held;
    }
}
