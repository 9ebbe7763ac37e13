
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
#include "ngx_http_glinto_visitor.h"
#include "ngx_http_glinto_worker.h"

#include "apart.h"


static ngx_uint_t ngx_http_glinto_route_said(
    const ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_route_named(ngx_http_glinto_collect_t *gc);
static GL_APART ngx_int_t ngx_http_glinto_route_unnamed(
    ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_route_site(ngx_http_glinto_collect_t *gc,
    ngx_http_glinto_taken_t *to, ngx_uint_t *reason);
static ngx_int_t ngx_http_glinto_route_judge(ngx_http_glinto_collect_t *gc,
    ngx_http_glinto_site_t *site, ngx_uint_t *reason);
static ngx_int_t ngx_http_glinto_route_shields(ngx_http_glinto_collect_t *gc,
    ngx_http_glinto_shields_t *shields, ngx_uint_t *reason);
static void ngx_http_glinto_route_take(ngx_http_glinto_collect_t *gc,
    const ngx_http_glinto_taken_t *to);
static ngx_int_t ngx_http_glinto_route_wanted(ngx_http_glinto_collect_t *gc,
    ngx_uint_t *reason);
static ngx_int_t ngx_http_glinto_route_condition(
    ngx_http_glinto_collect_t *gc, ngx_uint_t *reason);
static GL_APART ngx_int_t ngx_http_glinto_route_asked(
    ngx_http_glinto_collect_t *gc, ngx_uint_t *reason);
static void ngx_http_glinto_route_drop(ngx_http_glinto_collect_t *gc,
    const ngx_str_t *name, ngx_uint_t reason);


ngx_int_t
ngx_http_glinto_route(ngx_http_glinto_collect_t *gc)
{
    ngx_uint_t                i, all, reason;
    ngx_http_glinto_hit_t    *hit;
    ngx_http_glinto_taken_t   to;

    hit = gc->hit;

    if (ngx_http_glinto_route_named(gc) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_glinto_headers_read(gc->request, hit, &all);

    if (ngx_http_glinto_headers_event(hit) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_glinto_route_wanted(gc, &all) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < hit->nsites; i++) {

        to.name = hit->sites[i];
        to.left_out = 0;
        reason = all;

        if (ngx_http_glinto_route_site(gc, &to, &reason) != NGX_OK) {
            return NGX_ERROR;
        }

        if (reason == NGX_HTTP_GLINTO_TAKEN) {
            ngx_http_glinto_route_take(gc, &to);

        } else {
            ngx_http_glinto_route_drop(gc, &to.name, reason);
        }
    }

    if (hit->event.currency.len == 0) {

        /* an amount of nothing */

        hit->event.amount.len = 0;
    }

    gc->ctx->dropped += hit->dropped;

    return NGX_OK;
}


ngx_int_t
ngx_http_glinto_route_page(ngx_http_glinto_collect_t *gc)
{
    ngx_uint_t                reason;
    ngx_http_glinto_hit_t    *hit;
    ngx_http_glinto_taken_t   to;

    hit = gc->hit;

    ngx_http_glinto_headers_read(gc->request, hit, &reason);

    if (reason == NGX_HTTP_GLINTO_BOT_HEADERS) {
        hit->bot = 1;

    } else if (reason != NGX_HTTP_GLINTO_TAKEN) {
        return NGX_OK;
    }

    reason = NGX_HTTP_GLINTO_TAKEN;

    if (ngx_http_glinto_route_condition(gc, &reason) != NGX_OK
        || ngx_http_glinto_route_named(gc) != NGX_OK)
    {
        return NGX_ERROR;
    }

    to.name = hit->sites[0];
    to.left_out = 0;

    if (ngx_http_glinto_route_site(gc, &to, &reason) != NGX_OK) {
        return NGX_ERROR;
    }

    if (reason == NGX_HTTP_GLINTO_TAKEN) {
        ngx_http_glinto_route_take(gc, &to);
    }

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
    const ngx_http_glinto_taken_t *to)
{
    ngx_uint_t                      i;
    const ngx_http_glinto_taken_t  *taken;

    for (i = 0; i < gc->ntaken; i++) {
        taken = &gc->taken[i];

        if (taken->name.len == to->name.len
            && ngx_memcmp(taken->name.data, to->name.data, to->name.len) == 0)
        {
            return;
        }
    }

    gc->taken[gc->ntaken++] = *to;
}


/* a request that names no site: glinto_site, else the page's host */

static ngx_int_t
ngx_http_glinto_route_named(ngx_http_glinto_collect_t *gc)
{
    return gc->hit->nsites ? NGX_OK : ngx_http_glinto_route_unnamed(gc);
}


static GL_APART ngx_int_t
ngx_http_glinto_route_unnamed(ngx_http_glinto_collect_t *gc)
{
    ngx_str_t                    value;
    struct gl_text               name;
    ngx_http_glinto_hit_t       *hit;

    hit = gc->hit;
    name = hit->event.host;

    if (gc->glcf->site && gc->glcf->site->name.len) {
        name = ngx_http_glinto_text(&gc->glcf->site->name);

    } else if (gc->glcf->site) {
        if (ngx_http_complex_value(gc->request, &gc->glcf->site->value, &value)
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


/* *reason to drop the event for this site; an alias becomes its site */

static ngx_int_t
ngx_http_glinto_route_site(ngx_http_glinto_collect_t *gc,
    ngx_http_glinto_taken_t *to, ngx_uint_t *reason)
{
    ngx_http_glinto_site_t  *site;

    if (to->name.len == 0 || to->name.len > NGX_HTTP_GLINTO_SITE_MAX) {
        *reason = NGX_HTTP_GLINTO_UNKNOWN_SITE;
        return NGX_OK;
    }

    if (gc->worker->sites == NULL) {
        return NGX_OK;
    }

    site = ngx_http_glinto_sites_find(gc->worker->sites, &to->name);

    if (site == NULL) {
        *reason = NGX_HTTP_GLINTO_UNKNOWN_SITE;
        return NGX_OK;
    }

    to->name = site->domain;
    to->left_out = site->left_out;

    if (gc->hit->event.amount.len && gc->hit->event.currency.len == 0) {
        gc->hit->event.currency = ngx_http_glinto_text(&site->currency);
    }

    if (*reason != NGX_HTTP_GLINTO_TAKEN) {
        return NGX_OK;
    }

    return ngx_http_glinto_route_judge(gc, site, reason);
}


static ngx_int_t
ngx_http_glinto_route_judge(ngx_http_glinto_collect_t *gc,
    ngx_http_glinto_site_t *site, ngx_uint_t *reason)
{
    if (site->hosts.len
        && !ngx_http_glinto_route_allows(site, &gc->hit->event.host))
    {
        *reason = NGX_HTTP_GLINTO_HOSTNAME_NOT_ALLOWED;

    } else if (((site->heeds & NGX_HTTP_GLINTO_HEEDS_GPC)
                && gc->hit->seen.gpc)
               || ((site->heeds & NGX_HTTP_GLINTO_HEEDS_DNT)
                   && gc->hit->seen.dnt))
    {
        *reason = NGX_HTTP_GLINTO_OPT_OUT;

    } else if (site->shields) {
        return ngx_http_glinto_route_shields(gc, site->shields, reason);
    }

    return NGX_OK;
}


/* address and country are found for sites alone that ask */

static ngx_int_t
ngx_http_glinto_route_shields(ngx_http_glinto_collect_t *gc,
    ngx_http_glinto_shields_t *shields, ngx_uint_t *reason)
{
    u_char          bytes[GL_VISITOR_IP_BYTES];
    struct gl_text  addr;

    addr.len = 0;
    addr.data = NULL;

    if (shields->addresses.nelts
        && ngx_http_glinto_visitor_addr(gc->request, &gc->hit->person, bytes,
                                        &addr)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (shields->countries.nelts && ngx_http_glinto_place(gc) != NGX_OK) {
        return NGX_ERROR;
    }

    *reason = ngx_http_glinto_shields_block(shields, &gc->hit->event, &addr);

    return NGX_OK;
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
    if (*reason == NGX_HTTP_GLINTO_TAKEN) {
        *reason = ngx_http_glinto_route_said(gc->hit);
    }

    return ngx_http_glinto_route_condition(gc, reason);
}


static ngx_int_t
ngx_http_glinto_route_condition(ngx_http_glinto_collect_t *gc,
    ngx_uint_t *reason)
{
    return gc->glcf->condition ? ngx_http_glinto_route_asked(gc, reason)
                               : NGX_OK;
}


static GL_APART ngx_int_t
ngx_http_glinto_route_asked(ngx_http_glinto_collect_t *gc, ngx_uint_t *reason)
{
    ngx_str_t  value;

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
