
/*
 * Copyright (C) Glinto contributors
 *
 * The fields of a body of Plausible's event API, between the files that read
 * them: body calls props, both call fields.
 */


#ifndef _NGX_HTTP_GLINTO_PLAUSIBLE_H_INCLUDED_
#define _NGX_HTTP_GLINTO_PLAUSIBLE_H_INCLUDED_


#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"

ngx_http_glinto_private_begin


/* names of one field side by side, the one that outranks the other first */

typedef enum {
    NGX_HTTP_GLINTO_PLAUSIBLE_URL = 0,          /* u, url */
    NGX_HTTP_GLINTO_PLAUSIBLE_NAME = 2,         /* n, name */
    NGX_HTTP_GLINTO_PLAUSIBLE_DOMAIN = 4,       /* d, domain */
    NGX_HTTP_GLINTO_PLAUSIBLE_REFERRER = 6,     /* r, referrer */
    NGX_HTTP_GLINTO_PLAUSIBLE_HASH = 8,         /* h, hashMode */
    NGX_HTTP_GLINTO_PLAUSIBLE_INTERACTIVE = 10, /* i, interactive */
    NGX_HTTP_GLINTO_PLAUSIBLE_REVENUE = 12,     /* revenue, $ */
    NGX_HTTP_GLINTO_PLAUSIBLE_PROPS = 14,       /* m, meta, p, props */
    NGX_HTTP_GLINTO_PLAUSIBLE_DEPTH = 18,       /* sd */
    NGX_HTTP_GLINTO_PLAUSIBLE_TIME = 19,        /* e */
    NGX_HTTP_GLINTO_PLAUSIBLE_FIELDS = 20
} ngx_http_glinto_plausible_field_e;


/* ngx_http_glinto_plausible_fields.c */

/* where the value of a key goes, ctx are all fields; NULL: not known */
ngx_http_glinto_json_t *ngx_http_glinto_plausible_slot(void *ctx,
    const struct gl_text *key);

/* of n names from field on, the first value that is there and not false */
const ngx_http_glinto_json_t *ngx_http_glinto_plausible_first(
    const ngx_http_glinto_json_t *fields, ngx_uint_t field, ngx_uint_t n);

/* ngx_http_glinto_plausible_props.c */

/* steps: NGX_OK, NGX_DECLINED with hit->field and hit->message, NGX_ERROR */

ngx_int_t ngx_http_glinto_plausible_props(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_plausible_revenue(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_PLAUSIBLE_H_INCLUDED_ */
