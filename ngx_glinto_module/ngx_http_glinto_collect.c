
/*
 * Copyright (C) Glinto contributors
 *
 * One life of a tracking request: method, body, adapter, route, a frame for
 * every site that takes it, append, reply.  A request that leaves no frame is
 * answered at once.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_outage.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_visitor.h"
#include "ngx_http_glinto_worker.h"


static ngx_http_glinto_hit_t *ngx_http_glinto_collect_hit(
    ngx_http_glinto_worker_t *gw, const ngx_http_glinto_adapter_t *adapter);
static ngx_int_t ngx_http_glinto_collect_body(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);
static ngx_int_t ngx_http_glinto_collect_nothing(
    ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_collect_event(ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_collect_place(ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_collect_text(ngx_http_request_t *r,
    ngx_http_complex_value_t *cv, struct gl_text *text);
static ngx_int_t ngx_http_glinto_collect_frames(
    ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_collect_frame(ngx_http_glinto_collect_t *gc,
    ngx_str_t *site);
static uint32_t ngx_http_glinto_collect_need(ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_collect_refuse(
    ngx_http_glinto_collect_t *gc, ngx_uint_t reason);


ngx_int_t
ngx_http_glinto_collect_handler(ngx_http_request_t *r)
{
    ngx_int_t                         rc;
    ngx_http_glinto_ctx_t            *ctx;
    ngx_http_glinto_loc_conf_t       *glcf;
    const ngx_http_glinto_adapter_t  *adapter;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);
    adapter = glcf->adapter;

    if (r->method == NGX_HTTP_OPTIONS && adapter->preflight) {
        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK ? adapter->preflight(r) : rc;
    }

    ctx = ngx_http_glinto_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->done = ngx_http_glinto_collect_body;

    if (!(r->method & adapter->methods)) {
        ctx->status = NGX_HTTP_NOT_ALLOWED;

    } else if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_glinto_body_read(r, ctx);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc == NGX_HTTP_BAD_REQUEST) {
        r->keepalive = 0;
        ctx->status = rc;

    } else if (rc != NGX_OK) {
        return rc;
    }

    if (ctx->status == 0 && ngx_http_glinto_held_add(ctx, 0) != NGX_OK) {
        ctx->status = NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    rc = ngx_http_glinto_collect_body(r, ctx);

    if (rc == NGX_DONE) {
        r->main->count++;
    }

    return rc;
}


/* the worker's hit, as parse() must find it */

static ngx_http_glinto_hit_t *
ngx_http_glinto_collect_hit(ngx_http_glinto_worker_t *gw,
    const ngx_http_glinto_adapter_t *adapter)
{
    ngx_http_glinto_hit_t  *hit;

    hit = &gw->hit;
    hit->pool = gw->scratch;

    /* texts of props are behind their number */

    ngx_memzero(&hit->event, offsetof(struct gl_event, props));
    hit->event.props_n = 0;
    hit->nsites = 0;
    hit->dropped = 0;
    hit->field = NULL;
    hit->message = NULL;
    hit->adapter = adapter;

    return hit;
}


/*
 * The body is there, or ctx->status says why not.  NGX_DONE: the request
 * stands in the batch, its reply will follow; else a code to finish it with.
 */

static ngx_int_t
ngx_http_glinto_collect_body(ngx_http_request_t *r, ngx_http_glinto_ctx_t *ctx)
{
    ngx_int_t                  rc;
    ngx_http_glinto_collect_t  gc;

    gc.request = r;
    gc.worker = ctx->worker;
    gc.ctx = ctx;
    gc.glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);
    gc.ntaken = 0;
    gc.hit = ngx_http_glinto_collect_hit(gc.worker, gc.glcf->adapter);

    ctx->answered = 1;

    ngx_http_glinto_clock(gc.worker);
    gc.worker->requests++;

    rc = ctx->status ? ngx_http_glinto_collect_nothing(&gc)
                     : ngx_http_glinto_collect_event(&gc);

    /* the frames are made: from here on the request waits without its texts */

    ngx_reset_pool(gc.worker->scratch);

    if (rc == NGX_DONE) {
        ngx_http_glinto_held_body(ctx);
    }

    return rc;
}


/* there is nothing to parse */

static ngx_int_t
ngx_http_glinto_collect_nothing(ngx_http_glinto_collect_t *gc)
{
    switch (gc->ctx->status) {

    case NGX_HTTP_BAD_REQUEST:
        gc->hit->field = "request";
        gc->hit->message = "has a body that is not whole";

        return ngx_http_glinto_collect_refuse(gc, NGX_HTTP_GLINTO_INVALID);

    case NGX_HTTP_NOT_ALLOWED:
        return ngx_http_glinto_collect_refuse(gc, NGX_HTTP_GLINTO_METHOD);

    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
        return ngx_http_glinto_collect_refuse(gc, NGX_HTTP_GLINTO_TOO_LARGE);

    case NGX_HTTP_SERVICE_UNAVAILABLE:
        return ngx_http_glinto_collect_refuse(gc, NGX_HTTP_GLINTO_BUSY);

    default:
        return gc->ctx->status;
    }
}


