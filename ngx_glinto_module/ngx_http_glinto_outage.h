
/*
 * Copyright (C) Glinto contributors
 *
 * A spool that takes no events, or takes them slowly.
 */


#ifndef _NGX_HTTP_GLINTO_OUTAGE_H_INCLUDED_
#define _NGX_HTTP_GLINTO_OUTAGE_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


/* ngx_http_glinto_outage.c */

/* n requests get 503; said once in the log, until a second without any */
void ngx_http_glinto_outage(ngx_http_glinto_worker_t *gw, ngx_uint_t reason,
    ngx_uint_t n);
void ngx_http_glinto_outage_tick(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_pause.c */

/* a call into the spool that began then has come back: was it slow? */
void ngx_http_glinto_pause_look(ngx_http_glinto_worker_t *gw,
    int64_t began_us);

/* an append was quick: the next pause is a first one */
void ngx_http_glinto_pause_forget(ngx_http_glinto_worker_t *gw);

/* 1: the spool is to be left alone in this turn */
ngx_uint_t ngx_http_glinto_pause(ngx_http_glinto_worker_t *gw);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_OUTAGE_H_INCLUDED_ */
