
/*
 * Copyright (C) Glinto contributors
 *
 * GoatCounter's count.js and its image, GET or POST, all in the query:
 *
 *   /count?p=PATH&t=TITLE&r=REFERRER&q=QUERY&s=WIDTH,HEIGHT,SCALE&b=BOT&e=1
 *
 * p is a path of the page's host, which is that of the Referer; with e it is
 * the name of an event on the page that the Referer is.  No site is named:
 * glinto_site says whose it is, else that host.
 *
 * Whatever was wrong, a page gets an image: X-Goatcounter says what.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_request.h"


static ngx_int_t ngx_http_glinto_goatcounter_parse(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);
static ngx_int_t ngx_http_glinto_goatcounter_why(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);
static ngx_uint_t ngx_http_glinto_goatcounter_ignored(
    const ngx_http_glinto_hit_t *hit);


static const ngx_table_elt_t  ngx_http_glinto_goatcounter_headers[] = {
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
    ngx_http_glinto_header("Cache-Control", "no-store"),
    ngx_http_glinto_header("Cross-Origin-Resource-Policy", "cross-origin"),
    ngx_http_glinto_header("X-Content-Type-Options", "nosniff"),
};


const ngx_http_glinto_adapter_t  ngx_http_glinto_goatcounter = {
    ngx_string("goatcounter"),
    NGX_HTTP_GET|NGX_HTTP_POST,
    ngx_http_glinto_header("Allow", "GET, POST"),
    ngx_http_glinto_goatcounter_parse,
    ngx_http_glinto_goatcounter_reply,
    NULL,
    NULL,
    NULL,
    0
};


static ngx_int_t
ngx_http_glinto_goatcounter_parse(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t        rc;
    struct gl_text   referer;

    ngx_memzero(&referer, sizeof(struct gl_text));

    if (r->headers_in.referer) {
        referer = ngx_http_glinto_text(&r->headers_in.referer->value);
    }

    rc = ngx_http_glinto_goatcounter_parse_args(hit->pool,
                                              ngx_http_glinto_text(&r->args),
                                              referer, hit);

    return rc == NGX_OK ? ngx_http_glinto_domain_check(r, hit) : rc;
}


static ngx_int_t
ngx_http_glinto_goatcounter_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status)
{
    if (status != NGX_HTTP_ACCEPTED && status != NGX_HTTP_BAD_REQUEST) {
        return ngx_http_glinto_reply_error(r, hit, status);
    }

    if (status == NGX_HTTP_ACCEPTED
        && !ngx_http_glinto_goatcounter_ignored(hit))
    {
        status = NGX_HTTP_OK;
    }

    if (ngx_http_glinto_reply_headers(r, ngx_http_glinto_goatcounter_headers,
                                      4)
        != NGX_OK
        || (status != NGX_HTTP_OK
            && ngx_http_glinto_goatcounter_why(r, hit, status) != NGX_OK))
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_reply_image(r, status);
}


/* "X-Goatcounter: ignored: unknown_site", "not valid: p is missing" */

static ngx_int_t
ngx_http_glinto_goatcounter_why(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status)
{
    u_char           *p;
    size_t            size;
    ngx_table_elt_t   header = ngx_http_glinto_header("X-Goatcounter", "");

    /* a field and a sentence of reply.c's lengths */

    enum { longest = 160 };

    size = sizeof("not valid: ") + longest;

    p = ngx_pnalloc(r->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    header.value.data = p;

    p = status == NGX_HTTP_BAD_REQUEST
        ? ngx_snprintf(p, size, "not valid: %s %s", hit->field, hit->message)
        : ngx_snprintf(p, size, "ignored: %V",
                       &ngx_http_glinto_reasons[hit->reason]);

    header.value.len = p - header.value.data;

    return ngx_http_glinto_reply_headers(r, &header, 1);
}


/* bots get the same answer as people, and nothing to learn from */

static ngx_uint_t
ngx_http_glinto_goatcounter_ignored(const ngx_http_glinto_hit_t *hit)
{
    switch (hit->reason) {
    case NGX_HTTP_GLINTO_TAKEN:
    case NGX_HTTP_GLINTO_PREFETCH:
    case NGX_HTTP_GLINTO_BOT_HEADERS:
        return 0;
    default:
        return 1;
    }
}
