
/*
 * Copyright (C) Glinto contributors
 *
 * Responses, and the parts that those of several adapters have.
 */


#ifndef _NGX_HTTP_GLINTO_REPLY_H_INCLUDED_
#define _NGX_HTTP_GLINTO_REPLY_H_INCLUDED_


#include "ngx_http_glinto_hit.h"

ngx_http_glinto_private_begin


#define ngx_http_glinto_header(name, text)                                    \
    { .hash = 1, .key = ngx_string(name), .value = ngx_string(text) }


/* put static headers into the reply; NGX_OK or NGX_ERROR */
ngx_int_t ngx_http_glinto_reply_headers(ngx_http_request_t *r,
    const ngx_table_elt_t *headers, ngx_uint_t n);

/* send status, type and body; the body outlives the request */
ngx_int_t ngx_http_glinto_reply_send(ngx_http_request_t *r, ngx_uint_t status,
    const ngx_str_t *type, const ngx_str_t *body);

/* send status and a transparent GIF of one pixel */
ngx_int_t ngx_http_glinto_reply_image(ngx_http_request_t *r,
    ngx_uint_t status);

/* "x-plausible-dropped: N" when N is not 0 */
ngx_int_t ngx_http_glinto_reply_dropped(ngx_http_request_t *r, ngx_uint_t n);

/* status and hit->answer, which is JSON, to a server: nobody keeps it */
ngx_int_t ngx_http_glinto_reply_answer(ngx_http_request_t *r,
    const ngx_http_glinto_hit_t *hit, ngx_uint_t status);

/* 400, 405, 413 or 503 with {"errors":{field:[message]}} */
ngx_int_t ngx_http_glinto_reply_error(ngx_http_request_t *r,
    const ngx_http_glinto_hit_t *hit, ngx_uint_t status);

/* 204 to OPTIONS: anybody may send events */
ngx_int_t ngx_http_glinto_reply_preflight(ngx_http_request_t *r);

/* 503 to a request that there is no room for */
ngx_int_t ngx_http_glinto_reply_busy(ngx_http_request_t *r);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_REPLY_H_INCLUDED_ */
