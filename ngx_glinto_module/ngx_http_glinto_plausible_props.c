
/*
 * Copyright (C) Glinto contributors
 *
 * What an event of Plausible's API carries beside itself: properties and
 * revenue, either as an object or as JSON in a string.
 */


#include "ngx_http_glinto_plausible.h"


#define NGX_HTTP_GLINTO_PLAUSIBLE_AMOUNT_MAX  32      /* bytes */


static ngx_int_t ngx_http_glinto_plausible_object(ngx_pool_t *pool,
    json_t *value, json_t **object);
static ngx_int_t ngx_http_glinto_plausible_each(ngx_pool_t *pool,
    json_t *props, ngx_http_glinto_hit_t *hit);
static ngx_uint_t ngx_http_glinto_plausible_wants_path(
    const struct gl_event *event, json_t *props);
static ngx_uint_t ngx_http_glinto_plausible_amount(struct gl_text *text);


ngx_int_t
ngx_http_glinto_plausible_props(ngx_pool_t *pool, json_t **fields,
    ngx_http_glinto_hit_t *hit)
{
    json_t           *props;
    ngx_int_t         rc;
    struct gl_event  *event;

    event = &hit->event;

    rc = ngx_http_glinto_plausible_object(pool,
             ngx_http_glinto_plausible_first(fields,
                                          NGX_HTTP_GLINTO_PLAUSIBLE_PROPS, 4),
             &props);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_http_glinto_plausible_wants_path(event, props)) {
        event->props[0].key.data = "path";
        event->props[0].key.len = 4;
        event->props[0].value = event->path;
        event->props_n = 1;
    }

    return ngx_http_glinto_plausible_each(pool, props, hit);
}


static ngx_int_t
ngx_http_glinto_plausible_each(ngx_pool_t *pool, json_t *props,
    ngx_http_glinto_hit_t *hit)
{
    size_t            len;
    json_t           *value;
    ngx_int_t         rc;
    const char       *key;
    struct gl_prop   *prop;
    struct gl_event  *event;

    event = &hit->event;

    json_object_keylen_foreach(props, key, len, value) {

        if (event->props_n == GL_EVENT_PROPS_MAX) {
            break;
        }

        prop = &event->props[event->props_n];
        prop->key.data = key;
        prop->key.len = (uint32_t) len;

        rc = ngx_http_glinto_json_text(pool, value, &prop->value);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DECLINED
            || ngx_http_glinto_plausible_blank(&prop->key)
            || ngx_http_glinto_plausible_blank(&prop->value))
        {
            continue;
        }

        if (len > GL_EVENT_PROP_KEY_MAX
            || prop->value.len > GL_EVENT_PROP_VALUE_MAX)
        {
            return ngx_http_glinto_plausible_refuse(hit, "props",
                   "has a key of over 300 bytes or a value of over 2000");
        }

        event->props_n++;
    }

    return NGX_OK;
}


/* events whose reports are by page, though their scripts do not send it */

static ngx_uint_t
ngx_http_glinto_plausible_wants_path(const struct gl_event *event,
    json_t *props)
{
    return (ngx_http_glinto_plausible_is(&event->name, "404")
            || ngx_http_glinto_plausible_is(&event->name,
                                            "WP Form Completions")
            || ngx_http_glinto_plausible_is(&event->name, "Form: Submission"))
           && json_object_get(props, "path") == NULL;
}


/* an object, or one as JSON in a string; else NULL */

static ngx_int_t
ngx_http_glinto_plausible_object(ngx_pool_t *pool, json_t *value,
    json_t **object)
{
    ngx_int_t  rc;

    if (!json_is_string(value)) {
        *object = json_is_object(value) ? value : NULL;
        return NGX_OK;
    }

    rc = ngx_http_glinto_json_load(pool,
                                   (const u_char *) json_string_value(value),
                                   json_string_length(value), object);

    if (rc == NGX_DECLINED) {
        *object = NULL;
        return NGX_OK;
    }

    return rc;
}


/* what is not revenue is ignored: the event itself still counts */

ngx_int_t
ngx_http_glinto_plausible_revenue(ngx_pool_t *pool, json_t **fields,
    ngx_http_glinto_hit_t *hit)
{
    json_t           *revenue, *amount, *currency;
    ngx_int_t         rc;
    const char       *code;
    struct gl_text    text;
    struct gl_event  *event;

    rc = ngx_http_glinto_plausible_object(pool,
             ngx_http_glinto_plausible_first(fields,
                                        NGX_HTTP_GLINTO_PLAUSIBLE_REVENUE, 2),
             &revenue);

    if (rc != NGX_OK) {
        return rc;
    }

    amount = json_object_get(revenue, "amount");
    currency = json_object_get(revenue, "currency");
    code = json_string_value(currency);

    if (code == NULL || json_string_length(currency) != 3
        || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3
        || (!json_is_string(amount) && !json_is_number(amount)))
    {
        return NGX_OK;
    }

    if (ngx_http_glinto_json_text(pool, amount, &text) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_glinto_plausible_amount(&text)) {
        event = &hit->event;
        event->amount = text;
        event->currency.data = code;
        event->currency.len = 3;
    }

    return NGX_OK;
}


/*
 * Cuts text to the plain decimal number it begins with.  0 when there is none,
 * or when digits follow that would change its value: "1,234.50", "1e3".
 */

static ngx_uint_t
ngx_http_glinto_plausible_amount(struct gl_text *text)
{
    uint32_t     i, digits, end;
    const char  *p;

    p = text->data;
    digits = 0;
    end = 0;

    i = (text->len && (p[0] == '-' || p[0] == '+')) ? 1 : 0;

    for ( /* void */ ; i < text->len && p[i] >= '0' && p[i] <= '9'; i++) {
        digits++;
        end = i + 1;
    }

    if (i < text->len && p[i] == '.') {
        for (i++; i < text->len && p[i] >= '0' && p[i] <= '9'; i++) {
            digits++;
            end = i + 1;
        }
    }

    for ( /* void */ ; i < text->len; i++) {
        if (p[i] >= '0' && p[i] <= '9') {
            return 0;
        }
    }

    if (text->len && p[0] == '+' && end) {
        text->data++;
        end--;
    }

    text->len = end;

    return digits && end <= NGX_HTTP_GLINTO_PLAUSIBLE_AMOUNT_MAX;
}
