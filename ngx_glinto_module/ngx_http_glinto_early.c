
/*
 * Copyright (C) Glinto contributors
 *
 * A module of its own in the same file, whose configuration nginx looks at
 * before that of its own modules (config: ngx_module_order).  Who includes
 * locations.conf and forgets http.conf is told so, and not that some upstream
 * or zone is unknown.
 */


#include "ngx_http_glinto_module.h"


static char *ngx_http_glinto_early_init_main_conf(ngx_conf_t *cf, void *conf);


static ngx_http_module_t  ngx_http_glinto_early_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    ngx_http_glinto_early_init_main_conf,  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_glinto_early_module = {
    NGX_MODULE_V1,
    &ngx_http_glinto_early_module_ctx,     /* module context */
    NULL,                                  /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static char *
ngx_http_glinto_early_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_glinto_module);

    if (gmcf->spool.len == 0 && gmcf->needed_by) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%s\" needs \"glinto_spool\" in the http block: "
                           "\"include /etc/glinto/nginx/http.conf;\" brings it,",
                           gmcf->needed_by);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}
