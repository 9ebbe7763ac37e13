
/*
 * Copyright (C) Glinto contributors
 *
 * The fields of a request of Matomo's tracking API, between the file that
 * gathers them and the one that reads them.
 */


#ifndef _NGX_HTTP_GLINTO_MATOMO_H_INCLUDED_
#define _NGX_HTTP_GLINTO_MATOMO_H_INCLUDED_


#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"

ngx_http_glinto_private_begin


/* custom dimensions: it has five of a visit and five of an action */

#define NGX_HTTP_GLINTO_MATOMO_DIMENSIONS  10


typedef enum {
    NGX_HTTP_GLINTO_MATOMO_IDSITE = 0,
    NGX_HTTP_GLINTO_MATOMO_REC,
    NGX_HTTP_GLINTO_MATOMO_URL,
    NGX_HTTP_GLINTO_MATOMO_URLREF,
    NGX_HTTP_GLINTO_MATOMO_ACTION_NAME,
    NGX_HTTP_GLINTO_MATOMO_RES,
    NGX_HTTP_GLINTO_MATOMO_LANG,
    NGX_HTTP_GLINTO_MATOMO_SEND_IMAGE,
    NGX_HTTP_GLINTO_MATOMO_PING,
    NGX_HTTP_GLINTO_MATOMO_CDT,
    NGX_HTTP_GLINTO_MATOMO_ACTION,           /* ca */
    NGX_HTTP_GLINTO_MATOMO_EVENT_CATEGORY,   /* e_c */
    NGX_HTTP_GLINTO_MATOMO_EVENT_ACTION,     /* e_a */
    NGX_HTTP_GLINTO_MATOMO_EVENT_NAME,       /* e_n */
    NGX_HTTP_GLINTO_MATOMO_EVENT_VALUE,      /* e_v */
    NGX_HTTP_GLINTO_MATOMO_CONTENT,          /* c_n */
    NGX_HTTP_GLINTO_MATOMO_DOWNLOAD,
    NGX_HTTP_GLINTO_MATOMO_LINK,
    NGX_HTTP_GLINTO_MATOMO_SEARCH,
    NGX_HTTP_GLINTO_MATOMO_SEARCH_CATEGORY,  /* search_cat */
    NGX_HTTP_GLINTO_MATOMO_SEARCH_COUNT,
    NGX_HTTP_GLINTO_MATOMO_GOAL,             /* idgoal */
    NGX_HTTP_GLINTO_MATOMO_ORDER,            /* ec_id */
    NGX_HTTP_GLINTO_MATOMO_REVENUE,
    NGX_HTTP_GLINTO_MATOMO_DIMENSION,        /* dimension1, and so on */
    NGX_HTTP_GLINTO_MATOMO_FIELDS = NGX_HTTP_GLINTO_MATOMO_DIMENSION
                                    + NGX_HTTP_GLINTO_MATOMO_DIMENSIONS
} ngx_http_glinto_matomo_field_e;


/* ngx_http_glinto_matomo_fields.c */

/* where the value of a key goes, ctx are all fields; NULL: not known */
ngx_http_glinto_json_t *ngx_http_glinto_matomo_slot(void *ctx,
    const struct gl_text *key);

/* the name of a field */
const char *ngx_http_glinto_matomo_key(ngx_uint_t field);

/* its value, empty when it has none */
struct gl_text ngx_http_glinto_matomo_text(
    const ngx_http_glinto_json_t *fields, ngx_uint_t field);


/* ngx_http_glinto_matomo_query.c */

/* the hit of these fields; a status as of parse() */
ngx_int_t ngx_http_glinto_matomo_read(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_MATOMO_H_INCLUDED_ */
