
/*
 * Copyright (C) Glinto contributors
 *
 * The body of a tracking request, whole and in one piece, whatever the buffers
 * it comes in: read ahead with the headers, in parts, chunked, HTTP/2 frames.
 *
 * Never a temporary file.  A body whose length is announced fits the buffer
 * that nginx allocates for it (the merge of glinto_max_body sees to that).
 * All others are read unbuffered: each part is taken out of nginx's buffer
 * before the next one is read, so that nothing is there to be written.
 */


#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_module.h"


static ngx_uint_t ngx_http_glinto_body_too_large(ngx_http_request_t *r,
    size_t max);
static ngx_int_t ngx_http_glinto_body_busy(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);
static ngx_int_t ngx_http_glinto_body_unread(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx, ngx_int_t rc);
static size_t ngx_http_glinto_body_cost(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);
static void ngx_http_glinto_body_handler(ngx_http_request_t *r);
static void ngx_http_glinto_body_read_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_glinto_body_take(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);
static ngx_uint_t ngx_http_glinto_body_in_one_piece(ngx_chain_t *cl,
    ngx_str_t *whole);
static ngx_int_t ngx_http_glinto_body_add(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx, ngx_buf_t *b, size_t max);


ngx_int_t
ngx_http_glinto_body_read(ngx_http_request_t *r, ngx_http_glinto_ctx_t *ctx)
{
    ngx_int_t                    rc;
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    if (ngx_http_glinto_body_too_large(r, glcf->max_body)) {
        return ngx_http_glinto_body_unread(r, ctx,
                                           NGX_HTTP_REQUEST_ENTITY_TOO_LARGE);
    }

    /* chunks change content_length_n while they are read */

    ctx->body_size = r->headers_in.content_length_n < 0
                     ? glcf->max_body
                     : (size_t) r->headers_in.content_length_n;

    if (ngx_http_glinto_held_add(ctx, ngx_http_glinto_body_cost(r, ctx))
        != NGX_OK)
    {
        return ngx_http_glinto_body_busy(r, ctx);
    }

    ctx->read = (r->request_body == NULL);

    /* the operator may ask for files in this location: not here */

    r->request_body_in_file_only = 0;
    r->request_body_in_persistent_file = 0;
    r->request_body_in_clean_file = 0;

    r->request_body_in_single_buf = 1;
    r->request_body_no_buffering = (r->headers_in.content_length_n < 0);

    ngx_http_glinto_held_sending(ctx);

    rc = ngx_http_read_client_request_body(r, ngx_http_glinto_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        ngx_http_glinto_held_sent(ctx);

        return ngx_http_glinto_body_unread(r, ctx, rc);
    }

    return NGX_DONE;
}


/*
 * What nginx throws away as it comes takes no memory, and a new connection
 * would cost more.
 */

static ngx_int_t
ngx_http_glinto_body_busy(ngx_http_request_t *r, ngx_http_glinto_ctx_t *ctx)
{
    ngx_int_t  rc;

    r->expect_tested = 1;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    ctx->status = NGX_HTTP_SERVICE_UNAVAILABLE;

    return ctx->done(r, ctx);
}


/*
 * Too large, or not what HTTP calls a body: it stays unread, and the
 * connection cannot go on behind it.  Other codes are nginx's to answer.
 */

static ngx_int_t
ngx_http_glinto_body_unread(ngx_http_request_t *r, ngx_http_glinto_ctx_t *ctx,
    ngx_int_t rc)
{
    if ((rc != NGX_HTTP_REQUEST_ENTITY_TOO_LARGE && rc != NGX_HTTP_BAD_REQUEST)
        || r->connection->error)
    {
        return rc;
    }

    r->keepalive = 0;
    r->lingering_close = 1;
    ctx->status = rc;

    return ctx->done(r, ctx);
}


/*
 * Bytes that its body takes: nginx's buffer, and ours when there is no length
 * to know before that one buffer is enough.
 */

