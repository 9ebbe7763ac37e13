
/*
 * Copyright (C) Glinto contributors
 *
 * How many bytes the requests of one client address hold, in a fixed table: an
 * address has the place that its keyed hash says, so that nobody can choose
 * whom he shares it with.  The hash is of the address that nginx has, behind
 * realip; nothing keeps the address.
 */


#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"

#include <sodium.h>


/* of IPv6 the network: a client has all addresses of it */

#define NGX_HTTP_GLINTO_SHARE_IPV6  8


uint32_t *
ngx_http_glinto_share(ngx_http_glinto_worker_t *gw, ngx_http_request_t *r)
{
    size_t                len;
    u_char               *addr, hash[crypto_shorthash_BYTES];
    uint32_t              place;
    struct sockaddr      *sa;

    sa = r->connection->sockaddr;

    switch (sa->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        addr = ((struct sockaddr_in6 *) sa)->sin6_addr.s6_addr;
        len = NGX_HTTP_GLINTO_SHARE_IPV6;
        break;
#endif

    case AF_INET:
        addr = (u_char *) &((struct sockaddr_in *) sa)->sin_addr;
        len = sizeof(in_addr_t);
        break;

    default:
        addr = NULL;
        len = 0;
    }

    (void) crypto_shorthash(hash, addr, len, gw->share_key);
    ngx_memcpy(&place, hash, sizeof(uint32_t));

    return &gw->shares[place % NGX_HTTP_GLINTO_SHARES];
}
