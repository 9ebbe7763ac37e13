
/*
 * Copyright (C) Glinto contributors
 *
 * Variables, for the access log and for pages:
 *
 *   $glinto_stored     events of this request that are in the spool
 *   $glinto_dropped    events of this request that were turned away
 *   $glinto_visitors   live visitors of glinto_site, as the sites file says
 *   $glinto_away       1 while there is no aggregator, else empty
 *   $glinto_paused     since when there is no aggregator, "14:05 UTC"; now
 *                      when there is one
 *
 * All are empty ("-" in an access log) where they mean nothing.
 */


#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hint.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_sites.h"
#include "ngx_http_glinto_worker.h"


static ngx_int_t ngx_http_glinto_number_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_glinto_variables_site(ngx_http_request_t *r,
    ngx_http_glinto_site_t **site);
static ngx_int_t ngx_http_glinto_visitors_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_glinto_paused_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_glinto_away_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static time_t ngx_http_glinto_variables_away(ngx_http_request_t *r);


static ngx_http_variable_t  ngx_http_glinto_vars[] = {
    { ngx_string("glinto_stored"), NULL, ngx_http_glinto_number_variable,
      offsetof(ngx_http_glinto_ctx_t, stored), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("glinto_dropped"), NULL, ngx_http_glinto_number_variable,
      offsetof(ngx_http_glinto_ctx_t, dropped), NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("glinto_visitors"), NULL, ngx_http_glinto_visitors_variable,
      0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("glinto_paused"), NULL, ngx_http_glinto_paused_variable,
      0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("glinto_away"), NULL, ngx_http_glinto_away_variable,
      0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_glinto_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_glinto_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_number_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                 *p;
    ngx_http_glinto_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_glinto_module);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->len = ngx_sprintf(p, "%ui", *(ngx_uint_t *) ((char *) ctx + data)) - p;
    v->data = p;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


/* the site of the location; NULL: none, or nobody knows it */

static ngx_int_t
ngx_http_glinto_variables_site(ngx_http_request_t *r,
    ngx_http_glinto_site_t **site)
{
    ngx_str_t                     value, name;
    struct gl_text                text;
    ngx_http_glinto_worker_t     *gw;
    ngx_http_glinto_loc_conf_t   *glcf;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);
    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    *site = NULL;

    if (glcf->site == NULL || gmcf->spool.len == 0) {
        return NGX_OK;
    }

    gw = ngx_http_glinto_worker_get(gmcf);

    if (gw == NULL || gw->sites == NULL) {
        return NGX_OK;
    }

    if (ngx_http_complex_value(r, &glcf->site->value, &value) != NGX_OK
        || gl_host_read(ngx_http_glinto_memory(r->pool),
                        ngx_http_glinto_text(&value), &text)
           != 0)
    {
        return NGX_ERROR;
    }

    name.data = (u_char *) text.data;
    name.len = text.len;

    *site = ngx_http_glinto_sites_find(gw->sites, &name);

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_visitors_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_glinto_site_t  *site;

    v->not_found = 1;

    if (ngx_http_glinto_variables_site(r, &site) != NGX_OK) {
        return NGX_ERROR;
    }

    if (site == NULL || site->visitors.len == 0) {
        return NGX_OK;
    }

    /* the table may be replaced before the response is sent */

    v->data = ngx_pstrdup(r->pool, &site->visitors);
    if (v->data == NULL) {
        return NGX_ERROR;
    }

    v->len = site->visitors.len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_paused_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char    *p;
    time_t     since;
    ngx_tm_t   tm, today;

    since = ngx_http_glinto_variables_away(r);

    p = ngx_pnalloc(r->pool, sizeof("2026-11-23 14:05 UTC"));
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->data = p;

    ngx_gmtime(ngx_time(), &today);
    ngx_gmtime(since ? since : ngx_time(), &tm);

    if (tm.ngx_tm_mday != today.ngx_tm_mday
        || tm.ngx_tm_mon != today.ngx_tm_mon)
    {
        p = ngx_sprintf(p, "%4d-%02d-%02d ", tm.ngx_tm_year, tm.ngx_tm_mon,
                        tm.ngx_tm_mday);
    }

    p = ngx_sprintf(p, "%02d:%02d UTC", tm.ngx_tm_hour, tm.ngx_tm_min);

    v->len = p - v->data;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_away_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    v->data = (u_char *) "1";
    v->len = ngx_http_glinto_variables_away(r) ? 1 : 0;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static time_t
ngx_http_glinto_variables_away(ngx_http_request_t *r)
{
    ngx_http_glinto_worker_t     *gw;
    ngx_http_glinto_main_conf_t  *gmcf;

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);

    gw = gmcf->spool.len ? ngx_http_glinto_worker_get(gmcf) : NULL;

    return gw ? ngx_http_glinto_link_away(gw) : 0;
}
