
/*
 * Copyright (C) Glinto contributors
 *
 * How many bytes the requests of one client address hold, in fixed tables (a
 * count-min sketch): in each an address has the place that its keyed hash
 * says, so that nobody can choose whom he shares it with.  Whoever shares a
 * place has its bytes, too: the least of an address's places is what it holds
 * at most.  With 16 MiB in all at most 16 places of a table are full, and one
 * address in 16 million shares a full place in all four.  What was let in
 * while the worker held little is in no table.
 *
 * The hash is of the address that nginx has, behind realip; nothing keeps the
 * address.
 */


#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"

#include <sodium.h>


/* of IPv6 the network: a client has all addresses of it */

#define NGX_HTTP_GLINTO_SHARE_IPV6  8


static void ngx_http_glinto_share_find(ngx_http_glinto_ctx_t *ctx);
static ngx_inline uint32_t *ngx_http_glinto_share_place(
    ngx_http_glinto_ctx_t *ctx, ngx_uint_t table);


/* its places in the tables, by its client's address */

static void
ngx_http_glinto_share_find(ngx_http_glinto_ctx_t *ctx)
{
    size_t            len;
    u_char           *addr;
    struct sockaddr  *sa;

    sa = ctx->request->connection->sockaddr;

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

    (void) crypto_shorthash((u_char *) ctx->share, addr, len,
                            ctx->worker->share_key);
}


uint32_t
ngx_http_glinto_share_held(ngx_http_glinto_ctx_t *ctx)
{
    uint32_t    least;
    ngx_uint_t  i;

    if (!ctx->shared) {
        ngx_http_glinto_share_find(ctx);
    }

    least = NGX_MAX_UINT32_VALUE;

    for (i = 0; i < NGX_HTTP_GLINTO_SHARE_TABLES; i++) {
        least = ngx_min(least, *ngx_http_glinto_share_place(ctx, i));
    }

    return least;
}


void
ngx_http_glinto_share_more(ngx_http_glinto_ctx_t *ctx, size_t bytes)
{
    ngx_uint_t  i;

    ctx->shared = 1;

    for (i = 0; i < NGX_HTTP_GLINTO_SHARE_TABLES; i++) {
        *ngx_http_glinto_share_place(ctx, i) += (uint32_t) bytes;
    }
}


void
ngx_http_glinto_share_less(ngx_http_glinto_ctx_t *ctx, size_t bytes)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_GLINTO_SHARE_TABLES; i++) {
        *ngx_http_glinto_share_place(ctx, i) -= (uint32_t) bytes;
    }
}


/* 16 bits of the hash a table */

static ngx_inline uint32_t *
ngx_http_glinto_share_place(ngx_http_glinto_ctx_t *ctx, ngx_uint_t table)
{
    return &ctx->worker->shares[table]
                               [ctx->share[table] % NGX_HTTP_GLINTO_SHARES];
}
