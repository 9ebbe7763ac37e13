
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


static ngx_int_t ngx_http_glinto_collect_body(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);
static ngx_int_t ngx_http_glinto_collect_nothing(
    ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_collect_event(ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_collect_stranger(
    ngx_http_glinto_collect_t *gc, ngx_int_t rc);
static ngx_int_t ngx_http_glinto_collect_end(ngx_http_glinto_collect_t *gc,
    ngx_int_t rc, ngx_uint_t reason);
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
    gc.placed = 0;
    gc.sends.len = 0;
    gc.hit = ngx_http_glinto_hit(gc.worker, gc.glcf->adapter);

    ctx->answered = 1;

    ngx_http_glinto_clock(gc.worker);
    gc.worker->measured.requests++;

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
    ngx_uint_t               reason;
    ngx_http_glinto_hit_t   *hit;

    hit = gc->hit;
    reason = NGX_HTTP_GLINTO_TAKEN;

    if (hit->adapter->token) {
        rc = ngx_http_glinto_sender(gc);

        if (rc != NGX_OK) {
            return ngx_http_glinto_collect_stranger(gc, rc);
        }

        ngx_http_glinto_sender_hit(gc);
    }

    rc = hit->adapter->parse(gc->request, &gc->ctx->body, hit);

    gc->ctx->silent = hit->silent;

    if (rc == NGX_HTTP_BAD_REQUEST) {
        return ngx_http_glinto_collect_refuse(gc, NGX_HTTP_GLINTO_INVALID);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    if (hit->items) {
        rc = ngx_http_glinto_many(gc, &reason);

        return ngx_http_glinto_collect_end(gc, rc, reason);
    }

    if (ngx_http_glinto_route(gc) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (gc->ntaken == 0) {
        return hit->adapter->reply(gc->request, hit, NGX_HTTP_ACCEPTED);
    }

    rc = ngx_http_glinto_frames(gc, &reason);

    return ngx_http_glinto_collect_end(gc, rc, reason);
}


/* it may not send here: 401, 403 */

static ngx_int_t
ngx_http_glinto_collect_stranger(ngx_http_glinto_collect_t *gc, ngx_int_t rc)
{
    if (rc == NGX_HTTP_INTERNAL_SERVER_ERROR) {
        return rc;
    }

    gc->ctx->dropped++;
    ngx_http_glinto_counts_add(gc->worker, NGX_HTTP_GLINTO_NO_TOKEN);

    return gc->hit->adapter->reply(gc->request, gc->hit, rc);
}


static ngx_int_t
ngx_http_glinto_collect_end(ngx_http_glinto_collect_t *gc, ngx_int_t rc,
    ngx_uint_t reason)
{
    switch (rc) {

    case NGX_DONE:
        return NGX_DONE;

    case NGX_OK:
        return gc->hit->adapter->reply(gc->request, gc->hit,
                                       NGX_HTTP_ACCEPTED);

    case NGX_DECLINED:
        return ngx_http_glinto_collect_refuse(gc, reason);

    default:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
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
