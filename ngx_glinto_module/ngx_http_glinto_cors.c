
/*
 * Copyright (C) Glinto contributors
 *
 * What pages of other origins may read of our answers is said once.  A header
 * that is there twice is none for a browser, and "add_header" adds to what we
 * say: this filter comes after it and keeps the first of each name, ours.  An
 * error that nginx or another module answers is readable, too, so that a page
 * learns why its event was refused.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"

#include "apart.h"


/* origin, methods, headers, age, expose, credentials; resource policy */

#define NGX_HTTP_GLINTO_CORS_MAX  8


static ngx_int_t ngx_http_glinto_cors_filter(ngx_http_request_t *r);
static ngx_uint_t ngx_http_glinto_cors_alike(ngx_http_request_t *r);
static GL_APART ngx_int_t ngx_http_glinto_cors_say(ngx_http_request_t *r);
static ngx_uint_t ngx_http_glinto_cors_once(ngx_http_request_t *r);
static ngx_uint_t ngx_http_glinto_cors_among(ngx_table_elt_t **kept,
    ngx_uint_t n, const ngx_table_elt_t *h);
static ngx_uint_t ngx_http_glinto_cors_same(const ngx_table_elt_t *a,
    const ngx_table_elt_t *b);
static ngx_uint_t ngx_http_glinto_cors_is(const ngx_str_t *name);


static const ngx_table_elt_t  ngx_http_glinto_cors_origin =
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*");

static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;


void
ngx_http_glinto_cors_init(void)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_glinto_cors_filter;
}


static ngx_int_t
ngx_http_glinto_cors_filter(ngx_http_request_t *r)
{
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    if (glcf->door == NGX_HTTP_GLINTO_OPEN_DOOR
        && (r->headers_out.status >= NGX_HTTP_BAD_REQUEST
            || ngx_http_glinto_cors_alike(r)))
    {
        return ngx_http_glinto_cors_say(r);
    }

    return ngx_http_next_header_filter(r);
}


/* an error, or perhaps a name that is there twice */

static GL_APART ngx_int_t
ngx_http_glinto_cors_say(ngx_http_request_t *r)
{
    if (!ngx_http_glinto_cors_once(r)
        && r->headers_out.status >= NGX_HTTP_BAD_REQUEST
        && ngx_http_glinto_reply_headers(r, &ngx_http_glinto_cors_origin, 1)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_next_header_filter(r);
}


/* whether two names are of one length: hardly ever, and quickly seen */

static ngx_uint_t
ngx_http_glinto_cors_alike(ngx_http_request_t *r)
{
    uint64_t          seen, bit;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last;

    seen = 0;

    for (part = &r->headers_out.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {
            bit = (uint64_t) 1 << (h->key.len & 63);

            if (seen & bit) {
                return 1;
            }

            seen |= bit;
        }
    }

    return 0;
}


/* whether there is one that names the origins */

static ngx_uint_t
ngx_http_glinto_cors_once(ngx_http_request_t *r)
{
    ngx_uint_t        n, origin;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last, *kept[NGX_HTTP_GLINTO_CORS_MAX];

    n = 0;
    origin = 0;

    for (part = &r->headers_out.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {

            if (h->hash == 0 || !ngx_http_glinto_cors_is(&h->key)) {
                continue;
            }

            if (ngx_http_glinto_cors_among(kept, n, h)) {
                h->hash = 0;
                continue;
            }

            if (n < NGX_HTTP_GLINTO_CORS_MAX) {
                kept[n++] = h;
            }

            origin |= ngx_http_glinto_cors_same(h,
                                                &ngx_http_glinto_cors_origin);
        }
    }

    return origin;
}


static ngx_uint_t
ngx_http_glinto_cors_among(ngx_table_elt_t **kept, ngx_uint_t n,
    const ngx_table_elt_t *h)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        if (ngx_http_glinto_cors_same(kept[i], h)) {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_glinto_cors_same(const ngx_table_elt_t *a, const ngx_table_elt_t *b)
{
    return a->key.len == b->key.len
           && ngx_strncasecmp(a->key.data, b->key.data, a->key.len) == 0;
}


static ngx_uint_t
ngx_http_glinto_cors_is(const ngx_str_t *name)
{
    static const ngx_str_t  access = ngx_string("Access-Control-");
    static const ngx_str_t  policy = ngx_string("Cross-Origin-Resource-");

    return (name->len > access.len
            && ngx_strncasecmp(name->data, access.data, access.len) == 0)
           || (name->len > policy.len
               && ngx_strncasecmp(name->data, policy.data, policy.len) == 0);
}
