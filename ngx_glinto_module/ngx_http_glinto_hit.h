
/*
 * Copyright (C) Glinto contributors
 *
 * A tracking request between its adapter, which knows the tracker's words, and
 * the core, which knows none of them.
 */


#ifndef _NGX_HTTP_GLINTO_HIT_H_INCLUDED_
#define _NGX_HTTP_GLINTO_HIT_H_INCLUDED_


#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin

#include "event.h"
#include "request/headers.h"


#define NGX_HTTP_GLINTO_SITES_MAX  16     /* sites in one request's list */
#define NGX_HTTP_GLINTO_ITEMS_MAX  500    /* events in one request */


/*
 * One tracking request as its adapter sees it.  There is one in a worker, used
 * again for every request: parse() finds it zeroed, but for event.props beyond
 * props_n and sites beyond nsites.  At reply() only dropped, reason, adapter
 * and, for 400, field and message are set.
 *
 * collect fills event.site, visitor, visitor_before, agent, language,
 * evidence, country, region and city; the rest is the adapter's.  Of a sender
 * with a token it finds site and host filled in, and agent, language and place
 * are the adapter's, too.
 */

typedef struct {
    struct gl_event                   event;

    /* for texts of the event: given back when its frames are made */

    ngx_pool_t                       *pool;

    ngx_str_t                         sites[NGX_HTTP_GLINTO_SITES_MAX];
    ngx_uint_t                        nsites;    /* 0 = take glinto_site,
                                                    else the event's host */
    ngx_uint_t                        dropped;   /* sites turned away:
                                                    x-plausible-dropped */
    ngx_uint_t                        reason;    /* of the last of them, while
                                                    its reply is at once */

    /* a server sends it, with a token: whose event it is, an address or what
       else is one person's; empty: nobody's */

    struct gl_text                    person;
    unsigned                          sender:1;

    struct gl_headers                 seen;      /* of a request that has no
                                                    sender */

    /* what the tracker itself says of the event */

    unsigned                          bot:1;
    unsigned                          unsupported:1; /* no place for it here */
    unsigned                          silent:1;  /* it wants no body back */

    /* of a request with several events: what item() makes one of */

    const ngx_http_glinto_json_t     *items;
    ngx_uint_t                        nitems;

    /* the body of its reply, as answer() wrote it */

    ngx_str_t                         answer;

    /* why parse returned 400: a JSON field name and a sentence, static */

    const char                       *field;
    const char                       *message;

    const ngx_http_glinto_adapter_t  *adapter;
} ngx_http_glinto_hit_t;


/* one of several events is refused */

typedef struct {
    ngx_uint_t                        item;
    const char                       *field;
    const char                       *message;
} ngx_http_glinto_wrong_t;


struct ngx_http_glinto_adapter_s {
    ngx_str_t                         name;      /* "plausible", "pixel" */
    ngx_uint_t                        methods;   /* NGX_HTTP_POST ... */
    ngx_table_elt_t                   allow;     /* the same, told with 405 */

    /*
     * fill hit->event and hit->sites from the request; body is whole and in
     * one piece, empty for GET; texts may point into body, r or
     * hit->pool
     *
     * NGX_OK
     * NGX_HTTP_BAD_REQUEST   hit->field and hit->message say why
     * NGX_HTTP_INTERNAL_SERVER_ERROR   no memory
     */
    ngx_int_t                       (*parse)(ngx_http_request_t *r,
                                             ngx_str_t *body,
                                             ngx_http_glinto_hit_t *hit);

    /*
     * send the whole response through nginx's filters and return the code
     * for ngx_http_finalize_request(); status 202 accepted (adapter may use
     * its own, pixel: 200), 400 with field and message, 405 (adds allow),
     * 413, 503 (adds "Retry-After: 1"); with a token 401, 403
     */
    ngx_int_t                       (*reply)(ngx_http_request_t *r,
                                             ngx_http_glinto_hit_t *hit,
                                             ngx_uint_t status);

    /* answer OPTIONS, NULL = 405 */
    ngx_int_t                       (*preflight)(ngx_http_request_t *r);

    /*
     * requests may have several events, NULL = never: fill the hit from one
     * of hit->items as parse() does, and say in body, of the request's pool,
     * what became of n of them; NGX_OK, NGX_ERROR
     */
    ngx_int_t                       (*item)(ngx_http_request_t *r,
                                            const ngx_http_glinto_json_t *item,
                                            ngx_http_glinto_hit_t *hit);
    ngx_int_t                       (*answer)(ngx_http_request_t *r,
                                              ngx_uint_t n,
                                              const ngx_array_t *wrong,
                                              ngx_str_t *body);

    /* servers send with a token (ngx_http_glinto_sender.c), nobody else */
    ngx_uint_t                        token;
};


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_HIT_H_INCLUDED_ */
