
/*
 * Copyright (C) Glinto contributors
 *
 * The table of known sites, from the sites file.
 */


#ifndef _NGX_HTTP_GLINTO_SITES_H_INCLUDED_
#define _NGX_HTTP_GLINTO_SITES_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


typedef struct ngx_http_glinto_sites_s  ngx_http_glinto_sites_t;


/* a site as its line says; pointers into the table's text */

typedef struct {
    ngx_str_t                     domain;
    ngx_str_t                     hosts;     /* comma list, empty = all */
    ngx_str_t                     currency;  /* of revenue without; or empty */
    ngx_str_t                     visitors;  /* live number, may be empty */
    unsigned                      optout:1;
} ngx_http_glinto_site_t;


/* one slice of work; 1 when there is more to do at once */
ngx_uint_t ngx_http_glinto_sites_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_sites_free(ngx_http_glinto_worker_t *gw);
ngx_http_glinto_site_t *ngx_http_glinto_sites_find(
    ngx_http_glinto_sites_t *sites, const ngx_str_t *name);
void ngx_http_glinto_sites_stat(ngx_http_glinto_sites_t *sites,
    ngx_uint_t *n, time_t *mtime);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_SITES_H_INCLUDED_ */
