
/*
 * Copyright (C) Glinto contributors
 *
 * What GoatCounter's script, or a server that speaks as it does, says of one
 * page or event.
 */


#ifndef _NGX_HTTP_GLINTO_GOATCOUNTER_H_INCLUDED_
#define _NGX_HTTP_GLINTO_GOATCOUNTER_H_INCLUDED_


#include "ngx_http_glinto_hit.h"

ngx_http_glinto_private_begin


typedef struct {
    struct gl_text                path;      /* p */
    struct gl_text                title;     /* t */
    struct gl_text                referrer;  /* r */
    struct gl_text                query;     /* q */
    struct gl_text                size;      /* s */
    struct gl_text                bot;       /* b */
    struct gl_text                event;     /* e */
} ngx_http_glinto_goatcounter_t;


/* ngx_http_glinto_goatcounter_query.c */

/* NGX_OK, NGX_DECLINED with hit->field and hit->message, NGX_ERROR */
ngx_int_t ngx_http_glinto_goatcounter_take(ngx_pool_t *pool,
    const ngx_http_glinto_goatcounter_t *said, struct gl_text referer,
    ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_GOATCOUNTER_H_INCLUDED_ */
