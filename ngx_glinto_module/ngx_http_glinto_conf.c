
/*
 * Copyright (C) Glinto contributors
 *
 * Setters of the directives that stock functions cannot set.  Relative paths
 * are taken from nginx's prefix.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_conf.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_request.h"

#include "segment.h"

#include <sys/un.h>


static char *ngx_http_glinto_conf_path(ngx_conf_t *cf, ngx_str_t *value,
    ngx_str_t *path);
static char *ngx_http_glinto_spool_segment(ngx_conf_t *cf, size_t size,
    ngx_str_t *value);
static char *ngx_http_glinto_spool_param(ngx_conf_t *cf,
    ngx_http_glinto_main_conf_t *gmcf, ngx_str_t *param);
static const ngx_http_glinto_adapter_t *ngx_http_glinto_tracker(
    ngx_conf_t *cf, ngx_str_t *name);
static char *ngx_http_glinto_set_handler(ngx_conf_t *cf,
    ngx_http_glinto_loc_conf_t *glcf, ngx_http_handler_pt handler,
    ngx_uint_t door);


/* whose trackers glinto_collect can understand, the default first */

static const ngx_http_glinto_adapter_t  *const ngx_http_glinto_adapters[] = {
    &ngx_http_glinto_plausible,
    &ngx_http_glinto_goatcounter,
    &ngx_http_glinto_umami,
    &ngx_http_glinto_matomo,
    &ngx_http_glinto_goatcounter_api,
    &ngx_http_glinto_events,
    NULL
};


char *
ngx_http_glinto_spool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_glinto_main_conf_t *gmcf = conf;

    char        *rv;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (gmcf->spool.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    rv = ngx_http_glinto_conf_path(cf, &value[1], &gmcf->spool);

    for (i = 2; rv == NGX_CONF_OK && i < cf->args->nelts; i++) {
        rv = ngx_http_glinto_spool_param(cf, gmcf, &value[i]);
    }

    return rv;
}


static char *
ngx_http_glinto_spool_segment(ngx_conf_t *cf, size_t size, ngx_str_t *value)
{
    if (size < GL_SEGMENT_BYTES_MIN || size > GL_SEGMENT_BYTES_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"glinto_spool\" segment size \"%V\" must be "
                           "between %dk and %dm", value,
                           GL_SEGMENT_BYTES_MIN / 1024,
                           GL_SEGMENT_BYTES_MAX / 1024 / 1024);
        return NGX_CONF_ERROR;
    }

    /* frames and the header page are aligned */

    if (size % GL_SEGMENT_HEADER_BYTES) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"glinto_spool\" segment size \"%V\" must be "
                           "a multiple of %dk", value,
                           GL_SEGMENT_HEADER_BYTES / 1024);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_glinto_spool_param(ngx_conf_t *cf, ngx_http_glinto_main_conf_t *gmcf,
    ngx_str_t *param)
{
    ngx_str_t  s;

    if (ngx_strncmp(param->data, "budget=", 7) == 0) {

        s.data = param->data + 7;
        s.len = param->len - 7;

        gmcf->budget = ngx_parse_offset(&s);

        if (gmcf->budget <= 0) {
            goto invalid;
        }

        return NGX_CONF_OK;
    }

    if (ngx_strncmp(param->data, "segment=", 8) == 0) {

        s.data = param->data + 8;
        s.len = param->len - 8;

        gmcf->segment = ngx_parse_size(&s);

        if (gmcf->segment == (size_t) NGX_ERROR) {
            goto invalid;
        }

        return ngx_http_glinto_spool_segment(cf, gmcf->segment, &s);
    }

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid parameter \"%V\"",
                       param);

    return NGX_CONF_ERROR;
}


