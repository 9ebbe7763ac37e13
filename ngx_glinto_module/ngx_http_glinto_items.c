
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


/* what ends the last line is the end */

ngx_int_t
ngx_http_glinto_items_lines(ngx_pool_t *pool, struct gl_text text,
    ngx_http_glinto_hit_t *hit)
{
    const char              *end;
    uint32_t                 len;
    ngx_http_glinto_json_t  *item;

    hit->items = ngx_palloc(pool, NGX_HTTP_GLINTO_ITEMS_MAX
                                  * sizeof(ngx_http_glinto_json_t));
    if (hit->items == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (item = (ngx_http_glinto_json_t *) hit->items; text.len; item++) {

        if (hit->nitems++ == NGX_HTTP_GLINTO_ITEMS_MAX) {
            return ngx_http_glinto_hit_status(
                       ngx_http_glinto_hit_refuse(hit, "request",
                                                  "has more than 500 events"));
        }

        end = memchr(text.data, '\n', text.len);
        len = end ? (uint32_t) (end - text.data) : text.len;

        ngx_memzero(item, sizeof(ngx_http_glinto_json_t));
        item->type = NGX_HTTP_GLINTO_JSON_OBJECT;
        item->text.data = text.data;
        item->text.len = len;

        text.data += len + (end != NULL);
        text.len -= len + (end != NULL);
    }

    return NGX_OK;
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
