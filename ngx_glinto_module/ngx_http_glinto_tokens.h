
/*
 * Copyright (C) Glinto contributors
 *
 * Tokens that may write events in a visitor's name, and who sends with one.
 */


#ifndef _NGX_HTTP_GLINTO_TOKENS_H_INCLUDED_
#define _NGX_HTTP_GLINTO_TOKENS_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


#define NGX_HTTP_GLINTO_TOKENS_MAX     1000
#define NGX_HTTP_GLINTO_TOKEN_HASH     32     /* SHA-256 */
#define NGX_HTTP_GLINTO_TOKEN_ACCOUNT  12


typedef struct ngx_http_glinto_tokens_s  ngx_http_glinto_tokens_t;


/* ngx_http_glinto_tokens.c */

/* look at the file, and read it when it is another one */
void ngx_http_glinto_tokens_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_tokens_free(ngx_http_glinto_worker_t *gw);

/*
 * The account of the request's token, "Authorization: Bearer TOKEN", for this
 * turn of the event loop.  NGX_DECLINED: it has none that is known here.
 */
ngx_int_t ngx_http_glinto_tokens_find(ngx_http_request_t *r,
    ngx_http_glinto_worker_t *gw, ngx_str_t *account);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_TOKENS_H_INCLUDED_ */
