
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


/* the adapters' parsers without a request */

ngx_int_t ngx_http_glinto_plausible_parse_body(ngx_pool_t *pool,
    const ngx_str_t *body, ngx_uint_t form, ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_pixel_parse_args(ngx_pool_t *pool,
    struct gl_text args, struct gl_text referer, ngx_http_glinto_hit_t *hit);


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
