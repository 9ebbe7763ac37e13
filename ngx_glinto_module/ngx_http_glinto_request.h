
/*
 * Copyright (C) Glinto contributors
 *
 * Between nginx's types and schema/request/, which reads what a request says:
 * who needs it includes this file.
 */


#ifndef _NGX_HTTP_GLINTO_REQUEST_H_INCLUDED_
#define _NGX_HTTP_GLINTO_REQUEST_H_INCLUDED_


#include "ngx_http_glinto_hit.h"

ngx_http_glinto_private_begin

#include "request/address.h"
#include "request/codes.h"
#include "request/headers.h"
#include "request/host.h"
#include "request/json.h"
#include "request/longest.h"
#include "request/page.h"
#include "request/text.h"
#include "request/utf8.h"
#include "request/values.h"
#include "request/visitor.h"


void *ngx_http_glinto_request_memory(void *pool, size_t size);

static ngx_inline struct gl_memory
ngx_http_glinto_memory(ngx_pool_t *pool)
{
    struct gl_memory  memory = { ngx_http_glinto_request_memory, pool };

    return memory;
}


static ngx_inline struct gl_text
ngx_http_glinto_text(const ngx_str_t *str)
{
    struct gl_text  text = { (const char *) str->data, (uint32_t) str->len };

    return text;
}


/*
 * Take the page's address apart into the event, as request/page.h says, with
 * the "#fragment" when hash.  NGX_OK, NGX_ERROR (no memory), or NGX_DECLINED
 * with hit->field and hit->message set (too long, "data:").
 */
ngx_int_t ngx_http_glinto_page(ngx_pool_t *pool, struct gl_text address,
    ngx_uint_t hash, ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_REQUEST_H_INCLUDED_ */
