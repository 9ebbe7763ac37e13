
/*
 * Copyright (C) Glinto contributors
 *
 * A server that sends events of its visitors: whether it may, and for which
 * site.  It names them with each event, address and agent, which are hashed as
 * those of a request are; its own are nobody's.
 *
 *   POST /api/events?site=example.com
 *   Authorization: Bearer TOKEN          scope events:write
 *
 * The site is that of the query, else glinto_site, else the request's host; it
 * is one of the token's account.
 */


#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_sites.h"
#include "ngx_http_glinto_tokens.h"
#include "ngx_http_glinto_worker.h"


static ngx_int_t ngx_http_glinto_sender_site(ngx_http_glinto_collect_t *gc,
    ngx_str_t *site);


/* NGX_OK, a status with hit->field and hit->message */

ngx_int_t
ngx_http_glinto_sender(ngx_http_glinto_collect_t *gc)
{
    ngx_str_t                account, name;
    ngx_http_glinto_site_t  *site;

    gc->hit->field = "request";

    if (ngx_http_glinto_tokens_find(gc->request, gc->worker, &account)
        != NGX_OK)
    {
        gc->hit->message = "needs Authorization: Bearer and a token with the "
                           "scope events:write";
        return NGX_HTTP_UNAUTHORIZED;
    }

    if (ngx_http_glinto_sender_site(gc, &name) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    site = (name.len && gc->worker->sites)
           ? ngx_http_glinto_sites_find(gc->worker->sites, &name) : NULL;

    if (site == NULL || site->account.len != account.len
        || ngx_memcmp(site->account.data, account.data, account.len) != 0)
    {
        gc->hit->field = "site";
        gc->hit->message = "is none of the token's account; name one by "
                           "?site= in the address";
        return NGX_HTTP_FORBIDDEN;
    }

    gc->sends = site->domain;
    gc->hit->field = NULL;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_sender_site(ngx_http_glinto_collect_t *gc, ngx_str_t *site)
{
    ngx_str_t            value;
    struct gl_text       name;
    ngx_http_request_t  *r;

    r = gc->request;

    if (ngx_http_arg(r, (u_char *) "site", 4, &value) != NGX_OK) {
        value = r->headers_in.server;

        if (gc->glcf->site
            && ngx_http_complex_value(r, &gc->glcf->site->value, &value)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (gl_host_read(ngx_http_glinto_memory(gc->hit->pool),
                     ngx_http_glinto_text(&value), &name)
        != 0)
    {
        return NGX_ERROR;
    }

    site->data = (u_char *) name.data;
    site->len = name.len;

    return NGX_OK;
}


/* what item() and parse() find in the hit, of a request with a token */

void
ngx_http_glinto_sender_hit(ngx_http_glinto_collect_t *gc)
{
    ngx_http_glinto_hit_t  *hit;

    hit = gc->hit;

    if (gc->sends.len == 0) {
        return;
    }

    hit->sender = 1;
    hit->sites[0] = gc->sends;
    hit->nsites = 1;
    hit->event.host = ngx_http_glinto_text(&gc->sends);
}
