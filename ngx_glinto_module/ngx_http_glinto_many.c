
/*
 * Copyright (C) Glinto contributors
 *
 * A request with several events, each on its own: what is wrong with one is
 * told of that one, and the others are stored.  Their frames are in one
 * append, so that they are in the spool before the reply, or none is.
 *
 * All that is held for them is the worker's buffer: what does not fit there is
 * refused, and told.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_worker.h"

#include "opaque.h"


static ngx_int_t ngx_http_glinto_many_all(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_json_t *items, ngx_uint_t n);
static ngx_int_t ngx_http_glinto_many_one(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_json_t *item);
static ngx_int_t ngx_http_glinto_many_frames(ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_many_refuse(ngx_http_glinto_collect_t *gc,
    ngx_uint_t reason);


/* the worker's hit, as parse() must find it */

ngx_http_glinto_hit_t *
ngx_http_glinto_hit(ngx_http_glinto_worker_t *gw,
    const ngx_http_glinto_adapter_t *adapter)
{
    ngx_http_glinto_hit_t  *hit;

    hit = &gw->hit;
    hit->pool = gw->scratch;

    /* texts of props are behind their number */

    ngx_memzero(&hit->event, gl_opaque(offsetof(struct gl_event, props)));
    hit->event.props_n = 0;
    hit->nsites = 0;
    hit->dropped = 0;
    hit->reason = NGX_HTTP_GLINTO_TAKEN;
    hit->person.len = 0;
    hit->sender = 0;
    ngx_memzero(&hit->seen, gl_opaque(sizeof(struct gl_headers)));
    hit->bot = 0;
    hit->unsupported = 0;
    hit->silent = 0;
    hit->items = NULL;
    hit->nitems = 0;
    ngx_str_null(&hit->answer);
    hit->field = NULL;
    hit->message = NULL;
    hit->adapter = adapter;

    return hit;
}


ngx_int_t
ngx_http_glinto_many(ngx_http_glinto_collect_t *gc, ngx_uint_t *reason)
{
    ngx_int_t                      rc;
    ngx_uint_t                     n;
    const ngx_http_glinto_json_t  *items;

    items = gc->hit->items;
    n = gc->hit->nitems;

    gc->room = (uint32_t) ngx_min(n * GL_FRAME_MAX,
                                  NGX_HTTP_GLINTO_BATCH_BYTES);
    gc->room = (uint32_t) ngx_min(gc->room, gc->worker->gmcf->segment
                                            - GL_SEGMENT_HEADER_BYTES);

    *reason = ngx_http_glinto_batch_reserve(gc->worker, gc->room);

    if (*reason != NGX_OK) {

        /* all of them are dropped */

        gc->ntaken = n;

        return NGX_DECLINED;
    }

    ngx_http_glinto_batch_begin(gc->worker, gc->ctx);

    gc->worker->framing = 1;

    rc = ngx_http_glinto_many_all(gc, items, n);

    gc->worker->framing = 0;

    if (rc != NGX_OK) {
        ngx_http_glinto_batch_undo(gc->worker, gc->ctx);

        return NGX_ERROR;
    }

    if (gc->ctx->frames == 0) {
        gc->hit->dropped = gc->ctx->dropped;
        gc->hit->answer = gc->ctx->answer;
        gc->hit->silent = gc->ctx->silent;

        return NGX_OK;
    }

    ngx_http_glinto_batch_wait(gc->worker, gc->ctx);

    return NGX_DONE;
}


static ngx_int_t
ngx_http_glinto_many_all(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_json_t *items, ngx_uint_t n)
{
    ngx_uint_t                        i;
    ngx_array_t                       wrong;
    ngx_http_glinto_wrong_t          *w;
    const ngx_http_glinto_adapter_t  *adapter;

    adapter = gc->hit->adapter;

    if (ngx_array_init(&wrong, gc->request->pool, 4,
                       sizeof(ngx_http_glinto_wrong_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {

        gc->ntaken = 0;
        gc->placed = 0;
        gc->hit = ngx_http_glinto_hit(gc->worker, adapter);
        ngx_http_glinto_sender_hit(gc);

        if (ngx_http_glinto_many_one(gc, &items[i]) != NGX_OK) {
            return NGX_ERROR;
        }

        if (gc->hit->message == NULL) {
            continue;
        }

        w = ngx_array_push(&wrong);
        if (w == NULL) {
            return NGX_ERROR;
        }

        w->item = i;
        w->field = gc->hit->field;
        w->message = gc->hit->message;
    }

    return adapter->answer(gc->request, n, &wrong, &gc->ctx->answer);
}


/* with hit->message when it was refused for its own fault */

static ngx_int_t
ngx_http_glinto_many_one(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_json_t *item)
{
    ngx_int_t               rc;
    ngx_http_glinto_hit_t  *hit;

    hit = gc->hit;

    rc = hit->adapter->item(gc->request, item, hit);

    if (rc == NGX_HTTP_BAD_REQUEST) {
        return ngx_http_glinto_many_refuse(gc, NGX_HTTP_GLINTO_INVALID);
    }

    hit->field = NULL;
    hit->message = NULL;

    if (rc != NGX_OK || ngx_http_glinto_route(gc) != NGX_OK) {
        return NGX_ERROR;
    }

    if (hit->reason == NGX_HTTP_GLINTO_UNKNOWN_SITE) {
        hit->field = "site";
        hit->message = "is not known";
    }

    return gc->ntaken ? ngx_http_glinto_many_frames(gc) : NGX_OK;
}


static ngx_int_t
ngx_http_glinto_many_frames(ngx_http_glinto_collect_t *gc)
{
    uint32_t           used;
    ngx_int_t          rc;
    ngx_uint_t         frames;
    struct gl_writer  *w;

    w = &gc->worker->writer;
    used = w->pending_bytes;
    frames = gc->ctx->frames;

    rc = used - gc->ctx->begin + gc->ntaken * GL_FRAME_MAX > gc->room
         ? NGX_DECLINED : ngx_http_glinto_frames_event(gc);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    gl_writer_take_back(w, used, (uint32_t) (gc->ctx->frames - frames));
    gc->ctx->frames = frames;

    gc->hit->field = "request";
    gc->hit->message = "has no room for it beside the others";

    return ngx_http_glinto_many_refuse(gc, NGX_HTTP_GLINTO_TOO_LARGE);
}


static ngx_int_t
ngx_http_glinto_many_refuse(ngx_http_glinto_collect_t *gc, ngx_uint_t reason)
{
    gc->ctx->dropped++;

    ngx_http_glinto_counts_add(gc->worker, reason);

    return NGX_OK;
}
