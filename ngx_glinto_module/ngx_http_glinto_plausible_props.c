
/*
 * Copyright (C) Glinto contributors
 *
 * What an event of Plausible's API carries beside itself: properties and
 * revenue, either as an object or as JSON in a string.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_plausible.h"
#include "ngx_http_glinto_props.h"


typedef struct {
    ngx_http_glinto_json_t  amount;
    ngx_http_glinto_json_t  currency;
} ngx_http_glinto_plausible_revenue_t;


static ngx_uint_t ngx_http_glinto_plausible_wants_path(
    const struct gl_event *event);
static ngx_http_glinto_json_t *ngx_http_glinto_plausible_revenue_slot(
    void *ctx, const struct gl_text *key);


ngx_int_t
ngx_http_glinto_plausible_props(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    struct gl_event          *event;
    ngx_http_glinto_props_t   props;

    event = &hit->event;

    if (ngx_http_glinto_props_read(pool,
             ngx_http_glinto_plausible_first(fields,
                                          NGX_HTTP_GLINTO_PLAUSIBLE_PROPS, 4),
             &props)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!props.path && ngx_http_glinto_plausible_wants_path(event)) {
        event->props[0].key.data = "path";
        event->props[0].key.len = 4;
        event->props[0].value = event->path;
        event->props_n = 1;
    }

    return ngx_http_glinto_props_take(pool, &props, hit);
}


/* events whose reports are by page, though their scripts do not send it */

static ngx_uint_t
ngx_http_glinto_plausible_wants_path(const struct gl_event *event)
{
    return ngx_http_glinto_json_text_is(&event->name, "404")
           || ngx_http_glinto_json_text_is(&event->name,
                                           "WP Form Completions")
           || ngx_http_glinto_json_text_is(&event->name, "Form: Submission");
}


/* what is no object is no revenue */

ngx_int_t
ngx_http_glinto_plausible_revenue(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                            rc;
    ngx_http_glinto_plausible_revenue_t  revenue;

    ngx_memzero(&revenue, sizeof(revenue));

    rc = ngx_http_glinto_members(pool,
             ngx_http_glinto_plausible_first(fields,
                                        NGX_HTTP_GLINTO_PLAUSIBLE_REVENUE, 2),
             ngx_http_glinto_plausible_revenue_slot, &revenue);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_props_revenue(pool, &revenue.amount,
                                           &revenue.currency, &hit->event);
    }

    return rc == NGX_ERROR ? NGX_ERROR : NGX_OK;
}


static ngx_http_glinto_json_t *
ngx_http_glinto_plausible_revenue_slot(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_plausible_revenue_t *revenue = ctx;

    if (ngx_http_glinto_json_text_is(key, "amount")) {
        return &revenue->amount;
    }

    return ngx_http_glinto_json_text_is(key, "currency") ? &revenue->currency
                                                         : NULL;
}
