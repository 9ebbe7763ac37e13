
/*
 * Copyright (C) Glinto contributors
 *
 * A visitor asks for page after page over one connection, and has the same id
 * each time: the id of its last request is kept with what it was made of, and
 * is taken again where all of that is the same, byte by byte, under the same
 * keys.  Behind a proxy others' requests come over one connection: after some
 * in a row that were each another's, nothing of it is kept any more.
 *
 * It is a connection's, some 310 bytes from its second request on, and wiped
 * with it: the address stays as long as the connection it came by.
 *
 * Runs in each nginx worker, single thread.
 */


#include "ngx_http_glinto_salt.h"
#include "ngx_http_glinto_visitor.h"

#include "apart.h"

#include <sodium.h>


/* of longer texts nothing is kept: agents of browsers have 70 to 140 bytes */

#define NGX_HTTP_GLINTO_KNOWN_BYTES  256

/* a browser has pages of some sites over one connection of HTTP/2 */

#define NGX_HTTP_GLINTO_KNOWN_OTHERS  8


struct ngx_http_glinto_known_s {
    const ngx_http_glinto_salts_t  *salts;
    ngx_uint_t                      changed;   /* salts->changed */
    ngx_uint_t                      others;    /* in a row */

    uint64_t                        visitor;
    uint64_t                        visitor_before;

    /* site, host, address and agent, one after the other */

    uint32_t                        site;
    uint32_t                        host;
    uint32_t                        addr;
    uint32_t                        agent;
    u_char                          bytes[NGX_HTTP_GLINTO_KNOWN_BYTES];
};


static GL_APART ngx_http_glinto_known_t *ngx_http_glinto_known_create(
    ngx_connection_t *c);
static void ngx_http_glinto_known_wipe(void *data);


ngx_http_glinto_known_t *
ngx_http_glinto_known(ngx_connection_t *c)
{
    ngx_pool_cleanup_t       *cln;
    ngx_http_glinto_known_t  *known;

    for (cln = c->pool->cleanup; cln; cln = cln->next) {

        if (cln->handler == ngx_http_glinto_known_wipe) {
            known = cln->data;

            return known->others <= NGX_HTTP_GLINTO_KNOWN_OTHERS ? known
                                                                 : NULL;
        }
    }

    return c->requests > 1 ? ngx_http_glinto_known_create(c) : NULL;
}


static GL_APART ngx_http_glinto_known_t *
ngx_http_glinto_known_create(ngx_connection_t *c)
{
    ngx_pool_cleanup_t       *cln;
    ngx_http_glinto_known_t  *known;

    cln = ngx_pool_cleanup_add(c->pool, sizeof(ngx_http_glinto_known_t));
    if (cln == NULL) {
        return NULL;
    }

    known = cln->data;
    known->salts = NULL;
    known->others = 0;

    cln->handler = ngx_http_glinto_known_wipe;

    return known;
}


static void
ngx_http_glinto_known_wipe(void *data)
{
    sodium_memzero(data, sizeof(ngx_http_glinto_known_t));
}


/* its bytes are there; they are compared without a copy */

static ngx_inline ngx_uint_t
ngx_http_glinto_known_part(u_char **bytes, struct gl_text text)
{
    u_char  *p;

    p = *bytes;
    *bytes = p + text.len;

    return text.len == 0 || ngx_memcmp(p, text.data, text.len) == 0;
}


ngx_uint_t
ngx_http_glinto_known_is(ngx_http_glinto_known_t *known,
    const ngx_http_glinto_salts_t *salts, struct gl_text addr,
    struct gl_event *event)
{
    u_char  *p;

    if (known->salts != salts || known->changed != salts->changed
        || known->site != event->site.len
        || known->host != event->host.len
        || known->addr != addr.len
        || known->agent != event->agent.len)
    {
        return 0;
    }

    p = known->bytes;

    if (!ngx_http_glinto_known_part(&p, event->site)
        || !ngx_http_glinto_known_part(&p, event->host)
        || !ngx_http_glinto_known_part(&p, addr)
        || !ngx_http_glinto_known_part(&p, event->agent))
    {
        return 0;
    }

    known->others = 0;

    event->visitor = known->visitor;
    event->visitor_before = known->visitor_before;

    return 1;
}


static ngx_inline u_char *
ngx_http_glinto_known_put(u_char *p, struct gl_text text)
{
    return text.len ? ngx_cpymem(p, text.data, text.len) : p;
}


void
ngx_http_glinto_known_keep(ngx_http_glinto_known_t *known,
    const ngx_http_glinto_salts_t *salts, struct gl_text addr,
    const struct gl_event *event)
{
    u_char  *p;

    if (known->others == NGX_HTTP_GLINTO_KNOWN_OTHERS) {
        ngx_http_glinto_known_wipe(known);
        known->others = NGX_HTTP_GLINTO_KNOWN_OTHERS + 1;
        return;
    }

    known->others++;

    if ((size_t) event->site.len + event->host.len + addr.len
        + event->agent.len > NGX_HTTP_GLINTO_KNOWN_BYTES)
    {
        return;
    }

    known->salts = salts;
    known->changed = salts->changed;

    known->visitor = event->visitor;
    known->visitor_before = event->visitor_before;

    known->site = event->site.len;
    known->host = event->host.len;
    known->addr = addr.len;
    known->agent = event->agent.len;

    p = ngx_http_glinto_known_put(known->bytes, event->site);
    p = ngx_http_glinto_known_put(p, event->host);
    p = ngx_http_glinto_known_put(p, addr);
    (void) ngx_http_glinto_known_put(p, event->agent);
}