static ngx_int_t
ngx_http_glinto_collect_event(ngx_http_glinto_collect_t *gc)
{
    ngx_int_t                rc;
    ngx_http_glinto_hit_t   *hit;

    hit = gc->hit;

    rc = hit->adapter->parse(gc->request, &gc->ctx->body, hit);

    if (rc == NGX_HTTP_BAD_REQUEST) {
        return ngx_http_glinto_collect_refuse(gc, NGX_HTTP_GLINTO_INVALID);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_glinto_route(gc) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (gc->ntaken == 0) {
        return hit->adapter->reply(gc->request, hit, NGX_HTTP_ACCEPTED);
    }

    if (ngx_http_glinto_collect_place(gc) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_glinto_collect_frames(gc);
}


static ngx_int_t
ngx_http_glinto_collect_place(ngx_http_glinto_collect_t *gc)
{
    struct gl_text               country, region, city;
    struct gl_event             *event;
    struct gl_memory             memory;
    ngx_http_request_t          *r;
    ngx_http_glinto_loc_conf_t  *glcf;

    r = gc->request;
    glcf = gc->glcf;
    event = &gc->hit->event;
    memory = ngx_http_glinto_memory(gc->hit->pool);

    if (ngx_http_glinto_collect_text(r, glcf->country, &country) != NGX_OK
        || ngx_http_glinto_collect_text(r, glcf->region, &region) != NGX_OK
        || ngx_http_glinto_collect_text(r, glcf->city, &city) != NGX_OK)
    {
        return NGX_ERROR;
    }

    event->city = gl_city_read(city);

    return gl_country_read(memory, country, &event->country) == 0
           && gl_region_read(memory, region, event->country, &event->region)
              == 0
           ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_collect_text(ngx_http_request_t *r,
    ngx_http_complex_value_t *cv, struct gl_text *text)
{
    ngx_str_t  value;

    ngx_str_null(&value);

    if (cv && ngx_http_complex_value(r, cv, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    *text = ngx_http_glinto_text(&value);

    return NGX_OK;
}


/* all frames of a request stand side by side, in one append */

static ngx_int_t
ngx_http_glinto_collect_frames(ngx_http_glinto_collect_t *gc)
{
    uint32_t                   need;
    ngx_int_t                  rc;
    ngx_uint_t                 i, reason;
    ngx_http_glinto_worker_t  *gw;

    gw = gc->worker;

    need = ngx_http_glinto_collect_need(gc);

    if (need == 0) {
        return ngx_http_glinto_collect_refuse(gc, NGX_HTTP_GLINTO_TOO_LARGE);
    }

    reason = ngx_http_glinto_batch_reserve(gw, need);

    if (reason != NGX_OK) {
        return ngx_http_glinto_collect_refuse(gc, reason);
    }

    ngx_http_glinto_batch_begin(gw, gc->ctx);

    for (i = 0; i < gc->ntaken; i++) {

        rc = ngx_http_glinto_collect_frame(gc, &gc->taken[i]);

        if (rc != NGX_OK) {
            ngx_http_glinto_batch_undo(gw, gc->ctx);

            return rc == NGX_DECLINED
                   ? ngx_http_glinto_collect_refuse(gc,
                                                    NGX_HTTP_GLINTO_TOO_LARGE)
                   : NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    ngx_http_glinto_batch_wait(gw, gc->ctx);

    return NGX_DONE;
}


/* NGX_DECLINED: the event is too long */

static ngx_int_t
ngx_http_glinto_collect_frame(ngx_http_glinto_collect_t *gc, ngx_str_t *site)
{
    size_t                     len;
    struct gl_event           *event;
    ngx_http_glinto_worker_t  *gw;

    gw = gc->worker;
    event = &gc->hit->event;

    event->site.data = (char *) site->data;
    event->site.len = (uint32_t) site->len;

    if (ngx_http_glinto_visitor(gc->request, gw, event) != NGX_OK) {
        return NGX_ERROR;
    }

    len = gl_event_encode(event, ngx_http_glinto_batch_payload(gw),
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


/*
 * Bytes to reserve.  For several sites the event is encoded once to be
 * measured; sites and visitor ids may be longer in another frame.  0 when it
 * fits into no segment.
 */

static uint32_t
ngx_http_glinto_collect_need(ngx_http_glinto_collect_t *gc)
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


static ngx_int_t
ngx_http_glinto_collect_refuse(ngx_http_glinto_collect_t *gc,
    ngx_uint_t reason)
{
    ngx_uint_t  status;

    gc->ctx->dropped += gc->ntaken ? gc->ntaken : 1;

    switch (reason) {

    case NGX_HTTP_GLINTO_INVALID:
        status = NGX_HTTP_BAD_REQUEST;
        break;

    case NGX_HTTP_GLINTO_METHOD:
        status = NGX_HTTP_NOT_ALLOWED;
        break;

    case NGX_HTTP_GLINTO_TOO_LARGE:
        status = NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
        break;

    case NGX_HTTP_GLINTO_BUSY:
        ngx_http_glinto_held_refused(gc->worker);
        return ngx_http_glinto_reply_busy(gc->request);

    default:
        status = NGX_HTTP_SERVICE_UNAVAILABLE;
        ngx_http_glinto_outage(gc->worker, reason, 1);
    }

    if (status != NGX_HTTP_SERVICE_UNAVAILABLE) {
        ngx_http_glinto_counts_add(gc->worker, reason);
    }

    return gc->hit->adapter->reply(gc->request, gc->hit, status);
}
