
/*
 * Copyright (C) Glinto contributors
 *
 * What the files of the module share.  One way through:
 *
 *   adapter->parse  request and body       -> hit (one event, its sites)
 *   collect         hit                    -> frames in the worker's buffer
 *   posted event    frames of the turn     -> one pwrite, then the replies
 *   adapter->reply  hit and status         -> response
 *   hint            the same frames        -> Unix socket, best effort
 *
 * Nothing here blocks, aborts, or allocates outside a pool whose life it
 * shares.  No client address leaves this module.
 */


#ifndef _NGX_HTTP_GLINTO_MODULE_H_INCLUDED_
#define _NGX_HTTP_GLINTO_MODULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_http_glinto_compat.h"

ngx_http_glinto_private_begin

#include "event.h"


#define NGX_HTTP_GLINTO_SITES_MAX  16     /* sites in one request's list */

/* the longest body that glinto_max_body may allow */

#define NGX_HTTP_GLINTO_MAX_BODY_LIMIT  65536


typedef struct ngx_http_glinto_hit_s      ngx_http_glinto_hit_t;
typedef struct ngx_http_glinto_adapter_s  ngx_http_glinto_adapter_t;
typedef struct ngx_http_glinto_worker_s   ngx_http_glinto_worker_t;
typedef struct ngx_http_glinto_sites_s    ngx_http_glinto_sites_t;


/*
 * One tracking request as its adapter sees it.  There is one in a worker, used
 * again for every request: parse() finds it zeroed, but for event.props beyond
 * props_n and sites beyond nsites.  At reply() only dropped, adapter and, for
 * 400, field and message are set.
 *
 * collect fills event.site, visitor, visitor_before, agent, language,
 * evidence, country, region and city; the rest is the adapter's.
 */

struct ngx_http_glinto_hit_s {
    struct gl_event                   event;

    /* for texts of the event: given back when its frames are made */

    ngx_pool_t                       *pool;

    ngx_str_t                         sites[NGX_HTTP_GLINTO_SITES_MAX];
    ngx_uint_t                        nsites;    /* 0 = take glinto_site,
                                                    else the event's host */
    ngx_uint_t                        dropped;   /* sites turned away:
                                                    x-plausible-dropped */

    /* why parse returned 400: a JSON field name and a sentence, static */

    const char                       *field;
    const char                       *message;

    const ngx_http_glinto_adapter_t  *adapter;
};


struct ngx_http_glinto_adapter_s {
    ngx_str_t                         name;      /* "plausible", "pixel" */
    ngx_uint_t                        methods;   /* NGX_HTTP_POST ... */

    /*
     * fill hit->event and hit->sites from the request; body is whole and in
     * one piece, empty for GET; texts may point into body, r or
     * hit->pool
     *
     * NGX_OK
     * NGX_HTTP_BAD_REQUEST   hit->field and hit->message say why
     * NGX_HTTP_INTERNAL_SERVER_ERROR   no memory
     */
    ngx_int_t                       (*parse)(ngx_http_request_t *r,
                                             ngx_str_t *body,
                                             ngx_http_glinto_hit_t *hit);

    /*
     * send the whole response through nginx's filters and return the code
     * for ngx_http_finalize_request(); status 202 accepted (adapter may use
     * its own, pixel: 200), 400 with field and message, 413, 503 (adds
     * "Retry-After: 1")
     */
    ngx_int_t                       (*reply)(ngx_http_request_t *r,
                                             ngx_http_glinto_hit_t *hit,
                                             ngx_uint_t status);

    /* answer OPTIONS, NULL = 405 */
    ngx_int_t                       (*preflight)(ngx_http_request_t *r);
};


typedef struct {
    ngx_str_t                         spool;     /* directory, no last '/' */
    off_t                             budget;    /* bytes, default 1 GiB */
    size_t                            segment;   /* bytes, default 1 MiB */
    ngx_str_t                         socket;    /* path without "unix:" */
    ngx_str_t                         salt;      /* directory */
    ngx_str_t                         sites;     /* file */

    ngx_cycle_t                      *cycle;
    const char                       *needed_by; /* directive that needs
                                                    glinto_spool */

    ngx_http_glinto_worker_t         *worker;    /* NULL before the first
                                                    event of this process */
} ngx_http_glinto_main_conf_t;


typedef struct {
    ngx_http_complex_value_t         *site;      /* glinto_site */
    ngx_http_complex_value_t         *addr;      /* glinto_client_addr,
                                                    default $remote_addr */
    ngx_http_complex_value_t         *country;
    ngx_http_complex_value_t         *region;
    ngx_http_complex_value_t         *city;
    ngx_http_complex_value_t         *condition; /* glinto_if */
    size_t                            max_body;  /* bytes, default 8192 */

    const ngx_http_glinto_adapter_t  *adapter;   /* of this location */
} ngx_http_glinto_loc_conf_t;


/* ngx_http_glinto_module.c */

extern ngx_module_t  ngx_http_glinto_module;


/* ngx_http_glinto_collect.c: handler of glinto_collect and glinto_pixel */

ngx_int_t ngx_http_glinto_collect_handler(ngx_http_request_t *r);


/* adapters */

extern const ngx_http_glinto_adapter_t  ngx_http_glinto_plausible;
extern const ngx_http_glinto_adapter_t  ngx_http_glinto_pixel;


/*
 * ngx_http_glinto_request.c: take the page's address apart into the event, as
 * request/page.h says, with the "#fragment" when hash.  NGX_OK, NGX_ERROR (no
 * memory), or NGX_DECLINED with hit->field and hit->message set (too long,
 * "data:").
 */

ngx_int_t ngx_http_glinto_page(ngx_pool_t *pool, struct gl_text address,
    ngx_uint_t hash, ngx_http_glinto_hit_t *hit);


/* ngx_http_glinto_script.c: content handler of glinto_script */

ngx_int_t ngx_http_glinto_script_handler(ngx_http_request_t *r);


/* ngx_http_glinto_status.c */

ngx_int_t ngx_http_glinto_status_handler(ngx_http_request_t *r);


/* ngx_http_glinto_variables.c */

ngx_int_t ngx_http_glinto_add_variables(ngx_conf_t *cf);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_MODULE_H_INCLUDED_ */
