
/*
 * Copyright (C) Glinto contributors
 *
 * Custom properties and revenue of an event, in whatever words they come.
 */


#ifndef _NGX_HTTP_GLINTO_PROPS_H_INCLUDED_
#define _NGX_HTTP_GLINTO_PROPS_H_INCLUDED_


#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"

ngx_http_glinto_private_begin


/* of an object of properties, until they are taken */

typedef struct {
    struct gl_text          keys[GL_EVENT_PROPS_MAX];
    ngx_http_glinto_json_t  values[GL_EVENT_PROPS_MAX];
    ngx_uint_t              n;
    unsigned                path:1;          /* one has this name */
} ngx_http_glinto_props_t;


/*
 * The first 30 members that are of use, of a key that comes twice the last
 * value; none when it is no object.  NGX_OK or NGX_ERROR.
 */
ngx_int_t ngx_http_glinto_props_read(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *object, ngx_http_glinto_props_t *props);

/* the value of a key, NULL when there is none */
const ngx_http_glinto_json_t *ngx_http_glinto_props_value(
    const ngx_http_glinto_props_t *props, const char *key);

/* steps: NGX_OK, NGX_DECLINED with hit->field and hit->message, NGX_ERROR */

/* those read, behind those that the event has already, 30 in all */
ngx_int_t ngx_http_glinto_props_take(ngx_pool_t *pool,
    const ngx_http_glinto_props_t *props, ngx_http_glinto_hit_t *hit);

/* one more; nothing when it says nothing */
ngx_int_t ngx_http_glinto_props_add(ngx_pool_t *pool, const char *key,
    struct gl_text value, ngx_http_glinto_hit_t *hit);

/* what is no revenue is ignored: the event itself counts; OK or ERROR */
ngx_int_t ngx_http_glinto_props_revenue(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *amount,
    const ngx_http_glinto_json_t *currency, struct gl_event *event);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_PROPS_H_INCLUDED_ */
