
/*
 * Copyright (C) Glinto contributors
 *
 * Group append: the requests of one turn of the event loop put their frames
 * side by side into the worker's buffer and wait; at the end of the turn the
 * worker's posted event has them all appended by one pwrite and the replies
 * sent.
 *
 * Frames of pages served, for which nobody waits, are appended with the next
 * of these, or when they fill the buffer, or some milliseconds later: the
 * kernel takes many bytes at once more cheaply than some of each turn.
 *
 * Invariants
 *  1. A reply is sent only from the posted event, never from inside another
 *     request's handler: finishing a request may free others of the same
 *     connection.  An append is free of that danger and may happen any time.
 *  2. A request that ends for another reason leaves its queue, whichever it
 *     stands in; its frames stay in the batch.
 *  3. What joins while replies are sent waits for its own append.
 *  4. A reply of 5xx means that none of the request's frames is in the spool.
 *     A request fails before its append: its frames go out of the batch.  The
 *     append stores a part of them: 202, and the rest are drops.
 *
 * Runs in each nginx worker, single thread.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hint.h"
#include "ngx_http_glinto_measured.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_outage.h"
#include "ngx_http_glinto_worker.h"

#include "apart.h"
#include "point.h"


static ngx_uint_t ngx_http_glinto_batch_has_room(
    ngx_http_glinto_worker_t *gw, uint32_t bytes);
static GL_APART ngx_uint_t ngx_http_glinto_batch_make_room(
    ngx_http_glinto_worker_t *gw, uint32_t bytes);
static enum gl_writer_result ngx_http_glinto_batch_ready(
    ngx_http_glinto_worker_t *gw, uint32_t bytes);
static void ngx_http_glinto_batch_settle(ngx_http_glinto_worker_t *gw,
    uint32_t written);
static void ngx_http_glinto_batch_lost(ngx_http_glinto_worker_t *gw,
    uint32_t written, uint32_t bytes);
static ngx_uint_t ngx_http_glinto_batch_whole(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, uint32_t written);
static void ngx_http_glinto_batch_stored(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, ngx_uint_t n);
static void ngx_http_glinto_batch_reply(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);


ngx_uint_t
ngx_http_glinto_batch_reserve(ngx_http_glinto_worker_t *gw, uint32_t bytes)
{
    if (ngx_http_glinto_pause(gw)) {
        return NGX_HTTP_GLINTO_SPOOL_SLOW;
    }

    if (ngx_http_glinto_batch_has_room(gw, bytes)) {
        ngx_http_glinto_hint_sealed(gw);
        return NGX_OK;
    }

    return ngx_http_glinto_batch_make_room(gw, bytes);
}


/* as nearly always */

static ngx_uint_t
ngx_http_glinto_batch_has_room(ngx_http_glinto_worker_t *gw, uint32_t bytes)
{
    struct gl_writer  *w;

    w = &gw->writer;

    return w->pending_bytes < NGX_HTTP_GLINTO_BATCH_FULL
           && w->pending_bytes + bytes <= NGX_HTTP_GLINTO_BATCH_BYTES
           && gl_writer_room(w) >= bytes;
}


static GL_APART ngx_uint_t
ngx_http_glinto_batch_make_room(ngx_http_glinto_worker_t *gw, uint32_t bytes)
{
    enum gl_writer_result  rc;

    if (gw->writer.pending_bytes) {
        (void) ngx_http_glinto_batch_append(gw);
    }

    rc = ngx_http_glinto_batch_ready(gw, bytes);

    ngx_http_glinto_hint_sealed(gw);

    if (rc == GL_WRITER_OK) {
        return NGX_OK;
    }

    return rc == GL_WRITER_FULL ? NGX_HTTP_GLINTO_SPOOL_FULL
                                : NGX_HTTP_GLINTO_SPOOL_FAILED;
}


/* another segment may have to be made, which may take as long as an append */

