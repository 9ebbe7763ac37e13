
/*
 * Copyright (C) Glinto contributors
 *
 * Setters of directives.
 */


#ifndef _NGX_HTTP_GLINTO_CONF_H_INCLUDED_
#define _NGX_HTTP_GLINTO_CONF_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


char *ngx_http_glinto_on(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_spool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_socket(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_named(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_path(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_collect(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_script_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_glinto_status_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_glinto_metrics_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_CONF_H_INCLUDED_ */
