
/*
 * Copyright (C) Glinto contributors
 *
 * Replies of a few static bytes.  Headers go into the list that nginx has
 * allocated with the request, bodies are static: a reply allocates nothing
 * but one buffer.
 */


#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_reply.h"

#include "apart.h"


/* the longest sentence has 80 bytes */

#define NGX_HTTP_GLINTO_REPLY_ERROR_MAX  256


static GL_APART ngx_int_t ngx_http_glinto_reply_count(ngx_http_request_t *r,
    ngx_uint_t n);
static const char *ngx_http_glinto_reply_sentence(
    const ngx_http_glinto_hit_t *hit, ngx_uint_t status);


/* the smallest transparent GIF89a: 1 x 1 pixel, two colours */

static u_char  ngx_http_glinto_reply_gif[] =
    "GIF89a" "\1\0\1\0\200\0\0" "\0\0\0\377\377\377"
    "!\371\4\1\0\0\0\0" ",\0\0\0\0\1\0\1\0\0" "\2\2D\1\0" ";";

static const ngx_str_t  ngx_http_glinto_reply_image_body = {
    sizeof(ngx_http_glinto_reply_gif) - 1,
    ngx_http_glinto_reply_gif
};

static const ngx_str_t  ngx_http_glinto_reply_image_type =
    ngx_string("image/gif");

static const ngx_str_t  ngx_http_glinto_reply_json =
    ngx_string("application/json; charset=utf-8");

static const ngx_table_elt_t  ngx_http_glinto_reply_error_headers[] = {
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
    ngx_http_glinto_header("Cache-Control", "no-store"),

    /* the spool is full or gone: a second is enough for either to pass */
    ngx_http_glinto_header("Retry-After", "1"),
};


static const ngx_table_elt_t  ngx_http_glinto_reply_no_store =
    ngx_http_glinto_header("Cache-Control", "no-store");

static const ngx_table_elt_t  ngx_http_glinto_reply_bearer =
    ngx_http_glinto_header("WWW-Authenticate", "Bearer");


/*
 * As permissive as the service that clients were written for: anybody may send
 * events, and some add headers of their own, as libraries do that trace what a
 * page asks for.  "*" is all but Authorization; browsers that know it not read
 * the list.  A browser asks again after 20 days at the latest.
 */

static const ngx_table_elt_t  ngx_http_glinto_reply_cors[] = {
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
    ngx_http_glinto_header("Access-Control-Allow-Methods",
                           "GET,POST,PUT,PATCH,DELETE,OPTIONS"),
    ngx_http_glinto_header("Access-Control-Allow-Headers",
                           "Authorization,Content-Type,Accept,Origin,"
                           "User-Agent,DNT,Cache-Control,X-Mx-ReqToken,"
                           "Keep-Alive,X-Requested-With,If-Modified-Since,"
                           "X-CSRF-Token,traceparent,tracestate,baggage,"
                           "sentry-trace,b3,X-Umami-Cache,*"),
    ngx_http_glinto_header("Access-Control-Max-Age", "1728000"),
};


