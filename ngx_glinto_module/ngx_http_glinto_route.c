
/*
 * Copyright (C) Glinto contributors
 *
 * Which of the sites that a request names get its event, and what the worker
 * itself turns away, with its reason.  Makes no frame.
 */


#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_sites.h"
#include "ngx_http_glinto_worker.h"


static ngx_uint_t ngx_http_glinto_route_said(
    const ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_route_named(ngx_http_glinto_collect_t *gc);
static ngx_uint_t ngx_http_glinto_route_site(ngx_http_glinto_collect_t *gc,
    ngx_str_t *name, ngx_uint_t reason);
static void ngx_http_glinto_route_take(ngx_http_glinto_collect_t *gc,
    const ngx_str_t *name);
static ngx_int_t ngx_http_glinto_route_wanted(ngx_http_glinto_collect_t *gc,
    ngx_uint_t *reason);
static void ngx_http_glinto_route_drop(ngx_http_glinto_collect_t *gc,
    const ngx_str_t *name, ngx_uint_t reason);


ngx_int_t
ngx_http_glinto_route(ngx_http_glinto_collect_t *gc)
{
    ngx_str_t                  name;
    ngx_uint_t                 i, all, reason;
    ngx_http_glinto_hit_t     *hit;

    hit = gc->hit;

    if (ngx_http_glinto_route_named(gc) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_glinto_headers_read(gc->request, hit->pool, &hit->event, &all)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_glinto_route_wanted(gc, &all) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < hit->nsites; i++) {

        name = hit->sites[i];
        reason = ngx_http_glinto_route_site(gc, &name, all);

        if (reason == NGX_HTTP_GLINTO_TAKEN) {
            ngx_http_glinto_route_take(gc, &name);

        } else {
            ngx_http_glinto_route_drop(gc, &name, reason);
        }
    }

    if (hit->event.currency.len == 0) {

        /* an amount of nothing */

        hit->event.amount.len = 0;
    }

    gc->ctx->dropped += hit->dropped;

    return NGX_OK;
}


/* what its tracker says of the event */

static ngx_uint_t
ngx_http_glinto_route_said(const ngx_http_glinto_hit_t *hit)
{
    if (hit->bot) {
        return NGX_HTTP_GLINTO_BOT_HEADERS;
    }

    return hit->unsupported ? NGX_HTTP_GLINTO_UNSUPPORTED
                            : NGX_HTTP_GLINTO_TAKEN;
}


static void
ngx_http_glinto_route_drop(ngx_http_glinto_collect_t *gc,
    const ngx_str_t *name, ngx_uint_t reason)
{
    gc->hit->dropped++;
    gc->hit->reason = reason;

    if (reason == NGX_HTTP_GLINTO_UNKNOWN_SITE) {

        /* of names that nobody knows, some are enough */

        ngx_http_glinto_counts_add_sample(gc->worker, reason, name);

    } else {
        ngx_http_glinto_counts_add_site(gc->worker, reason, name);
    }
}


/* a site and its alias are one site */

static void
ngx_http_glinto_route_take(ngx_http_glinto_collect_t *gc,
    const ngx_str_t *name)
{
    ngx_uint_t  i;

    for (i = 0; i < gc->ntaken; i++) {
        if (gc->taken[i].len == name->len
            && ngx_memcmp(gc->taken[i].data, name->data, name->len) == 0)
        {
            return;
        }
    }

    gc->taken[gc->ntaken++] = *name;
}


/* a request that names no site: glinto_site, else the page's host */

static ngx_int_t
ngx_http_glinto_route_named(ngx_http_glinto_collect_t *gc)
{
    ngx_str_t                    value;
    struct gl_text               name;
    ngx_http_glinto_hit_t       *hit;

    hit = gc->hit;

    if (hit->nsites) {
        return NGX_OK;
    }

    name = hit->event.host;

    if (gc->glcf->site) {
        if (ngx_http_complex_value(gc->request, gc->glcf->site, &value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        if (value.len
            && gl_host_read(ngx_http_glinto_memory(hit->pool),
                            ngx_http_glinto_text(&value), &name)
               != 0)
        {
            return NGX_ERROR;
        }
    }

    hit->sites[0].data = (u_char *) name.data;
    hit->sites[0].len = name.len;
    hit->nsites = 1;

    return NGX_OK;
}


/* the reason to drop the event for this site; an alias becomes its site */

static ngx_uint_t
ngx_http_glinto_route_site(ngx_http_glinto_collect_t *gc, ngx_str_t *name,
    ngx_uint_t reason)
{
    ngx_http_glinto_site_t  *site;

    if (name->len == 0 || name->len > NGX_HTTP_GLINTO_SITE_MAX) {
        return NGX_HTTP_GLINTO_UNKNOWN_SITE;
    }

    if (gc->worker->sites == NULL) {
        return reason;
    }

    site = ngx_http_glinto_sites_find(gc->worker->sites, name);

    if (site == NULL) {
        return NGX_HTTP_GLINTO_UNKNOWN_SITE;
    }

    *name = site->domain;

    if (gc->hit->event.amount.len && gc->hit->event.currency.len == 0) {
        gc->hit->event.currency = ngx_http_glinto_text(&site->currency);
    }

    if (reason != NGX_HTTP_GLINTO_TAKEN) {
        return reason;
    }

    if (site->hosts.len
        && !ngx_http_glinto_route_allows(site, &gc->hit->event.host))
    {
        return NGX_HTTP_GLINTO_HOSTNAME_NOT_ALLOWED;
    }

    if (site->optout && (gc->hit->event.evidence & GL_EVIDENCE_GPC)) {
        return NGX_HTTP_GLINTO_OPT_OUT;
    }

    return NGX_HTTP_GLINTO_TAKEN;
}


ngx_uint_t
ngx_http_glinto_route_allows(ngx_http_glinto_site_t *site,
    const struct gl_text *host)
{
    u_char  *p, *last, *comma;
    size_t   len;

    p = site->hosts.data;
    last = p + site->hosts.len;

    while (p < last) {
        comma = ngx_strlchr(p, last, ',');
        len = (comma ? comma : last) - p;

        if (len == host->len && ngx_memcmp(p, host->data, len) == 0) {
            return 1;
        }

        p += len + 1;
    }

    return 0;
}


/*
 * What its tracker says of the event, when nothing else stands against it, and
 * glinto_if, which outranks all: "" and "0" say no, as in access_log.
 */

static ngx_int_t
ngx_http_glinto_route_wanted(ngx_http_glinto_collect_t *gc,
    ngx_uint_t *reason)
{
    ngx_str_t  value;

    if (*reason == NGX_HTTP_GLINTO_TAKEN) {
        *reason = ngx_http_glinto_route_said(gc->hit);
    }

    if (gc->glcf->condition == NULL) {
        return NGX_OK;
    }

    if (ngx_http_complex_value(gc->request, gc->glcf->condition, &value)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (value.len == 0 || (value.len == 1 && value.data[0] == '0')) {
        *reason = NGX_HTTP_GLINTO_CONDITION;
    }

    return NGX_OK;
}
