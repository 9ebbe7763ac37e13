
/*
 * Copyright (C) Glinto contributors
 *
 * Between nginx's types and schema/request/, which reads what a request says.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_request.h"


void *
ngx_http_glinto_request_memory(void *pool, size_t size)
{
    return ngx_pnalloc(pool, size);
}


ngx_int_t
ngx_http_glinto_page(ngx_pool_t *pool, struct gl_text address, ngx_uint_t hash,
    ngx_http_glinto_hit_t *hit)
{
    if (gl_page_read(ngx_http_glinto_memory(pool), address, hash != 0,
                     &hit->event, &hit->message)
        != 0)
    {
        return NGX_ERROR;
    }

    if (hit->message) {
        hit->field = "url";
        return NGX_DECLINED;
    }

    return NGX_OK;
}
