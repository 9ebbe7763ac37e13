
/*
 * Copyright (C) Glinto contributors
 *
 * JSON that the worker writes itself: the status page, errors.  The library
 * writes, into one buffer of the request's pool.  What does not fit there
 * makes the text fail, not the worker.
 */


#include "ngx_http_glinto_json.h"


static void ngx_http_glinto_json_print(void *ctx, const char *text,
    size_t len);


ngx_int_t
ngx_http_glinto_json_begin(ngx_http_glinto_json_writer_t *jw,
    ngx_pool_t *pool, size_t size)
{
    jw->full = 0;

    jw->start = ngx_pnalloc(pool, size);
    if (jw->start == NULL) {
        return NGX_ERROR;
    }

    jw->last = jw->start;
    jw->end = jw->start + size;

    /* two structs: with a callback the library has no buffer of its own */

    jw->gen = yajl_gen_alloc(ngx_http_glinto_json_memory());

    (void) yajl_gen_config(jw->gen, yajl_gen_print_callback,
                           ngx_http_glinto_json_print, jw);

    return NGX_OK;
}


static void
ngx_http_glinto_json_print(void *ctx, const char *text, size_t len)
{
    ngx_http_glinto_json_writer_t *jw = ctx;

    if (len > (size_t) (jw->end - jw->last)) {
        jw->full = 1;
        return;
    }

    jw->last = ngx_cpymem(jw->last, text, len);
}


void
ngx_http_glinto_json_put_key(ngx_http_glinto_json_writer_t *jw,
    const char *name)
{
    ngx_http_glinto_json_put_text(jw, name, ngx_strlen(name));
}


void
ngx_http_glinto_json_put_text(ngx_http_glinto_json_writer_t *jw,
    const char *text, size_t len)
{
    (void) yajl_gen_string(jw->gen, (const u_char *) text, len);
}


void
ngx_http_glinto_json_put_number(ngx_http_glinto_json_writer_t *jw,
    const char *name, int64_t n)
{
    ngx_http_glinto_json_put_key(jw, name);
    (void) yajl_gen_integer(jw->gen, n);
}


void
ngx_http_glinto_json_put_flag(ngx_http_glinto_json_writer_t *jw,
    const char *name, ngx_uint_t flag)
{
    ngx_http_glinto_json_put_key(jw, name);
    (void) yajl_gen_bool(jw->gen, flag != 0);
}


ngx_int_t
ngx_http_glinto_json_finish(ngx_http_glinto_json_writer_t *jw,
    ngx_str_t *text)
{
    text->data = jw->start;
    text->len = jw->last - jw->start;

    return jw->full ? NGX_ERROR : NGX_OK;
}
