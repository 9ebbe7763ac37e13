
/*
 * Copyright (C) Glinto contributors
 *
 * The pixel: a page view by an image, for pages without a script.
 *
 *   GET /g.gif?d=SITE&u=URL&r=REFERRER&t=TITLE
 *
 * All of them may be left out.  Without u the Referer header is the page; with
 * neither the view counts for path "/" of host "(none)", as long as d or
 * glinto_site says whose it is: a view is never lost for want of a header that
 * privacy settings remove.
 *
 * This is the hottest path of the module: static bytes, nothing is allocated
 * unless an argument has to be decoded.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_request.h"


static ngx_int_t ngx_http_glinto_pixel_parse(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_pixel_read(ngx_pool_t *pool,
    struct gl_text args, struct gl_event *event, struct gl_text *sites,
    struct gl_text *page);
static ngx_int_t ngx_http_glinto_pixel_keep(ngx_pool_t *pool,
    struct gl_event *event);
static ngx_int_t ngx_http_glinto_pixel_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);


static const ngx_table_elt_t  ngx_http_glinto_pixel_headers[] = {
    ngx_http_glinto_header("Cache-Control", "no-store"),
    ngx_http_glinto_header("Cross-Origin-Resource-Policy", "cross-origin"),
    ngx_http_glinto_header("X-Content-Type-Options", "nosniff"),
};


const ngx_http_glinto_adapter_t  ngx_http_glinto_pixel = {
    ngx_string("pixel"),
    NGX_HTTP_GET|NGX_HTTP_HEAD,
    ngx_http_glinto_header("Allow", "GET, HEAD"),
    ngx_http_glinto_pixel_parse,
    ngx_http_glinto_pixel_reply,
    NULL,
    NULL,
    NULL,
    0
};


static ngx_int_t
ngx_http_glinto_pixel_parse(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t        rc;
    struct gl_text   referer;

    ngx_memzero(&referer, sizeof(struct gl_text));

    if (r->headers_in.referer) {
        referer = ngx_http_glinto_text(&r->headers_in.referer->value);
    }

    rc = ngx_http_glinto_pixel_parse_args(hit->pool,
                                          ngx_http_glinto_text(&r->args),
                                          referer, hit);

    return rc == NGX_OK ? ngx_http_glinto_domain_check(r, hit) : rc;
}


static ngx_int_t
ngx_http_glinto_pixel_read(ngx_pool_t *pool, struct gl_text args,
    struct gl_event *event, struct gl_text *sites, struct gl_text *page)
{
    struct gl_text   key, value, *text;

    while (gl_text_pair(&args, &key, &value)) {

        if (key.len != 1) {
            continue;
        }

        switch (key.data[0]) {
        case 'd':
            text = sites;
            break;
        case 'u':
            text = page;
            break;
        case 'r':
            text = &event->referrer;
            break;
        case 't':
            text = &event->title;
            break;
        default:
            continue;
        }

        if (gl_text_decode(ngx_http_glinto_memory(pool), value,
                           GL_CODED_QUERY, text)
            != 0)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_pixel_keep(ngx_pool_t *pool, struct gl_event *event)
{
    event->title = gl_value_kept(event->title, GL_LONGEST_title);

    return gl_page_referrer(ngx_http_glinto_memory(pool), event->referrer,
                            &event->referrer)
           == 0 ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_http_glinto_pixel_parse_args(ngx_pool_t *pool, struct gl_text args,
    struct gl_text referer, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t       rc;
    struct gl_text  sites, page;

    ngx_memzero(&sites, sizeof(struct gl_text));
    ngx_memzero(&page, sizeof(struct gl_text));

    hit->event.schema = GL_EVENT_SCHEMA;
    hit->event.kind = GL_PAGEVIEW;

    rc = ngx_http_glinto_pixel_read(pool, args, &hit->event, &sites, &page);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_pixel_keep(pool, &hit->event);
    }

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_page(pool, page.len ? page : referer, 0, hit);
    }

    if (rc == NGX_OK && sites.len) {
        rc = ngx_http_glinto_domain_list(pool, sites, hit);
    }

    return ngx_http_glinto_hit_status(rc);
}


static ngx_int_t
ngx_http_glinto_pixel_reply(ngx_http_request_t *r, ngx_http_glinto_hit_t *hit,
    ngx_uint_t status)
{
    if (status != NGX_HTTP_ACCEPTED) {
        return ngx_http_glinto_reply_error(r, hit, status);
    }

    if (ngx_http_glinto_reply_headers(r, ngx_http_glinto_pixel_headers, 3)
        != NGX_OK
        || ngx_http_glinto_reply_dropped(r, hit->dropped) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_reply_image(r, NGX_HTTP_OK);
}