char *
ngx_http_glinto_socket(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_glinto_main_conf_t *gmcf = conf;

    size_t       max;
    ngx_str_t   *value, path;

    if (gmcf->socket.len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len <= 5
        || ngx_strncmp(value[1].data, "unix:", 5) != 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid socket \"%V\", must be unix:PATH",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    path.data = value[1].data + 5;
    path.len = value[1].len - 5;

    if (ngx_http_glinto_conf_path(cf, &path, &gmcf->socket) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    max = sizeof(((struct sockaddr_un *) NULL)->sun_path) - 1;

    if (gmcf->socket.len > max) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "socket path \"%V\" has more than %uz bytes",
                           &gmcf->socket, max);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_glinto_path(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char *p = conf;

    ngx_str_t  *field, *value;

    field = (ngx_str_t *) (p + cmd->offset);

    if (field->len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    return ngx_http_glinto_conf_path(cf, &value[1], field);
}


/* glinto_site: a name without variables is read once, not in each request */

char *
ngx_http_glinto_named(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_glinto_loc_conf_t *glcf = conf;

    ngx_str_t                         *value;
    struct gl_text                     name;
    ngx_http_compile_complex_value_t   ccv;

    if (glcf->site != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    glcf->site = ngx_pcalloc(cf->pool, sizeof(ngx_http_glinto_named_t));
    if (glcf->site == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = &glcf->site->value;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (glcf->site->value.lengths || value[1].len == 0) {
        return NGX_CONF_OK;
    }

    if (gl_host_read(ngx_http_glinto_memory(cf->pool),
                     ngx_http_glinto_text(&value[1]), &name)
        != 0)
    {
        return NGX_CONF_ERROR;
    }

    glcf->site->name.data = (u_char *) name.data;
    glcf->site->name.len = name.len;

    return NGX_CONF_OK;
}


static char *
ngx_http_glinto_conf_path(ngx_conf_t *cf, ngx_str_t *value, ngx_str_t *path)
{
    if (value->len == 0) {
        return "has an empty path";
    }

    *path = *value;

    if (ngx_conf_full_name(cf->cycle, path, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    while (path->len > 1 && path->data[path->len - 1] == '/') {
        path->len--;
        path->data[path->len] = '\0';
    }

    if (path->len >= NGX_MAX_PATH - GL_SEGMENT_NAME_MAX) {
        return "has too long a path";
    }

    return NGX_CONF_OK;
}


/* glinto on | off */

char *
ngx_http_glinto_on(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_glinto_loc_conf_t *glcf = conf;

    char                         *rv;
    ngx_http_glinto_main_conf_t  *gmcf;

    rv = ngx_conf_set_flag_slot(cf, cmd, conf);

    if (rv != NGX_CONF_OK || !glcf->served) {
        return rv;
    }

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_glinto_module);
    gmcf->needed_by = (char *) cmd->name.data;
    gmcf->serves = 1;

    return NGX_CONF_OK;
}


/* glinto_collect [TRACKER], glinto_pixel */

char *
ngx_http_glinto_collect(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_glinto_loc_conf_t *glcf = conf;

    ngx_str_t                    *value;
    ngx_http_glinto_main_conf_t  *gmcf;

    if (glcf->adapter) {
        return "cannot stand beside another tracker in one location";
    }

    value = cf->args->elts;

    if (ngx_strcmp(cmd->name.data, "glinto_pixel") == 0) {
        glcf->adapter = &ngx_http_glinto_pixel;

    } else if (cf->args->nelts == 1) {
        glcf->adapter = ngx_http_glinto_adapters[0];

    } else {
        glcf->adapter = ngx_http_glinto_tracker(cf, &value[1]);

        if (glcf->adapter == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_glinto_module);
    gmcf->needed_by = (char *) cmd->name.data;

    return ngx_http_glinto_set_handler(cf, glcf,
                                       ngx_http_glinto_collect_handler,
                                       NGX_HTTP_GLINTO_OPEN_DOOR);
}


static const ngx_http_glinto_adapter_t *
ngx_http_glinto_tracker(ngx_conf_t *cf, ngx_str_t *name)
{
    const ngx_http_glinto_adapter_t  *const *adapter;

    for (adapter = ngx_http_glinto_adapters; *adapter; adapter++) {

        if ((*adapter)->name.len == name->len
            && ngx_memcmp((*adapter)->name.data, name->data, name->len) == 0)
        {
            return *adapter;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "unknown tracker \"%V\", must be \"plausible\", "
                       "\"goatcounter\", \"umami\", \"matomo\", "
                       "\"goatcounter-api\" or \"events\"", name);

    return NULL;
}


char *
ngx_http_glinto_script_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    return ngx_http_glinto_set_handler(cf, conf,
                                       ngx_http_glinto_script_handler,
                                       NGX_HTTP_GLINTO_OPEN_DOOR);
}


char *
ngx_http_glinto_status_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_glinto_module);
    gmcf->needed_by = (char *) cmd->name.data;

    return ngx_http_glinto_set_handler(cf, conf,
                                       ngx_http_glinto_status_handler,
                                       NGX_HTTP_GLINTO_OWN_DOOR);
}


char *
ngx_http_glinto_metrics_slot(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_glinto_loc_conf_t *glcf = conf;

    ngx_str_t                    *value;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_glinto_module);
    gmcf->needed_by = (char *) cmd->name.data;

    if (cf->args->nelts == 2) {
        value = cf->args->elts;

        if (value[1].len == 0 || value[1].data[0] != '/') {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "\"glinto_metrics\" takes the path of a "
                               "location, not \"%V\"", &value[1]);
            return NGX_CONF_ERROR;
        }

        glcf->metrics = value[1];
    }

    return ngx_http_glinto_set_handler(cf, glcf,
                                       ngx_http_glinto_metrics_handler,
                                       NGX_HTTP_GLINTO_OWN_DOOR);
}


static char *
ngx_http_glinto_set_handler(ngx_conf_t *cf, ngx_http_glinto_loc_conf_t *glcf,
    ngx_http_handler_pt handler, ngx_uint_t door)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = handler;
    glcf->door = door;

    return NGX_CONF_OK;
}
