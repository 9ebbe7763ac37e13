
/*
 * Copyright (C) Glinto contributors
 *
 * Plausible's event API as an adapter: POST /api/event with a JSON body of any
 * content type, or a form.  What the body means is told in
 * ngx_http_glinto_plausible_body.c; this file is its HTTP.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"


static ngx_int_t ngx_http_glinto_plausible_parse(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_glinto_hit_t *hit);
static ngx_uint_t ngx_http_glinto_plausible_is_form(ngx_http_request_t *r,
    const ngx_str_t *body);
static ngx_int_t ngx_http_glinto_plausible_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);


static u_char  ngx_http_glinto_plausible_ok[] = "ok";

static const ngx_str_t  ngx_http_glinto_plausible_body = {
    sizeof(ngx_http_glinto_plausible_ok) - 1,
    ngx_http_glinto_plausible_ok
};

static const ngx_str_t  ngx_http_glinto_plausible_type =
    ngx_string("text/plain; charset=utf-8");

static const ngx_table_elt_t  ngx_http_glinto_plausible_headers[] = {
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
    ngx_http_glinto_header("Cache-Control", "no-store"),
};


const ngx_http_glinto_adapter_t  ngx_http_glinto_plausible = {
    ngx_string("plausible"),
    NGX_HTTP_POST,
    ngx_http_glinto_header("Allow", "POST, OPTIONS"),
    ngx_http_glinto_plausible_parse,
    ngx_http_glinto_plausible_reply,
    ngx_http_glinto_reply_preflight,
    NULL,
    NULL,
    0
};


static ngx_int_t
ngx_http_glinto_plausible_parse(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t   rc;
    ngx_uint_t  form;

    form = ngx_http_glinto_plausible_is_form(r, body);

    rc = ngx_http_glinto_plausible_parse_body(hit->pool, body, form, hit);

    return rc == NGX_OK ? ngx_http_glinto_domain_check(r, hit) : rc;
}


/*
 * Only what says that it is a form is one.  Some clients say so by default
 * and send JSON: no key of ours begins with a brace, whatever white space or
 * byte order mark is before it.
 */

static ngx_uint_t
ngx_http_glinto_plausible_is_form(ngx_http_request_t *r, const ngx_str_t *body)
{
    size_t            i;
    ngx_table_elt_t  *h;

    static ngx_str_t  form = ngx_string("application/x-www-form-urlencoded");

    h = r->headers_in.content_type;

    if (h == NULL
        || h->value.len < form.len
        || ngx_strncasecmp(h->value.data, form.data, form.len) != 0)
    {
        return 0;
    }

    i = (body->len >= 3 && ngx_memcmp(body->data, "\xef\xbb\xbf", 3) == 0)
        ? 3 : 0;

    while (i < body->len && ngx_strchr(" \t\r\n", body->data[i])) {
        i++;
    }

    return i == body->len || body->data[i] != '{';
}


static ngx_int_t
ngx_http_glinto_plausible_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status)
{
    if (status != NGX_HTTP_ACCEPTED) {
        return ngx_http_glinto_reply_error(r, hit, status);
    }

    if (ngx_http_glinto_reply_headers(r, ngx_http_glinto_plausible_headers, 2)
        != NGX_OK
        || ngx_http_glinto_reply_dropped(r, hit->dropped) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_reply_send(r, status,
                                      &ngx_http_glinto_plausible_type,
                                      &ngx_http_glinto_plausible_body);
}