static enum gl_writer_result
ngx_http_glinto_batch_ready(ngx_http_glinto_worker_t *gw, uint32_t bytes)
{
    int64_t                began_us;
    enum gl_writer_result  rc;

    if (gl_writer_room(&gw->writer) >= bytes) {
        return GL_WRITER_OK;
    }

    began_us = ngx_http_glinto_clock_boot_us();

    rc = gl_writer_ready(&gw->writer, bytes, gw->wall_ms, gw->boot_ms);

    ngx_http_glinto_pause_look(gw, began_us);

    return rc;
}


u_char *
ngx_http_glinto_batch_payload(ngx_http_glinto_worker_t *gw)
{
    return gw->batch + gw->writer.pending_bytes + GL_FRAME_HEADER_BYTES;
}


ngx_int_t
ngx_http_glinto_batch_frame(ngx_http_glinto_worker_t *gw, size_t len,
    int64_t at_ms, enum gl_frame_type type)
{
    if (gl_writer_frame(&gw->writer, gw->batch + gw->writer.pending_bytes,
                        (uint32_t) len, at_ms, type)
        == 0)
    {
        ngx_log_error(NGX_LOG_ALERT, gw->log, 0,
                      "glinto: no room for a frame of %uz bytes", len);
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_http_glinto_batch_begin(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    ctx->begin = gw->writer.pending_bytes;
    ctx->frames = 0;
}


void
ngx_http_glinto_batch_undo(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    gl_writer_take_back(&gw->writer, ctx->begin, (uint32_t) ctx->frames);
    ctx->frames = 0;
}


void
ngx_http_glinto_batch_wait(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    ctx->end = gw->writer.pending_bytes;
    ctx->queued = 1;

    ngx_queue_insert_tail(&gw->waiting, &ctx->queue);

    /* the clocks are those that its frames have */

    if (!gw->flush.posted) {
        ngx_post_event(&gw->flush, &ngx_posted_events);
    }
}


void
ngx_http_glinto_batch_post(ngx_http_glinto_worker_t *gw)
{
    if (!gw->flush.posted) {
        ngx_http_glinto_clock(gw);
        ngx_post_event(&gw->flush, &ngx_posted_events);
    }
}


/* who is answered already waits for the pages of other turns, too */

void
ngx_http_glinto_batch_later(ngx_http_glinto_worker_t *gw)
{
    if (!gw->flush.posted && !gw->later.timer_set) {
        ngx_add_timer(&gw->later, NGX_HTTP_GLINTO_BATCH_LATER_MS);
    }
}


ngx_int_t
ngx_http_glinto_batch_append(ngx_http_glinto_worker_t *gw)
{
    int                      rc;
    int64_t                  began_us;
    uint32_t                 written, offset, index, bytes;
    ngx_uint_t               hinted;
    struct gl_writer        *w;

    w = &gw->writer;

    if (w->pending_bytes == 0) {
        return NGX_OK;
    }

    offset = w->offset;
    index = w->index;
    bytes = w->pending_bytes;

    /* nobody waits to see a page, and the file is read before long */

    hinted = w->pending_n != gw->pages;
    gw->pages = 0;

    began_us = ngx_http_glinto_clock_boot_us();

    rc = gl_writer_append(w, gw->batch, &written);

    ngx_http_glinto_pause_look(gw, began_us);
    ngx_http_glinto_measured_append(gw, began_us);
    ngx_http_glinto_batch_settle(gw, written);

    if (hinted) {
        ngx_http_glinto_hint_frames(gw, w->current.id, index, offset,
                                    gw->batch, written);
    }

    if (rc != 0) {
        ngx_http_glinto_batch_lost(gw, written, bytes);
        return NGX_ERROR;
    }

    ngx_http_glinto_pause_forget(gw);

    gw->appended = 1;

    return NGX_OK;
}


/* pages served, for which nobody waits, are counted here */

static void
ngx_http_glinto_batch_lost(ngx_http_glinto_worker_t *gw, uint32_t written,
    uint32_t bytes)
{
    uint32_t  at, end;

    for (at = 0; at < bytes; at = end) {
        end = at + (uint32_t) gl_frame_written(gw->batch + at);

        if (end > written
            && gl_frame_written_type(gw->batch + at) == GL_FRAME_SERVED)
        {
            ngx_http_glinto_counts_add(gw, NGX_HTTP_GLINTO_SPOOL_FULL_PAGE);
        }
    }
}


/* everybody who waits is told what became of his frames */

static void
ngx_http_glinto_batch_settle(ngx_http_glinto_worker_t *gw, uint32_t written)
{
    ngx_uint_t              n, failed;
    ngx_queue_t            *q;
    ngx_http_glinto_ctx_t  *ctx;

    failed = 0;

    for (q = ngx_queue_head(&gw->waiting);
         q != ngx_queue_sentinel(&gw->waiting);
         q = ngx_queue_next(q))
    {
        ctx = ngx_queue_data(q, ngx_http_glinto_ctx_t, queue);

        n = ngx_http_glinto_batch_whole(gw, ctx, written);

        if (n) {
            ngx_http_glinto_batch_stored(gw, ctx, n);

        } else {
            ctx->status = NGX_HTTP_SERVICE_UNAVAILABLE;
            ctx->dropped += ctx->frames;
            failed++;
        }
    }

    if (!ngx_queue_empty(&gw->waiting)) {
        ngx_queue_add(&gw->due, &gw->waiting);
        ngx_queue_init(&gw->waiting);
    }

    if (failed) {
        ngx_http_glinto_outage(gw, NGX_HTTP_GLINTO_SPOOL_FAILED, failed);
    }
}


/* how many of the request's frames are wholly in the file */

static ngx_uint_t
ngx_http_glinto_batch_whole(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, uint32_t written)
{
    uint32_t    end;
    ngx_uint_t  n;

    if (ctx->end <= written) {
        return ctx->frames;
    }

    end = ctx->begin;

    for (n = 0; n < ctx->frames; n++) {
        end += (uint32_t) gl_frame_written(gw->batch + end);

        if (end > written) {
            break;
        }
    }

    return n;
}


/* what is in the file cannot be taken back: the rest of it are drops */

static void
ngx_http_glinto_batch_stored(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, ngx_uint_t n)
{
    ctx->status = NGX_HTTP_ACCEPTED;
    ctx->stored = n;
    gw->measured.stored += n;

    ngx_http_glinto_measured_request(gw, ctx->request);

    for ( /* void */ ; n < ctx->frames; n++) {
        ngx_http_glinto_counts_add(gw, NGX_HTTP_GLINTO_SPOOL_FAILED);
        ctx->dropped++;
    }
}


void
ngx_http_glinto_batch_replies(ngx_http_glinto_worker_t *gw)
{
    ngx_queue_t             due, *q;
    ngx_http_glinto_ctx_t  *ctx;

    if (ngx_queue_empty(&gw->due)) {
        return;
    }

    ngx_queue_init(&due);
    ngx_queue_add(&due, &gw->due);
    ngx_queue_init(&gw->due);

    while (!ngx_queue_empty(&due)) {
        q = ngx_queue_head(&due);
        ctx = ngx_queue_data(q, ngx_http_glinto_ctx_t, queue);

        ngx_queue_remove(q);
        ctx->queued = 0;

        ngx_http_glinto_batch_reply(gw, ctx);
    }
}


static void
ngx_http_glinto_batch_reply(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx)
{
    ngx_int_t                    rc;
    ngx_connection_t            *c;
    ngx_http_request_t          *r;
    ngx_http_glinto_loc_conf_t  *glcf;

    r = ctx->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    gw->hit.adapter = glcf->adapter;
    gw->hit.dropped = ctx->dropped;
    gw->hit.reason = NGX_HTTP_GLINTO_TAKEN;
    gw->hit.answer = ctx->answer;
    gw->hit.silent = ctx->silent;
    gw->hit.field = NULL;
    gw->hit.message = NULL;

    /* who was too slow is no longer spoken to */

    rc = ctx->status == NGX_HTTP_REQUEST_TIME_OUT
         ? NGX_HTTP_REQUEST_TIME_OUT
         : glcf->adapter->reply(r, &gw->hit, ctx->status);

    ngx_http_finalize_request(r, rc);

    GL_POINT("reply_sent");

    /* r may be gone */

    ngx_http_run_posted_requests(c);
}
