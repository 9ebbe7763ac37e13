
/*
 * Copyright (C) Glinto contributors
 *
 * Around the parser of ngx_http_glinto_json.c: what is mended before it reads,
 * what its values mean.
 */


#include "ngx_http_glinto_json.h"


static ngx_int_t ngx_http_glinto_json_unit(const u_char *p,
    const u_char *last);


ngx_int_t
ngx_http_glinto_json_mend(ngx_pool_t *pool, struct gl_text *text)
{
    u_char     *p, *last, *copy;
    ngx_int_t   unit, next;

    copy = NULL;
    p = (u_char *) text->data;
    last = p + text->len;

    while ((p = memchr(p, '\\', last - p)) != NULL) {

        unit = ngx_http_glinto_json_unit(p, last);

        if (unit < 0xd800 || unit > 0xdfff) {
            p += ngx_min(2, last - p);
            continue;
        }

        next = ngx_http_glinto_json_unit(p + 6, last);

        if (unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
            p += 12;
            continue;
        }

        if (copy == NULL) {
            copy = ngx_pnalloc(pool, text->len);
            if (copy == NULL) {
                return NGX_ERROR;
            }

            ngx_memcpy(copy, text->data, text->len);

            p = copy + (p - (u_char *) text->data);
            last = copy + text->len;
            text->data = (const char *) copy;
        }

        ngx_memcpy(p + 2, "fffd", 4);
        p += 6;
    }

    return NGX_OK;
}


/* the number in "\uXXXX", NGX_ERROR when that does not stand there */

static ngx_int_t
ngx_http_glinto_json_unit(const u_char *p, const u_char *last)
{
    if (last - p < 6 || p[0] != '\\' || p[1] != 'u') {
        return NGX_ERROR;
    }

    return ngx_hextoi((u_char *) p + 2, 4);
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
