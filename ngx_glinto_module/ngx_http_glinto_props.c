
/*
 * Copyright (C) Glinto contributors
 *
 * Custom properties and revenue of an event; see ngx_http_glinto_props.h.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_props.h"
#include "ngx_http_glinto_request.h"


static ngx_http_glinto_json_t *ngx_http_glinto_props_slot(void *ctx,
    const struct gl_text *key);
static ngx_uint_t ngx_http_glinto_props_useful(const struct gl_text *key,
    const ngx_http_glinto_json_t *value);
static ngx_int_t ngx_http_glinto_props_put(ngx_pool_t *pool,
    struct gl_text key, struct gl_text value, ngx_http_glinto_hit_t *hit);


ngx_int_t
ngx_http_glinto_props_read(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *object, ngx_http_glinto_props_t *props)
{
    ngx_int_t  rc;

    props->n = 0;
    props->path = 0;

    rc = ngx_http_glinto_members(pool, object, ngx_http_glinto_props_slot,
                                 props);

    if (rc == NGX_DECLINED) {
        props->n = 0;
        props->path = 0;
    }

    return rc == NGX_ERROR ? NGX_ERROR : NGX_OK;
}


static ngx_http_glinto_json_t *
ngx_http_glinto_props_slot(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_props_t *props = ctx;

    ngx_uint_t  i;

    if (ngx_http_glinto_json_text_is(key, "path")) {
        props->path = 1;
    }

    for (i = 0; i < props->n; i++) {
        if (props->keys[i].len == key->len
            && ngx_memcmp(props->keys[i].data, key->data, key->len) == 0)
        {
            return &props->values[i];
        }
    }

    if (i && !ngx_http_glinto_props_useful(&props->keys[i - 1],
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
ngx_http_glinto_props_useful(const struct gl_text *key,
    const ngx_http_glinto_json_t *value)
{
    return ngx_http_glinto_json_is_scalar(value)
           && gl_prop_says(*key, value->text);
}


const ngx_http_glinto_json_t *
ngx_http_glinto_props_value(const ngx_http_glinto_props_t *props,
    const char *key)
{
    ngx_uint_t  i;

    for (i = 0; i < props->n; i++) {
        if (ngx_http_glinto_json_text_is(&props->keys[i], key)) {
            return &props->values[i];
        }
    }

    return NULL;
}


ngx_int_t
ngx_http_glinto_props_take(ngx_pool_t *pool,
    const ngx_http_glinto_props_t *props, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t   rc;
    ngx_uint_t  i;

    for (i = 0; i < props->n; i++) {

        if (!ngx_http_glinto_props_useful(&props->keys[i], &props->values[i]))
        {
            continue;
        }

        rc = ngx_http_glinto_props_put(pool, props->keys[i],
                                       props->values[i].text, hit);

        if (rc != NGX_OK) {
            return rc;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_glinto_props_add(ngx_pool_t *pool, const char *key,
    struct gl_text value, ngx_http_glinto_hit_t *hit)
{
    struct gl_text  name = { key, (uint32_t) ngx_strlen(key) };

    return gl_prop_says(name, value)
           ? ngx_http_glinto_props_put(pool, name, value, hit) : NGX_OK;
}


static ngx_int_t
ngx_http_glinto_props_put(ngx_pool_t *pool, struct gl_text key,
    struct gl_text value, ngx_http_glinto_hit_t *hit)
{
    const char        *wrong;
    struct gl_prop    *prop;
    struct gl_event   *event;

    event = &hit->event;

    if (event->props_n == GL_EVENT_PROPS_MAX) {
        return NGX_OK;
    }

    prop = &event->props[event->props_n];
    prop->key = key;
    prop->value = value;

    if (gl_prop_read(ngx_http_glinto_memory(pool), prop, &wrong) != 0) {
        return NGX_ERROR;
    }

    if (wrong) {
        return ngx_http_glinto_hit_refuse(hit, "props", wrong);
    }

    event->props_n++;

    return NGX_OK;
}


ngx_int_t
ngx_http_glinto_props_revenue(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *amount,
    const ngx_http_glinto_json_t *currency, struct gl_event *event)
{
    struct gl_text  number;

    if (currency->type != NGX_HTTP_GLINTO_JSON_STRING
        || amount->type < NGX_HTTP_GLINTO_JSON_NUMBER
        || !ngx_http_glinto_json_is_scalar(amount))
    {
        return NGX_OK;
    }

    number = amount->text;

    if (!gl_amount_read(&number)) {
        return NGX_OK;
    }

    if (gl_currency_read(ngx_http_glinto_memory(pool), currency->text,
                         &event->currency)
        != 0)
    {
        return NGX_ERROR;
    }

    if (event->currency.len) {
        event->amount = number;
    }

    return NGX_OK;
}
