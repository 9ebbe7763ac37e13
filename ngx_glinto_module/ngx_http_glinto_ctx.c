
/*
 * Copyright (C) Glinto contributors
 *
 * A tracking request from its location to its end.  Between the two nginx may
 * answer in our place: by its rules of access, its limits, an error page, or
 * because the client went away.  Such an event is not in the spool either: it
 * is counted, with the reason that the status tells.
 *
 * The mark that a request was ours must outlive an internal redirect to an
 * error page, which takes configuration and contexts with it: cleanups stay.
 */


#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"

#include "apart.h"


static GL_APART ngx_http_glinto_ctx_t *ngx_http_glinto_ctx_create(
    ngx_http_request_t *r);
static void ngx_http_glinto_ctx_end(void *data);
static ngx_uint_t ngx_http_glinto_ctx_reason(const ngx_http_request_t *r);


/* what has another method is no event, whoever answers it */

void
ngx_http_glinto_ctx_begin(ngx_http_request_t *r)
{
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    if (glcf->adapter && (r->method & glcf->adapter->methods)) {

        /* without memory the location's handler tries again, and says so */

        (void) ngx_http_glinto_ctx(r);
    }
}


ngx_http_glinto_ctx_t *
ngx_http_glinto_ctx(ngx_http_request_t *r)
{
    ngx_http_glinto_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_glinto_module);

    return ctx ? ctx : ngx_http_glinto_ctx_create(r);
}


static GL_APART ngx_http_glinto_ctx_t *
ngx_http_glinto_ctx_create(ngx_http_request_t *r)
{
    ngx_http_cleanup_t           *cln;
    ngx_http_glinto_ctx_t        *ctx;
    ngx_http_glinto_worker_t     *gw;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);

    gw = ngx_http_glinto_worker_get(gmcf);
    if (gw == NULL) {
        return NULL;
    }

    cln = ngx_http_cleanup_add(r, sizeof(ngx_http_glinto_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_glinto_ctx_t));

    ctx->request = r;
    ctx->worker = gw;

    cln->handler = ngx_http_glinto_ctx_end;

    ngx_http_set_ctx(r, ctx, ngx_http_glinto_module);

    return ctx;
}


static void
ngx_http_glinto_ctx_end(void *data)
{
    ngx_http_glinto_ctx_t *ctx = data;

    ngx_uint_t  reason;

    ngx_http_glinto_held_end(ctx);

    if (ctx->answered) {
        return;
    }

    reason = ngx_http_glinto_ctx_reason(ctx->request);

    if (reason != NGX_HTTP_GLINTO_TAKEN) {
        ctx->dropped = 1;
        ctx->worker->measured.requests++;

        ngx_http_glinto_counts_add(ctx->worker, reason);
    }
}


/* TAKEN: it was led elsewhere, to a page, say, and is none of ours */

static ngx_uint_t
ngx_http_glinto_ctx_reason(const ngx_http_request_t *r)
{
    ngx_uint_t  status;

    status = r->err_status ? r->err_status : r->headers_out.status;

    switch (status) {

    case NGX_HTTP_TOO_MANY_REQUESTS:
    case NGX_HTTP_SERVICE_UNAVAILABLE:
        return NGX_HTTP_GLINTO_LIMITED;

    case NGX_HTTP_REQUEST_TIME_OUT:
        return NGX_HTTP_GLINTO_TOO_SLOW;

    case 0:
    case NGX_HTTP_CLIENT_CLOSED_REQUEST:
        return NGX_HTTP_GLINTO_ABORTED;

    case NGX_HTTP_BAD_REQUEST:
        return r->connection->error ? NGX_HTTP_GLINTO_ABORTED
                                    : NGX_HTTP_GLINTO_REFUSED;

    default:

        /* an error page may have another status */

        return status >= NGX_HTTP_BAD_REQUEST || r->error_page
               ? NGX_HTTP_GLINTO_REFUSED : NGX_HTTP_GLINTO_TAKEN;
    }
}
