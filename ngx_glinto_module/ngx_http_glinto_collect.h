
/*
 * Copyright (C) Glinto contributors
 *
 * A request between its body and its frames.
 */


#ifndef _NGX_HTTP_GLINTO_COLLECT_H_INCLUDED_
#define _NGX_HTTP_GLINTO_COLLECT_H_INCLUDED_


#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_sites.h"

ngx_http_glinto_private_begin


/* a site that takes the event, and what it leaves out: bits of left_out.h */

typedef struct {
    ngx_str_t                     name;
    ngx_uint_t                    left_out;
} ngx_http_glinto_taken_t;


typedef struct {
    ngx_http_request_t           *request;
    ngx_http_glinto_worker_t     *worker;
    ngx_http_glinto_ctx_t        *ctx;
    ngx_http_glinto_loc_conf_t   *glcf;
    ngx_http_glinto_hit_t        *hit;

    /* sites that take the event */

    ngx_http_glinto_taken_t       taken[NGX_HTTP_GLINTO_SITES_MAX];
    ngx_uint_t                    ntaken;

    /* the site of a sender with a token, its name; else empty */

    ngx_str_t                     sends;

    unsigned                      placed:1;  /* the event has its place */

    uint32_t                      room;      /* reserved for all its events */
} ngx_http_glinto_collect_t;


/* ngx_http_glinto_route.c */

/* fill gc->taken, count the rest into hit->dropped; NGX_ERROR: no memory */
ngx_int_t ngx_http_glinto_route(ngx_http_glinto_collect_t *gc);

/* the same for a page that was served, which is no event: nothing is counted,
   gc->ntaken is 0 or 1, hit->bot: its headers say so; NGX_ERROR: no memory */
ngx_int_t ngx_http_glinto_route_page(ngx_http_glinto_collect_t *gc);

/* the host is in the site's list of hosts */
ngx_uint_t ngx_http_glinto_route_allows(ngx_http_glinto_site_t *site,
    const struct gl_text *host);


/* ngx_http_glinto_sender.c */

/* may the request send events of others, and where to: NGX_OK, or a status */
ngx_int_t ngx_http_glinto_sender(ngx_http_glinto_collect_t *gc);
void ngx_http_glinto_sender_hit(ngx_http_glinto_collect_t *gc);


/* ngx_http_glinto_place.c */

/* country, region and city of the event, once; NGX_ERROR: no memory */
ngx_int_t ngx_http_glinto_place(ngx_http_glinto_collect_t *gc);


/* the operator whose published network it comes from; NGX_ERROR: no memory */
ngx_int_t ngx_http_glinto_network(ngx_http_glinto_collect_t *gc);


/* ngx_http_glinto_signed.c */

/* what a signature of the page's request is of; NGX_ERROR: no memory */
ngx_int_t ngx_http_glinto_signed(ngx_http_glinto_collect_t *gc);


/* ngx_http_glinto_frames.c */

/*
 * The request's one event, whose sites are in gc->taken, for the next append.
 * NGX_DONE: the request waits for it; NGX_DECLINED: *reason; NGX_ERROR.
 */
ngx_int_t ngx_http_glinto_frames(ngx_http_glinto_collect_t *gc,
    ngx_uint_t *reason);

/* frames of an event, for which there is room: NGX_OK, NGX_DECLINED: it is too
   long; NGX_ERROR */
ngx_int_t ngx_http_glinto_frames_event(ngx_http_glinto_collect_t *gc);


/* ngx_http_glinto_many.c */

/* the worker's hit, as parse() and item() must find it */
ngx_http_glinto_hit_t *ngx_http_glinto_hit(ngx_http_glinto_worker_t *gw,
    const ngx_http_glinto_adapter_t *adapter);

/*
 * All of hit->items.  NGX_DONE: the request waits; NGX_OK: none of them is to
 * be stored; NGX_DECLINED: *reason; NGX_ERROR.
 */
ngx_int_t ngx_http_glinto_many(ngx_http_glinto_collect_t *gc,
    ngx_uint_t *reason);


/* ngx_http_glinto_headers.c */

/* fill in the event's agent and evidence, and what the browser asks for;
   *reason to drop it, or TAKEN */
void ngx_http_glinto_headers_read(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t *reason);

/* what else they say of an event: language, client hints; NGX_ERROR: no
   memory */
ngx_int_t ngx_http_glinto_headers_event(ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_COLLECT_H_INCLUDED_ */
