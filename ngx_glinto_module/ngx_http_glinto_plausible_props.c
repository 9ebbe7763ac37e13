
/*
 * Copyright (C) Glinto contributors
 *
 * What an event of Plausible's API carries beside itself: properties and
 * revenue, either as an object or as JSON in a string.
 */


#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_plausible.h"
#include "ngx_http_glinto_request.h"


/* of the object of properties, while it is read and until they are taken */

typedef struct {
    struct gl_text          keys[GL_EVENT_PROPS_MAX];
    ngx_http_glinto_json_t  values[GL_EVENT_PROPS_MAX];
    ngx_uint_t              n;
    unsigned                path:1;          /* it has one of its own */
} ngx_http_glinto_plausible_props_t;


typedef struct {
    ngx_http_glinto_json_t  amount;
    ngx_http_glinto_json_t  currency;
} ngx_http_glinto_plausible_revenue_t;


static ngx_http_glinto_json_t *ngx_http_glinto_plausible_props_slot(void *ctx,
    const struct gl_text *key);
static ngx_uint_t ngx_http_glinto_plausible_useful(const struct gl_text *key,
    const ngx_http_glinto_json_t *value);
static ngx_int_t ngx_http_glinto_plausible_take(ngx_pool_t *pool,
    const ngx_http_glinto_plausible_props_t *props,
    ngx_http_glinto_hit_t *hit);
static ngx_uint_t ngx_http_glinto_plausible_wants_path(
    const struct gl_event *event);
static ngx_http_glinto_json_t *ngx_http_glinto_plausible_revenue_slot(
    void *ctx, const struct gl_text *key);


/* what is no object of properties is ignored: the event itself counts */

ngx_int_t
ngx_http_glinto_plausible_props(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                          rc;
    struct gl_event                   *event;
    ngx_http_glinto_plausible_props_t  props;

    event = &hit->event;

    props.n = 0;
    props.path = 0;

    rc = ngx_http_glinto_members(pool,
             ngx_http_glinto_plausible_first(fields,
                                          NGX_HTTP_GLINTO_PLAUSIBLE_PROPS, 4),
             ngx_http_glinto_plausible_props_slot, &props);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_DECLINED) {
        props.n = 0;
        props.path = 0;
    }

    if (!props.path && ngx_http_glinto_plausible_wants_path(event)) {
        event->props[0].key.data = "path";
        event->props[0].key.len = 4;
        event->props[0].value = event->path;
        event->props_n = 1;
    }

    return ngx_http_glinto_plausible_take(pool, &props, hit);
}


/* the first 30 that are of use; of a key that comes twice the last value */

static ngx_http_glinto_json_t *
ngx_http_glinto_plausible_props_slot(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_plausible_props_t *props = ctx;

    ngx_uint_t  i;

    if (ngx_http_glinto_plausible_is(key, "path")) {
        props->path = 1;
    }

    for (i = 0; i < props->n; i++) {
        if (props->keys[i].len == key->len
            && ngx_memcmp(props->keys[i].data, key->data, key->len) == 0)
        {
            return &props->values[i];
        }
    }

    if (i && !ngx_http_glinto_plausible_useful(&props->keys[i - 1],
                                               &props->values[i - 1]))
    {
        i--;

    } else if (i == GL_EVENT_PROPS_MAX) {
        return NULL;
    }

    props->n = i + 1;
    props->keys[i] = *key;

    return &props->values[i];
}


static ngx_uint_t
ngx_http_glinto_plausible_useful(const struct gl_text *key,
    const ngx_http_glinto_json_t *value)
{
    return ngx_http_glinto_json_is_scalar(value)
           && gl_prop_says(*key, value->text);
}


static ngx_int_t
ngx_http_glinto_plausible_take(ngx_pool_t *pool,
    const ngx_http_glinto_plausible_props_t *props,
    ngx_http_glinto_hit_t *hit)
{
    ngx_uint_t        i;
    const char       *wrong;
    struct gl_prop   *prop;
    struct gl_event  *event;

    event = &hit->event;

    for (i = 0; i < props->n; i++) {

        if (event->props_n == GL_EVENT_PROPS_MAX) {
            break;
        }

        if (!ngx_http_glinto_plausible_useful(&props->keys[i],
                                              &props->values[i]))
        {
            continue;
        }

        prop = &event->props[event->props_n];
        prop->key = props->keys[i];
        prop->value = props->values[i].text;

        if (gl_prop_read(ngx_http_glinto_memory(pool), prop, &wrong) != 0) {
            return NGX_ERROR;
        }

        if (wrong) {
            return ngx_http_glinto_plausible_refuse(hit, "props", wrong);
        }

        event->props_n++;
    }

    return NGX_OK;
}


/* events whose reports are by page, though their scripts do not send it */

static ngx_uint_t
ngx_http_glinto_plausible_wants_path(const struct gl_event *event)
{
    return ngx_http_glinto_plausible_is(&event->name, "404")
           || ngx_http_glinto_plausible_is(&event->name,
                                           "WP Form Completions")
           || ngx_http_glinto_plausible_is(&event->name, "Form: Submission");
}


/* what is not revenue is ignored: the event itself still counts */

ngx_int_t
ngx_http_glinto_plausible_revenue(ngx_pool_t *pool,
    ngx_http_glinto_json_t *fields, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                            rc;
    struct gl_event                     *event;
    ngx_http_glinto_plausible_revenue_t  revenue;

    ngx_memzero(&revenue, sizeof(revenue));

    rc = ngx_http_glinto_members(pool,
             ngx_http_glinto_plausible_first(fields,
                                        NGX_HTTP_GLINTO_PLAUSIBLE_REVENUE, 2),
             ngx_http_glinto_plausible_revenue_slot, &revenue);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    if (rc == NGX_OK
        && revenue.currency.type == NGX_HTTP_GLINTO_JSON_STRING
        && revenue.amount.type >= NGX_HTTP_GLINTO_JSON_NUMBER
        && ngx_http_glinto_json_is_scalar(&revenue.amount)
        && gl_amount_read(&revenue.amount.text))
    {
        event = &hit->event;

        if (gl_currency_read(ngx_http_glinto_memory(pool),
                             revenue.currency.text, &event->currency)
            != 0)
        {
            return NGX_ERROR;
        }

        if (event->currency.len) {
            event->amount = revenue.amount.text;
        }
    }

    return NGX_OK;
}


static ngx_http_glinto_json_t *
ngx_http_glinto_plausible_revenue_slot(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_plausible_revenue_t *revenue = ctx;

    if (ngx_http_glinto_plausible_is(key, "amount")) {
        return &revenue->amount;
    }

    return ngx_http_glinto_plausible_is(key, "currency") ? &revenue->currency
                                                         : NULL;
}
