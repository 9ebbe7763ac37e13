
/*
 * Copyright (C) Glinto contributors
 *
 * The visitor id: SipHash-2-4, keyed by the day's salt, over what
 * request/visitor.h puts together.  The client's address is used here and
 * in known.c, which keeps it with the connection.  SipHash, not a slower
 * hash: 62 ns against 405, in each request but those of a known visitor.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_salt.h"
#include "ngx_http_glinto_visitor.h"
#include "ngx_http_glinto_worker.h"

#include "apart.h"

#include <sodium.h>


static GL_APART void ngx_http_glinto_visitor_make(
    ngx_http_glinto_worker_t *gw, struct gl_text addr,
    struct gl_event *event);
static GL_APART ngx_int_t ngx_http_glinto_visitor_said(ngx_http_request_t *r,
    ngx_http_complex_value_t *said, u_char *bytes, struct gl_text *addr);
static struct gl_text ngx_http_glinto_visitor_peer(ngx_connection_t *c,
    u_char *bytes);
static const char *ngx_http_glinto_visitor_registrable(const void *psl,
    const char *host);
static uint64_t ngx_http_glinto_visitor_hash(const char *person, size_t len,
    const u_char *key);


ngx_int_t
ngx_http_glinto_visitor(ngx_http_request_t *r, ngx_http_glinto_worker_t *gw,
    const struct gl_text *named, struct gl_event *event)
{
    u_char                     bytes[GL_VISITOR_IP_BYTES];
    struct gl_text             addr;
    ngx_http_glinto_known_t   *known;
    ngx_http_glinto_salts_t   *salts;

    if (ngx_http_glinto_visitor_addr(r, named, bytes, &addr) != NGX_OK) {
        return NGX_ERROR;
    }

    salts = &gw->salts;

    if (gw->wall_ms < salts->from_ms || gw->wall_ms >= salts->until_ms) {
        ngx_http_glinto_salt_roll(gw);
    }

    /* a server sends events of others over its connection */

    known = named->len ? NULL : ngx_http_glinto_known(r->connection);

    if (known == NULL
        || !ngx_http_glinto_known_is(known, salts, addr, event))
    {
        ngx_http_glinto_visitor_make(gw, addr, event);

        if (known) {
            ngx_http_glinto_known_keep(known, salts, addr, event);
        }
    }

    if (salts->today.local) {
        event->evidence |= GL_EVIDENCE_SALT_LOCAL;
    }

    return NGX_OK;
}


static GL_APART void
ngx_http_glinto_visitor_make(ngx_http_glinto_worker_t *gw,
    struct gl_text addr, struct gl_event *event)
{
    char                            person[GL_VISITOR_BYTES_MAX];
    size_t                          len;
    struct gl_suffixes              suffixes;
    const ngx_http_glinto_salts_t  *salts;

    suffixes.registrable = ngx_http_glinto_visitor_registrable;
    suffixes.from = gw->psl;

    len = gl_visitor_bytes(person, event, gl_visitor_domain(event, suffixes),
                           addr);

    salts = &gw->salts;

    event->visitor = ngx_http_glinto_visitor_hash(person, len,
                                                  salts->today.key);

    event->visitor_before = salts->before.known
                            ? ngx_http_glinto_visitor_hash(person, len,
                                                           salts->before.key)
                            : 0;
}


/* what glinto_client_addr says, else the connection's */

ngx_int_t
ngx_http_glinto_visitor_addr(ngx_http_request_t *r,
    const struct gl_text *person, u_char *bytes, struct gl_text *addr)
{
    ngx_http_glinto_loc_conf_t  *glcf;

    if (person->len) {
        *addr = gl_visitor_address(*person, bytes);
        return NGX_OK;
    }

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    if (glcf->addr) {
        return ngx_http_glinto_visitor_said(r, glcf->addr, bytes, addr);
    }

    *addr = ngx_http_glinto_visitor_peer(r->connection, bytes);

    return NGX_OK;
}


static GL_APART ngx_int_t
ngx_http_glinto_visitor_said(ngx_http_request_t *r,
    ngx_http_complex_value_t *said, u_char *bytes, struct gl_text *addr)
{
    ngx_str_t  value;

    if (ngx_http_complex_value(r, said, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    *addr = value.len ? gl_visitor_address(ngx_http_glinto_text(&value), bytes)
                      : ngx_http_glinto_visitor_peer(r->connection, bytes);

    return NGX_OK;
}


static struct gl_text
ngx_http_glinto_visitor_peer(ngx_connection_t *c, u_char *bytes)
{
    struct gl_text        addr;
    struct sockaddr_in   *sin;
    struct sockaddr_in6  *sin6;

    switch (c->sockaddr->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) c->sockaddr;
        return gl_visitor_ipv4(&sin->sin_addr, bytes);

    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) c->sockaddr;
        ngx_memcpy(bytes, &sin6->sin6_addr, GL_VISITOR_IP_BYTES);
        addr.data = (const char *) bytes;
        addr.len = GL_VISITOR_IP_BYTES;
        return addr;

    default:
        return ngx_http_glinto_text(&c->addr_text);
    }
}


static const char *
ngx_http_glinto_visitor_registrable(const void *psl, const char *host)
{
    return psl ? psl_registrable_domain(psl, host) : NULL;
}


static uint64_t
ngx_http_glinto_visitor_hash(const char *person, size_t len,
    const u_char *key)
{
    u_char    hash[crypto_shorthash_BYTES];
    uint64_t  id;

    (void) crypto_shorthash(hash, (const u_char *) person, len, key);

    ngx_memcpy(&id, hash, sizeof(uint64_t));

    return gl_visitor_id(id);
}
