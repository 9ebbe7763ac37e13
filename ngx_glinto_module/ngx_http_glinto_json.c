
/*
 * Copyright (C) Glinto contributors
 *
 * JSON of a request through the library: loading with a limit of depth and
 * the pool's lifetime, and scalars as texts and counts.  Forms become the
 * same objects, so that an adapter reads one shape.  Knows nothing of events.
 */


#include "ngx_http_glinto_adapter.h"


/* enough for any number: 20 digits, or 15 with sign, point and exponent */

#define NGX_HTTP_GLINTO_JSON_NUMBER_LEN  32

/* digits after which a double no longer tells 0.1 from its neighbours */

#define NGX_HTTP_GLINTO_JSON_PRECISION   15


static ngx_int_t ngx_http_glinto_json_own(ngx_pool_t *pool, json_t *value);
static void ngx_http_glinto_json_cleanup(void *data);
static ngx_uint_t ngx_http_glinto_json_too_deep(const u_char *p, size_t len);
static ngx_int_t ngx_http_glinto_json_form_set(json_t *object,
    const struct gl_text *key, const struct gl_text *value);


void
ngx_http_glinto_json_init(void)
{
    json_object_seed(0);
}


ngx_int_t
ngx_http_glinto_json_load(ngx_pool_t *pool, const u_char *data, size_t len,
    json_t **object)
{
    json_t  *root;

    if (ngx_http_glinto_json_too_deep(data, len)) {
        return NGX_DECLINED;
    }

    root = json_loadb((const char *) data, len, 0, NULL);

    if (!json_is_object(root)) {
        json_decref(root);
        return NGX_DECLINED;
    }

    *object = root;

    return ngx_http_glinto_json_own(pool, root);
}


/* the value is freed with the pool, or at once when that cannot be */

static ngx_int_t
ngx_http_glinto_json_own(ngx_pool_t *pool, json_t *value)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(pool, 0);

    if (cln == NULL) {
        json_decref(value);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_glinto_json_cleanup;
    cln->data = value;

    return NGX_OK;
}


static void
ngx_http_glinto_json_cleanup(void *data)
{
    json_decref(data);
}


/*
 * Counts brackets outside strings.  Up to the first byte that is not JSON,
 * where the parser stops anyway, this is the depth that it would reach.
 */

static ngx_uint_t
ngx_http_glinto_json_too_deep(const u_char *p, size_t len)
{
    const u_char  *last;
    ngx_int_t      depth;
    ngx_uint_t     quoted;

    depth = 0;
    quoted = 0;

    for (last = p + len; p < last; p++) {

        switch (*p) {

        case '"':
            quoted = !quoted;
            break;

        case '\\':
            p++;
            break;

        case '{':
        case '[':
            if (!quoted && ++depth > NGX_HTTP_GLINTO_JSON_DEPTH_MAX) {
                return 1;
            }
            break;

        case '}':
        case ']':
            if (!quoted) {
                depth--;
            }
            break;
        }
    }

    return 0;
}


ngx_int_t
ngx_http_glinto_json_form(ngx_pool_t *pool, const ngx_str_t *form,
    json_t **object)
{
    ngx_str_t        list, key, value;
    struct gl_text   k, v;

    *object = json_object();

    if (*object == NULL
        || ngx_http_glinto_json_own(pool, *object) != NGX_OK)
    {
        return NGX_ERROR;
    }

    list = *form;

    while (ngx_http_glinto_text_pair(&list, &key, &value)) {

        if (ngx_http_glinto_text_decode(pool, &key,
                                        NGX_HTTP_GLINTO_TEXT_PLUS, &k)
            != NGX_OK
            || ngx_http_glinto_text_decode(pool, &value,
                                           NGX_HTTP_GLINTO_TEXT_PLUS, &v)
            != NGX_OK
            || ngx_http_glinto_json_form_set(*object, &k, &v) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* "key", or "key[sub]": a member of the object under key, made when needed */

static ngx_int_t
ngx_http_glinto_json_form_set(json_t *object, const struct gl_text *key,
    const struct gl_text *value)
{
    json_t      *text, *inner;
    size_t       len;
    const char  *name, *bracket;

    name = key->data;
    len = key->len;

    if (len == 0) {
        return NGX_OK;
    }

    bracket = (name[len - 1] == ']') ? memchr(name, '[', len) : NULL;

    if (bracket) {
        inner = json_object_getn(object, name, bracket - name);

        if (!json_is_object(inner)) {
            inner = json_object();

            if (json_object_setn_new(object, name, bracket - name, inner)
                != 0)
            {
                return NGX_ERROR;
            }
        }

        object = inner;
        len = name + len - 1 - (bracket + 1);
        name = bracket + 1;
    }

    text = json_stringn(value->len ? value->data : "", value->len);

    return json_object_setn_new(object, name, len, text) == 0 ? NGX_OK
                                                              : NGX_ERROR;
}


json_t *
ngx_http_glinto_json_either(const json_t *object, const char *name,
    const char *other)
{
    json_t  *value;

    value = json_object_get(object, name);

    if (value == NULL || json_is_null(value) || json_is_false(value)) {
        value = json_object_get(object, other);
    }

    return (value == NULL || json_is_null(value)) ? NULL : value;
}


ngx_int_t
ngx_http_glinto_json_text(ngx_pool_t *pool, const json_t *value,
    struct gl_text *text)
{
    char    *p;
    size_t   n;

    switch (json_typeof(value)) {

    case JSON_STRING:
        text->data = json_string_value(value);
        text->len = (uint32_t) json_string_length(value);
        return NGX_OK;

    case JSON_INTEGER:
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_FALSE:
        break;

    default:
        return NGX_DECLINED;
    }

    p = ngx_pnalloc(pool, NGX_HTTP_GLINTO_JSON_NUMBER_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    n = json_dumpb(value, p, NGX_HTTP_GLINTO_JSON_NUMBER_LEN,
                   JSON_ENCODE_ANY
                   |JSON_REAL_PRECISION(NGX_HTTP_GLINTO_JSON_PRECISION));

    if (n == 0 || n > NGX_HTTP_GLINTO_JSON_NUMBER_LEN) {
        return NGX_DECLINED;
    }

    text->data = p;
    text->len = (uint32_t) n;

    return NGX_OK;
}


ngx_int_t
ngx_http_glinto_json_count(const json_t *value, int64_t *count)
{
    u_char  *p;
    size_t   n;

    if (json_is_string(value)) {
        p = (u_char *) json_string_value(value);
        n = json_string_length(value);

        if (n && *p == '+') {
            p++;
            n--;
        }

        *count = ngx_atoi(p, n);

    } else if (json_is_integer(value)) {
        *count = json_integer_value(value);

    } else {
        return NGX_DECLINED;
    }

    return *count < 0 ? NGX_DECLINED : NGX_OK;
}
