
/*
 * Copyright (C) Glinto contributors
 *
 * The module to nginx: configuration, directives, handlers.  One way through:
 *
 *   adapter->parse  request and body       -> hit (one event, its sites)
 *   collect         hit                    -> frames in the worker's buffer
 *   posted event    frames of the turn     -> one pwrite, then the replies
 *   adapter->reply  hit and status         -> response
 *   hint            the same frames        -> Unix socket, best effort
 *
 * Nothing here blocks, aborts, or allocates without a pool.  No client address
 * leaves this module.
 */


#ifndef _NGX_HTTP_GLINTO_MODULE_H_INCLUDED_
#define _NGX_HTTP_GLINTO_MODULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "ngx_http_glinto_compat.h"

ngx_http_glinto_private_begin


#define NGX_HTTP_GLINTO_VERSION  "0.1.0"

/* the longest body that glinto_max_body may allow */

#define NGX_HTTP_GLINTO_MAX_BODY_LIMIT  65536


typedef struct ngx_http_glinto_adapter_s  ngx_http_glinto_adapter_t;
typedef struct ngx_http_glinto_worker_s   ngx_http_glinto_worker_t;


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

    time_t                            script_told; /* not again before, s */
    unsigned                          serves:1;    /* glinto is on somewhere */

    ngx_shm_zone_t                   *zone;      /* sums of all workers */

    ngx_http_glinto_worker_t         *worker;    /* NULL before the first
                                                    event of this process */
} ngx_http_glinto_main_conf_t;


/* what a location is, when it is one of ours */

typedef enum {
    NGX_HTTP_GLINTO_NO_DOOR = 0,
    NGX_HTTP_GLINTO_OWN_DOOR,                    /* for the operator */
    NGX_HTTP_GLINTO_OPEN_DOOR                    /* for every page's browser */
} ngx_http_glinto_door_e;


typedef struct {
    ngx_http_complex_value_t          value;
    ngx_str_t                         name;      /* without variables */
} ngx_http_glinto_named_t;

typedef struct {
    ngx_http_glinto_named_t          *site;      /* glinto_site */
    ngx_http_complex_value_t         *addr;      /* default $remote_addr */
    ngx_http_complex_value_t         *country;
    ngx_http_complex_value_t         *region;
    ngx_http_complex_value_t         *city;
    ngx_http_complex_value_t         *network;   /* whose published one */
    ngx_http_complex_value_t         *condition; /* glinto_if */
    size_t                            max_body;  /* bytes, default 8192 */
    ngx_flag_t                        log_address;
    ngx_flag_t                        served;    /* glinto on: pages too */

    ngx_str_t                         metrics;   /* glinto_metrics: where
                                                    glintod's are */

    ngx_uint_t                        door;      /* ngx_http_glinto_door_e */
    const ngx_http_glinto_adapter_t  *adapter;   /* of this location */
} ngx_http_glinto_loc_conf_t;


/* ngx_http_glinto_module.c */

extern ngx_module_t  ngx_http_glinto_module;


/* ngx_http_glinto_collect.c: handler of glinto_collect and glinto_pixel */

ngx_int_t ngx_http_glinto_collect_handler(ngx_http_request_t *r);


/* ngx_http_glinto_script.c: content handler of glinto_script */

ngx_int_t ngx_http_glinto_script_handler(ngx_http_request_t *r);


/* ngx_http_glinto_status.c */
ngx_int_t ngx_http_glinto_status_handler(ngx_http_request_t *r);

/* ngx_http_glinto_metrics.c */
ngx_int_t ngx_http_glinto_metrics_handler(ngx_http_request_t *r);


/* ngx_http_glinto_ctx.c, ..._quiet.c: as soon as the location is known */

void ngx_http_glinto_ctx_begin(ngx_http_request_t *r);
void ngx_http_glinto_quiet(ngx_http_request_t *r);
void ngx_http_glinto_quiet_early(ngx_http_request_t *r); /* or before */


/* ngx_http_glinto_cors.c: postconfiguration */

void ngx_http_glinto_cors_init(void);


/* ngx_http_glinto_variables.c */

ngx_int_t ngx_http_glinto_add_variables(ngx_conf_t *cf);


/* ngx_http_glinto_check.c: what "nginx -t" finds in the system */

ngx_int_t ngx_http_glinto_check(ngx_cycle_t *cycle);


/* ngx_http_glinto_worker.c */

ngx_int_t ngx_http_glinto_init_process(ngx_cycle_t *cycle);
void ngx_http_glinto_exit_process(ngx_cycle_t *cycle);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_MODULE_H_INCLUDED_ */