ngx_int_t
ngx_http_glinto_reply_headers(ngx_http_request_t *r,
    const ngx_table_elt_t *headers, ngx_uint_t n)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    part = r->headers_out.headers.last;

    /* nginx allocates a part of 20: that all have room there is the rule */

    if (part->nelts + n <= r->headers_out.headers.nalloc) {
        h = part->elts;

        ngx_memcpy(&h[part->nelts], headers, n * sizeof(ngx_table_elt_t));
        part->nelts += n;

        return NGX_OK;
    }

    for (i = 0; i < n; i++) {
        h = ngx_list_push(&r->headers_out.headers);
        if (h == NULL) {
            return NGX_ERROR;
        }

        *h = headers[i];
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_glinto_reply_send(ngx_http_request_t *r, ngx_uint_t status,
    const ngx_str_t *type, const ngx_str_t *body)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    r->headers_out.status = status;
    r->headers_out.content_length_n = body->len;
    r->headers_out.content_type = *type;
    r->headers_out.content_type_len = type->len;
    r->headers_out.content_type_lowcase = NULL;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = body->data;
    b->last = body->data + body->len;
    b->memory = body->len ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_http_glinto_reply_image(ngx_http_request_t *r, ngx_uint_t status)
{
    return ngx_http_glinto_reply_send(r, status,
                                      &ngx_http_glinto_reply_image_type,
                                      &ngx_http_glinto_reply_image_body);
}


ngx_int_t
ngx_http_glinto_reply_dropped(ngx_http_request_t *r, ngx_uint_t n)
{
    return n ? ngx_http_glinto_reply_count(r, n) : NGX_OK;
}


static GL_APART ngx_int_t
ngx_http_glinto_reply_count(ngx_http_request_t *r, ngx_uint_t n)
{
    u_char           *p;
    ngx_table_elt_t   header = ngx_http_glinto_header("x-plausible-dropped",
                                                      "");

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    header.value.data = p;
    header.value.len = ngx_sprintf(p, "%ui", n) - p;

    return ngx_http_glinto_reply_headers(r, &header, 1);
}


ngx_int_t
ngx_http_glinto_reply_answer(ngx_http_request_t *r,
    const ngx_http_glinto_hit_t *hit, ngx_uint_t status)
{
    if (ngx_http_glinto_reply_headers(r, &ngx_http_glinto_reply_no_store, 1)
        != NGX_OK
        || ngx_http_glinto_reply_dropped(r, hit->dropped) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_reply_send(r, status, &ngx_http_glinto_reply_json,
                                      &hit->answer);
}


static ngx_int_t
ngx_http_glinto_reply_errors(ngx_pool_t *pool, const char *field,
    const char *message, ngx_str_t *body)
{
    ngx_http_glinto_json_writer_t  jw;

    if (ngx_http_glinto_json_begin(&jw, pool, NGX_HTTP_GLINTO_REPLY_ERROR_MAX)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) yajl_gen_map_open(jw.gen);
    ngx_http_glinto_json_put_key(&jw, "errors");
    (void) yajl_gen_map_open(jw.gen);
    ngx_http_glinto_json_put_key(&jw, field);
    (void) yajl_gen_array_open(jw.gen);
    ngx_http_glinto_json_put_text(&jw, message, ngx_strlen(message));
    (void) yajl_gen_array_close(jw.gen);
    (void) yajl_gen_map_close(jw.gen);
    (void) yajl_gen_map_close(jw.gen);

    return ngx_http_glinto_json_finish(&jw, body);
}


ngx_int_t
ngx_http_glinto_reply_error(ngx_http_request_t *r,
    const ngx_http_glinto_hit_t *hit, ngx_uint_t status)
{
    ngx_str_t    body;
    ngx_uint_t   n;
    const char  *field, *message;

    field = (status == NGX_HTTP_BAD_REQUEST || status == NGX_HTTP_FORBIDDEN)
            ? hit->field : "request";
    message = ngx_http_glinto_reply_sentence(hit, status);

    if (ngx_http_glinto_reply_errors(r->pool, field, message, &body)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    n = sizeof(ngx_http_glinto_reply_error_headers) / sizeof(ngx_table_elt_t);

    if (status != NGX_HTTP_SERVICE_UNAVAILABLE) {
        n--;
    }

    if (ngx_http_glinto_reply_headers(r, ngx_http_glinto_reply_error_headers,
                                      n)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (status == NGX_HTTP_UNAUTHORIZED
        && ngx_http_glinto_reply_headers(r, &ngx_http_glinto_reply_bearer, 1)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (status == NGX_HTTP_NOT_ALLOWED
        && ngx_http_glinto_reply_headers(r, &hit->adapter->allow, 1) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_reply_send(r, status, &ngx_http_glinto_reply_json,
                                      &body);
}


static const char *
ngx_http_glinto_reply_sentence(const ngx_http_glinto_hit_t *hit,
    ngx_uint_t status)
{
    switch (status) {

    case NGX_HTTP_BAD_REQUEST:
    case NGX_HTTP_UNAUTHORIZED:
    case NGX_HTTP_FORBIDDEN:
        return hit->message;

    case NGX_HTTP_NOT_ALLOWED:
        return "has a method that is not taken here";

    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
        return "is larger than glinto_max_body";

    default:
        return "could not be stored, try again";
    }
}


/* without a body: over HTTP/2 that is one write instead of two */

ngx_int_t
ngx_http_glinto_reply_busy(ngx_http_request_t *r)
{
    ngx_uint_t  n;

    n = sizeof(ngx_http_glinto_reply_error_headers) / sizeof(ngx_table_elt_t);

    if (ngx_http_glinto_reply_headers(r, ngx_http_glinto_reply_error_headers,
                                      n)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->headers_out.status = NGX_HTTP_SERVICE_UNAVAILABLE;
    r->headers_out.content_length_n = 0;
    r->header_only = 1;

    return ngx_http_send_header(r);
}


ngx_int_t
ngx_http_glinto_reply_preflight(ngx_http_request_t *r)
{
    if (ngx_http_glinto_reply_headers(r, ngx_http_glinto_reply_cors, 4)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->headers_out.status = NGX_HTTP_NO_CONTENT;
    r->header_only = 1;

    return ngx_http_send_header(r);
}