static size_t
ngx_http_glinto_body_cost(ngx_http_request_t *r, ngx_http_glinto_ctx_t *ctx)
{
    ngx_http_core_loc_conf_t  *clcf;

    if (r->headers_in.content_length_n >= 0) {
        return ctx->body_size;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    return ctx->body_size + clcf->client_body_buffer_size;
}


static ngx_uint_t
ngx_http_glinto_body_too_large(ngx_http_request_t *r, size_t max)
{
    if (r->headers_in.content_length_n > (off_t) max) {
        return 1;
    }

#if (NGX_HTTP_V2)

    /* frames read ahead are buffered, whatever we ask for */

    if (r->stream
        && r->stream->preread
        && r->stream->preread->last - r->stream->preread->pos > (ssize_t) max)
    {
        return 1;
    }

#endif

    return 0;
}


static void
ngx_http_glinto_body_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_http_glinto_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_glinto_module);

    if (ctx->given_up) {

        /* its answer is due, whatever comes behind it */

        return;
    }

    for ( ;; ) {

        rc = ngx_http_glinto_body_take(r, ctx);

        if (rc != NGX_OK) {
            ctx->status = rc;
            break;
        }

        if (!r->reading_body) {
            break;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            ngx_http_glinto_held_sent(ctx);

            rc = ngx_http_glinto_body_unread(r, ctx, rc);

            ngx_http_finalize_request(r, rc);
            return;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            r->read_event_handler = ngx_http_glinto_body_read_handler;
            return;
        }
    }

    r->read_event_handler = ngx_http_block_reading;

    ngx_http_glinto_held_sent(ctx);
    ngx_http_glinto_turn_body(ctx);
}


static void
ngx_http_glinto_body_read_handler(ngx_http_request_t *r)
{
    ngx_http_glinto_body_handler(r);
}


/* move what nginx has read to the end of ctx->body */

static ngx_int_t
ngx_http_glinto_body_take(ngx_http_request_t *r, ngx_http_glinto_ctx_t *ctx)
{
    ngx_int_t                    rc;
    ngx_str_t                    whole;
    ngx_chain_t                 *cl;
    ngx_http_glinto_loc_conf_t  *glcf;

    if (r->request_body == NULL || r->request_body->bufs == NULL) {
        return NGX_OK;
    }

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    if (!r->reading_body && ctx->body.len == 0
        && ngx_http_glinto_body_in_one_piece(r->request_body->bufs, &whole))
    {
        if (whole.len > glcf->max_body) {
            return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
        }

        ctx->body = whole;

        return NGX_OK;
    }

    for (cl = r->request_body->bufs; cl; cl = cl->next) {

        rc = ngx_http_glinto_body_add(r, ctx, cl->buf, glcf->max_body);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    if (r->reading_body) {
        r->request_body->bufs = NULL;

    } else if (ctx->read) {
        ngx_http_glinto_held_free(r);
    }

    return NGX_OK;
}


/* HTTP/2 frames and parts of a body lie side by side in nginx's buffer */

static ngx_uint_t
ngx_http_glinto_body_in_one_piece(ngx_chain_t *cl, ngx_str_t *whole)
{
    ngx_buf_t  *b;

    ngx_str_null(whole);

    for ( /* void */ ; cl; cl = cl->next) {
        b = cl->buf;

        if (b->in_file) {
            return 0;
        }

        if (b->last == b->pos) {
            continue;
        }

        if (whole->len == 0) {
            whole->data = b->pos;

        } else if (whole->data + whole->len != b->pos) {
            return 0;
        }

        whole->len += b->last - b->pos;
    }

    return 1;
}


static ngx_int_t
ngx_http_glinto_body_add(ngx_http_request_t *r, ngx_http_glinto_ctx_t *ctx,
    ngx_buf_t *b, size_t max)
{
    size_t  len;

    if (b->in_file) {

        /* another module has read this body, and it was too long for it */

        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }

    len = b->last - b->pos;

    if (len == 0) {

        /* the last buffer may be a mark only, without memory */

        return NGX_OK;
    }

    if (len > max - ctx->body.len) {
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }

    if (ctx->body.data == NULL) {
        ctx->body.data = ngx_pnalloc(r->pool, ctx->body_size + 1);
        if (ctx->body.data == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ctx->copied = 1;
    }

    if (len > ctx->body_size - ctx->body.len) {
        return NGX_HTTP_BAD_REQUEST;
    }

    ngx_memcpy(ctx->body.data + ctx->body.len, b->pos, len);
    ctx->body.len += len;

    if (r->reading_body) {
        b->pos = b->last;
    }

    return NGX_OK;
}
