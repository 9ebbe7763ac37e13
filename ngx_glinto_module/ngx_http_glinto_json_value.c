
/*
 * Copyright (C) Glinto contributors
 *
 * What values mean that the parser of ngx_http_glinto_json.c hands out.
 */


#include "ngx_http_glinto_json.h"


ngx_http_glinto_json_t *
ngx_http_glinto_json_named(const ngx_str_t *names, ngx_uint_t n,
    ngx_http_glinto_json_t *fields, const struct gl_text *key)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        if (names[i].len == key->len
            && names[i].data[0] == (u_char) key->data[0]
            && ngx_memcmp(names[i].data, key->data, key->len) == 0)
        {
            return &fields[i];
        }
    }

    return NULL;
}


ngx_uint_t
ngx_http_glinto_json_is_scalar(const ngx_http_glinto_json_t *value)
{
    return value->type >= NGX_HTTP_GLINTO_JSON_FALSE
           && value->type <= NGX_HTTP_GLINTO_JSON_STRING;
}


ngx_uint_t
ngx_http_glinto_json_is_integer(const ngx_http_glinto_json_t *value)
{
    size_t  i;

    if (value->type != NGX_HTTP_GLINTO_JSON_NUMBER) {
        return 0;
    }

    for (i = 0; i < value->text.len; i++) {
        if (strchr(".eE", value->text.data[i])) {
            return 0;
        }
    }

    return 1;
}


ngx_int_t
ngx_http_glinto_json_count(const ngx_http_glinto_json_t *value,
    int64_t *count)
{
    u_char  *p;
    size_t   n;

    p = (u_char *) value->text.data;
    n = value->text.len;

    if (value->type == NGX_HTTP_GLINTO_JSON_STRING) {

        if (n && *p == '+') {
            p++;
            n--;
        }

    } else if (value->type != NGX_HTTP_GLINTO_JSON_NUMBER) {
        return NGX_DECLINED;
    }

    *count = ngx_atoi(p, n);

    return *count < 0 ? NGX_DECLINED : NGX_OK;
}
