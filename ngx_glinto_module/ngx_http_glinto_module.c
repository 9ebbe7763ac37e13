
/*
 * Copyright (C) Glinto contributors
 *
 * Directives, configuration, the module's tables; no logic.
 *
 *   http {
 *       glinto_spool   /var/lib/glinto/spool [budget=1g] [segment=1m];
 *       glinto_socket  unix:/run/glinto/events.sock;
 *       glinto_salt    /run/glinto/salt;
 *       glinto_sites   /var/lib/glinto/sites;
 *   }
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_conf.h"
#include "ngx_http_glinto_measured.h"
#include "ngx_http_glinto_module.h"


#define NGX_HTTP_GLINTO_BUDGET    ((off_t) 1024 * 1024 * 1024)
#define NGX_HTTP_GLINTO_SOCKET    "/run/glinto/events.sock"
#define NGX_HTTP_GLINTO_SALT      "/run/glinto/salt"
#define NGX_HTTP_GLINTO_SITES     "/var/lib/glinto/sites"

/*
 * An event of a tracker has a few hundred bytes: 8 KiB are ample.  More than
 * 64 KiB would only be read to be refused with its frame.
 */

#define NGX_HTTP_GLINTO_MAX_BODY        8192


static void *ngx_http_glinto_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_glinto_init_main_conf(ngx_conf_t *cf, void *conf);
static char *ngx_http_glinto_init_spool(ngx_conf_t *cf,
    ngx_http_glinto_main_conf_t *gmcf);
static ngx_int_t ngx_http_glinto_postconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_glinto_postconfiguration_log(ngx_conf_t *cf,
    ngx_http_core_main_conf_t *cmcf);
static ngx_int_t ngx_http_glinto_server_handler(ngx_http_request_t *r);
static ngx_int_t ngx_http_glinto_rewrite_handler(ngx_http_request_t *r);
static void *ngx_http_glinto_create_loc_conf(ngx_conf_t *cf);
static void ngx_http_glinto_merge_values(ngx_http_glinto_loc_conf_t *prev,
    ngx_http_glinto_loc_conf_t *conf);
static char *ngx_http_glinto_merge_loc_conf(ngx_conf_t *cf,
    void *parent, void *child);


static ngx_conf_num_bounds_t  ngx_http_glinto_max_body_bounds = {
    ngx_conf_check_num_bounds, 1, NGX_HTTP_GLINTO_MAX_BODY_LIMIT
};


