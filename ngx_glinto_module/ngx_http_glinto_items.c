
/*
 * Copyright (C) Glinto contributors
 *
 * A body that is a list of events, as JSON.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"


typedef struct {
    ngx_http_glinto_json_t       *items;
    ngx_uint_t                    n;
} ngx_http_glinto_items_t;


static ngx_http_glinto_json_t *ngx_http_glinto_items_slot(void *ctx,
    const struct gl_text *key);


ngx_int_t
ngx_http_glinto_items(ngx_pool_t *pool, struct gl_text text,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                rc;
    ngx_http_glinto_items_t  list;

    list.n = 0;
    list.items = ngx_palloc(pool, NGX_HTTP_GLINTO_ITEMS_MAX
                                  * sizeof(ngx_http_glinto_json_t));
    if (list.items == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_glinto_json_list(pool, &text, ngx_http_glinto_items_slot,
                                   &list);

    if (rc == NGX_DECLINED) {
        (void) ngx_http_glinto_hit_refuse(hit, "request",
                                          "is no list in JSON");

    } else if (rc == NGX_OK && list.n > NGX_HTTP_GLINTO_ITEMS_MAX) {
        rc = ngx_http_glinto_hit_refuse(hit, "request",
                                        "has more than 500 events");
    }

    hit->items = list.items;
    hit->nitems = list.n;

    return ngx_http_glinto_hit_status(rc);
}


/* what is beyond the last one is counted, and nothing more */

static ngx_http_glinto_json_t *
ngx_http_glinto_items_slot(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_items_t *list = ctx;

    if (list->n++ >= NGX_HTTP_GLINTO_ITEMS_MAX) {
        return NULL;
    }

    return &list->items[list->n - 1];
}
