
/*
 * Copyright (C) Glinto contributors
 *
 * What the adapters share beside JSON and replies, and their parsers without a
 * request, for tests and fuzzers.
 */


#ifndef _NGX_HTTP_GLINTO_ADAPTER_H_INCLUDED_
#define _NGX_HTTP_GLINTO_ADAPTER_H_INCLUDED_


#include "ngx_http_glinto_hit.h"

ngx_http_glinto_private_begin


/* adapters */

extern const ngx_http_glinto_adapter_t  ngx_http_glinto_goatcounter;
extern const ngx_http_glinto_adapter_t  ngx_http_glinto_plausible;
extern const ngx_http_glinto_adapter_t  ngx_http_glinto_goatcounter_api;
extern const ngx_http_glinto_adapter_t  ngx_http_glinto_events;
extern const ngx_http_glinto_adapter_t  ngx_http_glinto_umami;
extern const ngx_http_glinto_adapter_t  ngx_http_glinto_matomo;
extern const ngx_http_glinto_adapter_t  ngx_http_glinto_pixel;


/* steps of parse() say NGX_OK, NGX_DECLINED (this is it), NGX_ERROR */

static ngx_inline ngx_int_t
ngx_http_glinto_hit_refuse(ngx_http_glinto_hit_t *hit, const char *field,
    const char *message)
{
    hit->field = field;
    hit->message = message;

    return NGX_DECLINED;
}


static ngx_inline ngx_int_t
ngx_http_glinto_hit_status(ngx_int_t rc)
{
    switch (rc) {

    case NGX_OK:
        return NGX_OK;

    case NGX_DECLINED:
        return NGX_HTTP_BAD_REQUEST;

    default:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
}


/* the adapters' parsers without a request */

ngx_int_t ngx_http_glinto_plausible_parse_body(ngx_pool_t *pool,
    const ngx_str_t *body, ngx_uint_t form, ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_goatcounter_parse_args(ngx_pool_t *pool,
    struct gl_text args, struct gl_text referer, ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_goatcounter_parse_hit(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *item, ngx_uint_t alone,
    ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_events_parse_line(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_umami_parse_event(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *root, ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_pixel_parse_args(ngx_pool_t *pool,
    struct gl_text args, struct gl_text referer, ngx_http_glinto_hit_t *hit);


/* ngx_http_glinto_time.c */

/* RFC 3339, and about now: a sender's events are those of a minute; empty is
   now */
ngx_uint_t ngx_http_glinto_time_is_now(struct gl_text text);


/* ngx_http_glinto_items.c */

/* lines, each an object in JSON, as hit->items, at most 500; the same */
ngx_int_t ngx_http_glinto_items_lines(ngx_pool_t *pool, struct gl_text text,
    ngx_http_glinto_hit_t *hit);

/* a list in JSON as hit->items, at most 500; a status as of parse() */
ngx_int_t ngx_http_glinto_items(ngx_pool_t *pool, struct gl_text text,
    ngx_http_glinto_hit_t *hit);


/* ngx_http_glinto_domain.c */

/*
 * A comma list of sites into hit->sites, blank items left out.  NGX_DECLINED
 * with hit->field and hit->message when there is none or one too many.
 */
ngx_int_t ngx_http_glinto_domain_list(ngx_pool_t *pool, struct gl_text list,
    ngx_http_glinto_hit_t *hit);

/*
 * NGX_OK when the event has a site: named, by glinto_site, or the host of the
 * page.  Else NGX_HTTP_BAD_REQUEST with hit->field and hit->message.
 */
ngx_int_t ngx_http_glinto_domain_check(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_ADAPTER_H_INCLUDED_ */
