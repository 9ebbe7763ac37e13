
/*
 * Copyright (C) Glinto contributors
 *
 * JSON and forms: the values of a body by their keys, and JSON to be sent.
 * Plain bytes and a pool, no request, so that tests and fuzzers can call it.
 */


#ifndef _NGX_HTTP_GLINTO_JSON_H_INCLUDED_
#define _NGX_HTTP_GLINTO_JSON_H_INCLUDED_


#include "ngx_http_glinto_module.h"

#include <yajl/yajl_gen.h>

ngx_http_glinto_private_begin

#include "event.h"


/*
 * JSON deeper than this is refused: a tracker's body has three levels, and
 * the library keeps a byte of state for each.
 */
#define NGX_HTTP_GLINTO_JSON_DEPTH_MAX  16


/* a value of a body; the order is that of ngx_http_glinto_json_is_scalar() */

typedef enum {
    NGX_HTTP_GLINTO_JSON_NONE = 0,           /* null, or not there */
    NGX_HTTP_GLINTO_JSON_FALSE,
    NGX_HTTP_GLINTO_JSON_TRUE,
    NGX_HTTP_GLINTO_JSON_NUMBER,
    NGX_HTTP_GLINTO_JSON_STRING,
    NGX_HTTP_GLINTO_JSON_OBJECT,
    NGX_HTTP_GLINTO_JSON_ARRAY,
    NGX_HTTP_GLINTO_JSON_FORM                /* an object, by its pairs */
} ngx_http_glinto_json_type_e;

typedef struct {
    ngx_uint_t                    type;

    /* a string's characters; what else there is as it was sent */
    struct gl_text                text;

    /* FORM: of all "outer[key]=value" of text; empty: of "key=value" */
    struct gl_text                outer;
} ngx_http_glinto_json_t;

/*
 * Where the value of a key goes that was just read, NULL when nobody wants it.
 * A key that comes twice asks twice.
 */
typedef ngx_http_glinto_json_t *(*ngx_http_glinto_json_slot_pt)(void *ctx,
    const struct gl_text *key);


/* ngx_http_glinto_members.c */

/*
 * Ask for each member of an object where it goes, and put it there; texts live
 * as long as the object's and the pool.  A string is the JSON in it.  NGX_OK,
 * NGX_DECLINED (it is no object, no JSON, too deep: what came before may have
 * been handed out), NGX_ERROR (no memory).
 */
ngx_int_t ngx_http_glinto_members(ngx_pool_t *pool,
    const ngx_http_glinto_json_t *object, ngx_http_glinto_json_slot_pt slot,
    void *ctx);


/* ngx_http_glinto_json.c */

/* the same of JSON, at most NGX_HTTP_GLINTO_MAX_BODY_LIMIT bytes of it */
ngx_int_t ngx_http_glinto_json_parse(ngx_pool_t *pool,
    const struct gl_text *json, ngx_http_glinto_json_slot_pt slot, void *ctx);


/*
 * The same of a list: each value asks where it goes, with an empty key.
 */
ngx_int_t ngx_http_glinto_json_list(ngx_pool_t *pool,
    const struct gl_text *json, ngx_http_glinto_json_slot_pt slot, void *ctx);

/* the arena, emptied: what the library has taken from it before is gone */
yajl_alloc_funcs *ngx_http_glinto_json_memory(void);


/* ngx_http_glinto_json_write.c */

typedef struct {
    yajl_gen                      gen;       /* opens and closes */
    u_char                       *start;
    u_char                       *last;
    u_char                       *end;
    unsigned                      full:1;
} ngx_http_glinto_json_writer_t;

/* a text of at most size bytes, whole before the next one begins */
ngx_int_t ngx_http_glinto_json_begin(ngx_http_glinto_json_writer_t *jw,
    ngx_pool_t *pool, size_t size);
void ngx_http_glinto_json_put_key(ngx_http_glinto_json_writer_t *jw,
    const char *name);
void ngx_http_glinto_json_put_text(ngx_http_glinto_json_writer_t *jw,
    const char *text, size_t len);
void ngx_http_glinto_json_put_number(ngx_http_glinto_json_writer_t *jw,
    const char *name, int64_t n);
void ngx_http_glinto_json_put_flag(ngx_http_glinto_json_writer_t *jw,
    const char *name, ngx_uint_t flag);

/* NGX_ERROR: it did not fit */
ngx_int_t ngx_http_glinto_json_finish(ngx_http_glinto_json_writer_t *jw,
    ngx_str_t *text);


/* ngx_http_glinto_json_value.c */

/* the place of a key in fields, by its place among n names; NULL: none */
ngx_http_glinto_json_t *ngx_http_glinto_json_named(const ngx_str_t *names,
    ngx_uint_t n, ngx_http_glinto_json_t *fields, const struct gl_text *key);

static ngx_inline ngx_uint_t
ngx_http_glinto_json_text_is(const struct gl_text *text, const char *word)
{
    return text->len == ngx_strlen(word)
           && ngx_memcmp(text->data, word, text->len) == 0;
}


/* a string, number or boolean: what has a text */
ngx_uint_t ngx_http_glinto_json_is_scalar(const ngx_http_glinto_json_t *value);

ngx_uint_t ngx_http_glinto_json_is_integer(
    const ngx_http_glinto_json_t *value);

/* an integer, or a string of digits; NGX_DECLINED when neither or negative */
ngx_int_t ngx_http_glinto_json_count(const ngx_http_glinto_json_t *value,
    int64_t *count);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_JSON_H_INCLUDED_ */