static ngx_command_t  ngx_http_glinto_commands[] = {

    { ngx_string("glinto"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_http_glinto_on,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, served),
      NULL },

    { ngx_string("glinto_spool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_glinto_spool,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("glinto_socket"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_glinto_socket,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("glinto_salt"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_glinto_path,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_glinto_main_conf_t, salt),
      NULL },

    { ngx_string("glinto_sites"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_glinto_path,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_glinto_main_conf_t, sites),
      NULL },

    { ngx_string("glinto_site"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_glinto_named,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("glinto_client_addr"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, addr),
      NULL },

    { ngx_string("glinto_country"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, country),
      NULL },

    { ngx_string("glinto_region"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, region),
      NULL },

    { ngx_string("glinto_city"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, city),
      NULL },

    { ngx_string("glinto_network"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, network),
      NULL },

    { ngx_string("glinto_if"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_set_complex_value_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, condition),
      NULL },

    { ngx_string("glinto_max_body"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, max_body),
      &ngx_http_glinto_max_body_bounds },

    { ngx_string("glinto_log_address"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_glinto_loc_conf_t, log_address),
      NULL },

    { ngx_string("glinto_collect"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_glinto_collect,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("glinto_pixel"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_glinto_collect,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("glinto_script"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_glinto_script_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("glinto_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_glinto_status_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("glinto_metrics"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS|NGX_CONF_TAKE1,
      ngx_http_glinto_metrics_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_glinto_module_ctx = {
    ngx_http_glinto_add_variables,         /* preconfiguration */
    ngx_http_glinto_postconfiguration,     /* postconfiguration */

    ngx_http_glinto_create_main_conf,      /* create main configuration */
    ngx_http_glinto_init_main_conf,        /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_glinto_create_loc_conf,       /* create location configuration */
    ngx_http_glinto_merge_loc_conf         /* merge location configuration */
};


ngx_module_t  ngx_http_glinto_module = {
    NGX_MODULE_V1,
    &ngx_http_glinto_module_ctx,           /* module context */
    ngx_http_glinto_commands,              /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_glinto_check,                 /* init module */
    ngx_http_glinto_init_process,          /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_glinto_exit_process,          /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_glinto_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_glinto_main_conf_t));
    if (gmcf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     gmcf->spool = { 0, NULL };
     *     gmcf->socket = { 0, NULL };
     *     gmcf->salt = { 0, NULL };
     *     gmcf->sites = { 0, NULL };
     *     gmcf->needed_by = NULL;
     *     gmcf->script_told = gmcf->serves = 0;
     *     gmcf->zone = NULL;
     *     gmcf->worker = NULL;
     */

    gmcf->budget = NGX_CONF_UNSET;
    gmcf->segment = NGX_CONF_UNSET_SIZE;
    gmcf->cycle = cf->cycle;

    return gmcf;
}


static char *
ngx_http_glinto_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_glinto_main_conf_t *gmcf = conf;

    ngx_conf_init_value(gmcf->budget, NGX_HTTP_GLINTO_BUDGET);

    if (gmcf->socket.len == 0) {
        ngx_str_set(&gmcf->socket, NGX_HTTP_GLINTO_SOCKET);
    }

    if (gmcf->salt.len == 0) {
        ngx_str_set(&gmcf->salt, NGX_HTTP_GLINTO_SALT);
    }

    if (gmcf->sites.len == 0) {
        ngx_str_set(&gmcf->sites, NGX_HTTP_GLINTO_SITES);
    }

    if (gmcf->spool.len) {
        return ngx_http_glinto_init_spool(cf, gmcf);
    }

    return NGX_CONF_OK;
}


/*
 * Each worker has one segment open and one ahead, and two may be draining.
 * The budget is what an operator means: segments whose size he leaves open
 * become smaller until it does for all workers.
 */

static char *
ngx_http_glinto_init_spool(ngx_conf_t *cf, ngx_http_glinto_main_conf_t *gmcf)
{
    off_t             need, segment;
    ngx_int_t         n, workers;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    workers = ccf->worker_processes;

    if (workers == NGX_CONF_UNSET) {
        workers = 1;
    }

    n = 2 * workers + 2;

    if (gmcf->segment == NGX_CONF_UNSET_SIZE) {
        segment = gmcf->budget / n;
        segment -= segment % GL_SEGMENT_HEADER_BYTES;
        segment = ngx_min(segment, GL_SEGMENT_BYTES_DEFAULT);

        gmcf->segment = (size_t) ngx_max(segment,
                                         NGX_HTTP_GLINTO_SEGMENT_LEAST);
    }

    need = n * (off_t) gmcf->segment;

    if (gmcf->budget < need) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"glinto_spool\" budget of %O bytes is too small: "
                           "%i worker processes need %i segments of %uz "
                           "bytes, budget=%O",
                           gmcf->budget, workers, n,
                           gmcf->segment, need);
        return NGX_CONF_ERROR;
    }

    return ngx_http_glinto_measured_zone(cf, gmcf) == NGX_OK ? NGX_CONF_OK
                                                             : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_glinto_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    ngx_http_glinto_cors_init();

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_SERVER_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_glinto_server_handler;

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_REWRITE_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_glinto_rewrite_handler;

    return ngx_http_glinto_postconfiguration_log(cf, cmcf);
}


/* who counts no pages served has no handler for them */

static ngx_int_t
ngx_http_glinto_postconfiguration_log(ngx_conf_t *cf,
    ngx_http_core_main_conf_t *cmcf)
{
    ngx_http_handler_pt          *h;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_glinto_module);

    if (!gmcf->serves) {
        return NGX_OK;
    }

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_LOG_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_http_glinto_served_handler;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_server_handler(ngx_http_request_t *r)
{
    ngx_http_glinto_quiet_early(r);

    return NGX_DECLINED;
}


/* the first phase that knows the location; before access and limits */

static ngx_int_t
ngx_http_glinto_rewrite_handler(ngx_http_request_t *r)
{
    ngx_http_glinto_quiet(r);
    ngx_http_glinto_ctx_begin(r);

    return NGX_DECLINED;
}


static void *
ngx_http_glinto_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_glinto_loc_conf_t));
    if (glcf == NULL) {
        return NULL;
    }

    /* set by ngx_pcalloc(): adapter, metrics, door */

    glcf->site = NGX_CONF_UNSET_PTR;
    glcf->addr = NGX_CONF_UNSET_PTR;
    glcf->country = NGX_CONF_UNSET_PTR;
    glcf->region = NGX_CONF_UNSET_PTR;
    glcf->city = NGX_CONF_UNSET_PTR;
    glcf->network = NGX_CONF_UNSET_PTR;
    glcf->condition = NGX_CONF_UNSET_PTR;
    glcf->max_body = NGX_CONF_UNSET_SIZE;
    glcf->log_address = NGX_CONF_UNSET;
    glcf->served = NGX_CONF_UNSET;

    return glcf;
}


static void
ngx_http_glinto_merge_values(ngx_http_glinto_loc_conf_t *prev,
    ngx_http_glinto_loc_conf_t *conf)
{
    ngx_conf_merge_ptr_value(conf->site, prev->site, NULL);
    ngx_conf_merge_ptr_value(conf->addr, prev->addr, NULL);
    ngx_conf_merge_ptr_value(conf->country, prev->country, NULL);
    ngx_conf_merge_ptr_value(conf->region, prev->region, NULL);
    ngx_conf_merge_ptr_value(conf->city, prev->city, NULL);
    ngx_conf_merge_ptr_value(conf->network, prev->network, NULL);
    ngx_conf_merge_ptr_value(conf->condition, prev->condition, NULL);
}


static char *
ngx_http_glinto_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_glinto_loc_conf_t *prev = parent;
    ngx_http_glinto_loc_conf_t *conf = child;

    ngx_http_core_loc_conf_t  *clcf;

    ngx_http_glinto_merge_values(prev, conf);

    ngx_conf_merge_size_value(conf->max_body, prev->max_body,
                              NGX_HTTP_GLINTO_MAX_BODY);
    ngx_conf_merge_value(conf->log_address, prev->log_address, 1);
    ngx_conf_merge_value(conf->served, prev->served, 0);

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    /*
     * "if" and "limit_except" blocks are of their location: nginx calls its
     * handler with the configuration of the "if", and none in the other
     */

    if ((clcf->noname || clcf->lmt_excpt) && clcf->handler == NULL) {

        conf->door = prev->door;

        if (prev->adapter) {
            conf->adapter = prev->adapter;
            clcf->handler = ngx_http_glinto_collect_handler;
        }
    }

    if (conf->door) {

        /* else nginx answers in our place, and nobody counts it */

        clcf->client_max_body_size = 0;
    }

    if (conf->adapter == NULL) {
        return NGX_CONF_OK;
    }

    /* what is longer than this buffer nginx writes to a temporary file */

    if (clcf->client_body_buffer_size <= conf->max_body) {
        clcf->client_body_buffer_size = conf->max_body + 1;
    }

    return NGX_CONF_OK;
}
