
/*
 * Copyright (C) Glinto contributors
 *
 * The table of known sites, from the sites file.
 */


#ifndef _NGX_HTTP_GLINTO_SITES_H_INCLUDED_
#define _NGX_HTTP_GLINTO_SITES_H_INCLUDED_


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_shields.h"

ngx_http_glinto_private_begin


typedef struct ngx_http_glinto_sites_s  ngx_http_glinto_sites_t;


/* which of a browser's signals a site heeds */

#define NGX_HTTP_GLINTO_HEEDS_GPC  1
#define NGX_HTTP_GLINTO_HEEDS_DNT  2


/* a site as its line says; pointers into the table's text */

typedef struct {
    ngx_str_t                     domain;
    ngx_str_t                     hosts;     /* comma list, empty = all */
    ngx_str_t                     currency;  /* of revenue without; or empty */
    ngx_str_t                     visitors;  /* live number, may be empty */
    ngx_str_t                     account;   /* empty: no token may write */
    ngx_http_glinto_shields_t    *shields;   /* NULL: it has none */
    ngx_uint_t                    left_out;  /* bits of left_out.h */
    unsigned                      heeds:2;
} ngx_http_glinto_site_t;


/* one slice of work; 1 when there is more to do at once */
ngx_uint_t ngx_http_glinto_sites_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_sites_free(ngx_http_glinto_worker_t *gw);
ngx_http_glinto_site_t *ngx_http_glinto_sites_find(
    ngx_http_glinto_sites_t *sites, const ngx_str_t *name);
void ngx_http_glinto_sites_stat(ngx_http_glinto_sites_t *sites,
    ngx_uint_t *n, time_t *mtime);


/* ngx_http_glinto_site.c */

/* a word of the site's line; NGX_OK, NGX_ERROR (no memory) */
ngx_int_t ngx_http_glinto_site_word(ngx_pool_t *pool,
    ngx_http_glinto_site_t *site, ngx_str_t *key, ngx_str_t *value);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_SITES_H_INCLUDED_ */
