
/*
 * Copyright (C) Glinto contributors
 *
 * The keys of visitor ids: today's, for half an hour yesterday's, and ahead of
 * midnight tomorrow's.
 */


#ifndef _NGX_HTTP_GLINTO_SALT_H_INCLUDED_
#define _NGX_HTTP_GLINTO_SALT_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


#define NGX_HTTP_GLINTO_DAY_MS        INT64_C(86400000)
#define NGX_HTTP_GLINTO_KEY_BYTES     16     /* crypto_shorthash_KEYBYTES */


typedef struct {
    int64_t                       day;       /* days since 1970, UTC */
    u_char                        key[NGX_HTTP_GLINTO_KEY_BYTES];
    unsigned                      known:1;
    unsigned                      local:1;   /* no file: of this worker */
} ngx_http_glinto_salt_t;


typedef struct {
    int64_t                       from_ms;   /* the three are right from */
    int64_t                       until_ms;  /* here to here, wall clock */
    ngx_http_glinto_salt_t        today;
    ngx_http_glinto_salt_t        before;    /* known: frames carry both */
    ngx_http_glinto_salt_t        next;      /* read ahead of midnight */
    ngx_uint_t                    changed;   /* how often today or before */
} ngx_http_glinto_salts_t;


void ngx_http_glinto_salt_roll(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_salt_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_salt_forget(ngx_http_glinto_worker_t *gw);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_SALT_H_INCLUDED_ */
