
/*
 * Copyright (C) Glinto contributors
 *
 * Frames of one event: one for each site that takes it.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_visitor.h"
#include "ngx_http_glinto_worker.h"

#include "left_out.h"


static ngx_int_t ngx_http_glinto_frames_one(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_taken_t *taken);
static size_t ngx_http_glinto_frames_less(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_taken_t *taken);
static uint32_t ngx_http_glinto_frames_need(ngx_http_glinto_collect_t *gc);


/* all frames of a request stand side by side, in one append */

ngx_int_t
ngx_http_glinto_frames(ngx_http_glinto_collect_t *gc, ngx_uint_t *reason)
{
    uint32_t                   need;
    ngx_int_t                  rc;
    ngx_http_glinto_worker_t  *gw;

    gw = gc->worker;

    need = ngx_http_glinto_frames_need(gc);

    if (need == 0) {
        *reason = NGX_HTTP_GLINTO_TOO_LARGE;
        return NGX_DECLINED;
    }

    *reason = ngx_http_glinto_batch_reserve(gw, need);

    if (*reason != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_http_glinto_batch_begin(gw, gc->ctx);

    rc = ngx_http_glinto_frames_event(gc);

    if (rc != NGX_OK) {
        ngx_http_glinto_batch_undo(gw, gc->ctx);

        *reason = NGX_HTTP_GLINTO_TOO_LARGE;
        return rc;
    }

    ngx_http_glinto_batch_wait(gw, gc->ctx);

    return NGX_DONE;
}


ngx_int_t
ngx_http_glinto_frames_event(ngx_http_glinto_collect_t *gc)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    rc = ngx_http_glinto_place(gc);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_network(gc);
    }

    for (i = 0; i < gc->ntaken && rc == NGX_OK; i++) {
        rc = ngx_http_glinto_frames_one(gc, &gc->taken[i]);
    }

    return rc;
}


/* NGX_DECLINED: the event is too long */

static ngx_int_t
ngx_http_glinto_frames_one(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_taken_t *taken)
{
    size_t                     len;
    struct gl_event           *event;
    ngx_http_glinto_worker_t  *gw;

    gw = gc->worker;
    event = &gc->hit->event;

    event->site = ngx_http_glinto_text(&taken->name);

    if (ngx_http_glinto_visitor(gc->request, gw, &gc->hit->person, event)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    len = taken->left_out
          ? ngx_http_glinto_frames_less(gc, taken)
          : gl_event_encode(event, ngx_http_glinto_batch_payload(gw),
                            GL_FRAME_PAYLOAD_MAX);

    if (len == 0) {
        return NGX_DECLINED;
    }

    if (ngx_http_glinto_batch_frame(gw, len,
                                    ngx_http_glinto_moment(gw, event->visitor),
                                    GL_FRAME_EVENT)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    gc->ctx->frames++;

    return NGX_OK;
}


/* What the site leaves out is not written down. */

static size_t
ngx_http_glinto_frames_encode_less(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_taken_t *taken)
{
    struct gl_event  *event;

    event = &gc->hit->event;

    /* bots are known by their agent: that glintod leaves out */
    gl_left_out_apply(event, taken->left_out & ~GL_LEFT_OUT_AGENT);

    return gl_event_encode(event, ngx_http_glinto_batch_payload(gc->worker),
                           GL_FRAME_PAYLOAD_MAX);
}


/* The next site of the request may keep it. */

static size_t
ngx_http_glinto_frames_less(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_taken_t *taken)
{
    size_t           len;
    struct gl_event  whole;

    if (taken + 1 == gc->taken + gc->ntaken) {
        return ngx_http_glinto_frames_encode_less(gc, taken);
    }

    whole = gc->hit->event;
    len = ngx_http_glinto_frames_encode_less(gc, taken);
    gc->hit->event = whole;

    return len;
}


/*
 * Bytes to reserve.  For several sites the event is encoded once to be
 * measured; sites and visitor ids may be longer in another frame.  0 when it
 * fits into no segment.
 */

static uint32_t
ngx_http_glinto_frames_need(ngx_http_glinto_collect_t *gc)
{
    size_t                     len;
    uint32_t                   need;
    ngx_http_glinto_worker_t  *gw;

    /* site: text and its header; two visitor ids of 9 bytes and their keys */

    enum { differ = NGX_HTTP_GLINTO_SITE_MAX + 3 + 2 * 11 };

    gw = gc->worker;

    if (gc->ntaken == 1) {
        return GL_FRAME_MAX;
    }

    if (gw->writer.pending_bytes + GL_FRAME_MAX > NGX_HTTP_GLINTO_BATCH_BYTES)
    {
        (void) ngx_http_glinto_batch_append(gw);
    }

    gc->hit->event.visitor = GL_VISITOR_MASK;
    gc->hit->event.site.len = 0;

    len = gl_event_encode(&gc->hit->event, ngx_http_glinto_batch_payload(gw),
                          GL_FRAME_PAYLOAD_MAX);

    if (len == 0 || len + differ > GL_FRAME_PAYLOAD_MAX) {
        return 0;
    }

    need = (uint32_t) (gc->ntaken * GL_FRAME_BYTES(len + differ));

    if (need > gw->gmcf->segment - GL_SEGMENT_HEADER_BYTES) {
        return 0;
    }

    return ngx_max(need, GL_FRAME_MAX);
}
