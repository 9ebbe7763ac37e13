
/*
 * Copyright (C) Glinto contributors
 *
 * Whose events a site turns away.
 */


#ifndef _NGX_HTTP_GLINTO_SHIELDS_H_INCLUDED_
#define _NGX_HTTP_GLINTO_SHIELDS_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin

#include "event.h"


/* lists without an element are of no interest: then nothing is looked up */

typedef struct {
    ngx_array_t                   addresses; /* of ngx_cidr_t */
    ngx_array_t                   countries; /* of ngx_str_t */
    ngx_array_t                   pages;     /* patterns */
    ngx_array_t                   agents;    /* parts, in any case */
} ngx_http_glinto_shields_t;


/*
 * A word "block_...=..." of a site's line: *shields is made for the first.
 * NGX_DECLINED: it is another word; NGX_ERROR: no memory.
 */
ngx_int_t ngx_http_glinto_shields_word(ngx_pool_t *pool,
    ngx_http_glinto_shields_t **shields, const ngx_str_t *key,
    const ngx_str_t *value);

/*
 * The reason to turn the event away, or TAKEN.  addr is as it is hashed
 * (request/visitor.h), or empty; the event's country is the code.
 */
ngx_uint_t ngx_http_glinto_shields_block(ngx_http_glinto_shields_t *shields,
    const struct gl_event *event, const struct gl_text *addr);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_SHIELDS_H_INCLUDED_ */
