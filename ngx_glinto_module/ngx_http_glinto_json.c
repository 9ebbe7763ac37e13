
/*
 * Copyright (C) Glinto contributors
 *
 * JSON of a request through the library, without a tree: the members of one
 * object, or of one list, are handed out as they are read, what nobody wants
 * leaves nothing.
 * A member that is an object is handed out as its text, to be read the same
 * way.  Knows nothing of events.
 *
 * The library does not look whether it got memory.  All it takes is from one
 * arena that cannot run out: see NGX_HTTP_GLINTO_JSON_ARENA.
 */


#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_request.h"

#include <setjmp.h>
#include <yajl/yajl_parse.h>


/*
 * The library takes 128 bytes for its stack of states, one a level and so
 * never grown, some structs of less than 100 bytes, and two texts.  They have
 * a power of two of bytes, more than the text in them and at most double; of a
 * longest body that is twice its length.  One is what strings with escapes
 * mean, the other the last token of a text that ends within one.  Each is the
 * arena's last piece while it grows, so that it grows in place.
 */

#define NGX_HTTP_GLINTO_JSON_ARENA                                            \
    (4096 + 2 * 2 * NGX_HTTP_GLINTO_MAX_BODY_LIMIT)


typedef struct {
    ngx_pool_t                   *pool;
    const u_char                 *data;
    size_t                        len;
    yajl_handle                   handle;

    ngx_http_glinto_json_slot_pt  slot;
    void                         *ctx;

    ngx_http_glinto_json_t       *value;     /* of the last key; NULL: no */
    ngx_uint_t                    depth;
    size_t                        end;       /* of the object; 0: not yet */
    unsigned                      list:1;    /* of values, without keys */
    unsigned                      failed:1;  /* no memory in the pool */
} ngx_http_glinto_json_parse_t;


static ngx_int_t ngx_http_glinto_json_whole(ngx_pool_t *pool,
    const struct gl_text *json, ngx_uint_t list,
    ngx_http_glinto_json_slot_pt slot, void *ctx);
static ngx_int_t ngx_http_glinto_json_run(ngx_http_glinto_json_parse_t *jp);
static void *ngx_http_glinto_json_malloc(void *ctx, size_t size);
static void *ngx_http_glinto_json_realloc(void *ctx, void *p, size_t size);
static void ngx_http_glinto_json_free(void *ctx, void *p);
static int ngx_http_glinto_json_null(void *ctx);
static int ngx_http_glinto_json_boolean(void *ctx, int value);
static int ngx_http_glinto_json_number(void *ctx, const char *p, size_t len);
static int ngx_http_glinto_json_string(void *ctx, const u_char *p,
    size_t len);
static int ngx_http_glinto_json_key(void *ctx, const u_char *p, size_t len);
static int ngx_http_glinto_json_start_object(void *ctx);
static int ngx_http_glinto_json_start_array(void *ctx);
static int ngx_http_glinto_json_end(void *ctx);
static int ngx_http_glinto_json_scalar(ngx_http_glinto_json_parse_t *jp,
    ngx_uint_t type, const char *p, size_t len);
static void ngx_http_glinto_json_item(ngx_http_glinto_json_parse_t *jp);
static int ngx_http_glinto_json_put(ngx_http_glinto_json_parse_t *jp,
    ngx_uint_t type, const char *p, size_t len);
static int ngx_http_glinto_json_start(ngx_http_glinto_json_parse_t *jp,
    ngx_uint_t type);
static int ngx_http_glinto_json_keep(ngx_http_glinto_json_parse_t *jp,
    const u_char *p, size_t len, struct gl_text *text);


static const yajl_callbacks  ngx_http_glinto_json_callbacks = {
    ngx_http_glinto_json_null,
    ngx_http_glinto_json_boolean,
    NULL,
    NULL,
    ngx_http_glinto_json_number,
    ngx_http_glinto_json_string,
    ngx_http_glinto_json_start_object,
    ngx_http_glinto_json_key,
    ngx_http_glinto_json_end,
    ngx_http_glinto_json_start_array,
    ngx_http_glinto_json_end
};


/* a process reads one text at a time; pages that are not used cost nothing */

static struct {
    size_t                        used;
    size_t                        last;      /* where the last piece begins */
    jmp_buf                       out;       /* of the library: no memory */
    u_char                        bytes[NGX_HTTP_GLINTO_JSON_ARENA]
        __attribute__((aligned(NGX_ALIGNMENT)));
} ngx_http_glinto_json_arena;


ngx_int_t
ngx_http_glinto_json_parse(ngx_pool_t *pool, const struct gl_text *json,
    ngx_http_glinto_json_slot_pt slot, void *ctx)
{
    return ngx_http_glinto_json_whole(pool, json, 0, slot, ctx);
}


ngx_int_t
ngx_http_glinto_json_list(ngx_pool_t *pool, const struct gl_text *json,
    ngx_http_glinto_json_slot_pt slot, void *ctx)
{
    return ngx_http_glinto_json_whole(pool, json, 1, slot, ctx);
}


static ngx_int_t
ngx_http_glinto_json_whole(ngx_pool_t *pool, const struct gl_text *json,
    ngx_uint_t list, ngx_http_glinto_json_slot_pt slot, void *ctx)
{
    size_t                        i;
    ngx_int_t                     rc;
    struct gl_text                text;
    ngx_http_glinto_json_parse_t  jp;

    text = *json;

    if (text.len == 0 || text.len > NGX_HTTP_GLINTO_MAX_BODY_LIMIT) {
        return NGX_DECLINED;
    }

    if (gl_json_mend(ngx_http_glinto_memory(pool), text, &text) != 0) {
        return NGX_ERROR;
    }

    /* the library's own check takes surrogates and long forms for UTF-8 */

    if (!gl_utf8_is(text)) {
        return NGX_DECLINED;
    }

    ngx_memzero(&jp, sizeof(ngx_http_glinto_json_parse_t));

    jp.pool = pool;
    jp.data = (const u_char *) text.data;
    jp.len = text.len;
    jp.list = list;
    jp.slot = slot;
    jp.ctx = ctx;

    rc = ngx_http_glinto_json_run(&jp);

    if (rc != NGX_OK) {
        return jp.failed ? NGX_ERROR : rc;
    }

    for (i = jp.end; i < jp.len; i++) {
        if (strchr(" \t\r\n", jp.data[i]) == NULL || jp.data[i] == '\0') {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/*
 * The library would go on where it got no memory, and crash.  With the arena
 * that cannot be; should another version of it need more, it is left.
 */

static ngx_int_t
ngx_http_glinto_json_run(ngx_http_glinto_json_parse_t *jp)
{
    if (_setjmp(ngx_http_glinto_json_arena.out)) {
        return NGX_ERROR;
    }

    jp->handle = yajl_alloc(&ngx_http_glinto_json_callbacks,
                            ngx_http_glinto_json_memory(), jp);

    (void) yajl_config(jp->handle, yajl_dont_validate_strings, 1);

    /* what follows the object is looked at by the caller */

    (void) yajl_config(jp->handle, yajl_allow_trailing_garbage, 1);

    if (yajl_parse(jp->handle, jp->data, jp->len) != yajl_status_ok
        || jp->end == 0)
    {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


yajl_alloc_funcs *
ngx_http_glinto_json_memory(void)
{
    static yajl_alloc_funcs  memory = {
        ngx_http_glinto_json_malloc,
        ngx_http_glinto_json_realloc,
        ngx_http_glinto_json_free,
        NULL
    };

    ngx_http_glinto_json_arena.used = 0;
    ngx_http_glinto_json_arena.last = 0;

    return &memory;
}


static void *
ngx_http_glinto_json_malloc(void *ctx, size_t size)
{
    size_t  start;

    start = ngx_align(ngx_http_glinto_json_arena.used, NGX_ALIGNMENT);

    if (size > NGX_HTTP_GLINTO_JSON_ARENA - start) {
        _longjmp(ngx_http_glinto_json_arena.out, 1);
    }

    ngx_http_glinto_json_arena.last = start;
    ngx_http_glinto_json_arena.used = start + size;

    return ngx_http_glinto_json_arena.bytes + start;
}


/* only grows: the last piece where it is, an empty one is a new piece */

static void *
ngx_http_glinto_json_realloc(void *ctx, void *p, size_t size)
{
    if (p) {
        if (p != ngx_http_glinto_json_arena.bytes
                 + ngx_http_glinto_json_arena.last)
        {
            _longjmp(ngx_http_glinto_json_arena.out, 1);
        }

        ngx_http_glinto_json_arena.used = ngx_http_glinto_json_arena.last;
    }

    return ngx_http_glinto_json_malloc(ctx, size);
}


static void
ngx_http_glinto_json_free(void *ctx, void *p)
{
}


static int
ngx_http_glinto_json_null(void *ctx)
{
    return ngx_http_glinto_json_scalar(ctx, NGX_HTTP_GLINTO_JSON_NONE, NULL,
                                       0);
}


static int
ngx_http_glinto_json_boolean(void *ctx, int value)
{
    return value
           ? ngx_http_glinto_json_scalar(ctx, NGX_HTTP_GLINTO_JSON_TRUE,
                                         "true", 4)
           : ngx_http_glinto_json_scalar(ctx, NGX_HTTP_GLINTO_JSON_FALSE,
                                         "false", 5);
}


static int
ngx_http_glinto_json_number(void *ctx, const char *p, size_t len)
{
    return ngx_http_glinto_json_scalar(ctx, NGX_HTTP_GLINTO_JSON_NUMBER, p,
                                       len);
}


static int
ngx_http_glinto_json_string(void *ctx, const u_char *p, size_t len)
{
    ngx_http_glinto_json_parse_t *jp = ctx;

    struct gl_text  text;

    ngx_http_glinto_json_item(jp);

    if (jp->depth == 1 && jp->value) {

        if (!ngx_http_glinto_json_keep(jp, p, len, &text)) {
            return 0;
        }

        p = (const u_char *) text.data;
        len = text.len;
    }

    return ngx_http_glinto_json_put(jp, NGX_HTTP_GLINTO_JSON_STRING,
                                    (const char *) p, len);
}


static int
ngx_http_glinto_json_key(void *ctx, const u_char *p, size_t len)
{
    ngx_http_glinto_json_parse_t *jp = ctx;

    struct gl_text  key;

    if (jp->depth == 1) {

        if (!ngx_http_glinto_json_keep(jp, p, len, &key)) {
            return 0;
        }

        jp->value = jp->slot(jp->ctx, &key);
    }

    return 1;
}


static int
ngx_http_glinto_json_start_object(void *ctx)
{
    return ngx_http_glinto_json_start(ctx, NGX_HTTP_GLINTO_JSON_OBJECT);
}


static int
ngx_http_glinto_json_start_array(void *ctx)
{
    return ngx_http_glinto_json_start(ctx, NGX_HTTP_GLINTO_JSON_ARRAY);
}


/* 0, here and above: the library goes no further */

static int
ngx_http_glinto_json_start(ngx_http_glinto_json_parse_t *jp, ngx_uint_t type)
{
    if (jp->depth == NGX_HTTP_GLINTO_JSON_DEPTH_MAX
        || (jp->depth == 0
            && type != (jp->list ? NGX_HTTP_GLINTO_JSON_ARRAY
                                 : NGX_HTTP_GLINTO_JSON_OBJECT)))
    {
        return 0;
    }

    ngx_http_glinto_json_item(jp);

    if (jp->depth++ == 1 && jp->value) {
        jp->value->type = type;
        jp->value->text.data = (const char *) jp->data
                               + yajl_get_bytes_consumed(jp->handle) - 1;
    }

    return 1;
}


static int
ngx_http_glinto_json_end(void *ctx)
{
    ngx_http_glinto_json_parse_t *jp = ctx;

    size_t  end;

    end = yajl_get_bytes_consumed(jp->handle);

    switch (--jp->depth) {

    case 0:
        jp->end = end;
        break;

    case 1:
        if (jp->value) {
            jp->value->text.len = (uint32_t)
                                  ((const char *) jp->data + end
                                   - jp->value->text.data);
        }

        break;
    }

    return 1;
}


static int
ngx_http_glinto_json_scalar(ngx_http_glinto_json_parse_t *jp, ngx_uint_t type,
    const char *p, size_t len)
{
    ngx_http_glinto_json_item(jp);

    return ngx_http_glinto_json_put(jp, type, p, len);
}


/* a value of a list begins: it has no key to ask by */

static void
ngx_http_glinto_json_item(ngx_http_glinto_json_parse_t *jp)
{
    static const struct gl_text  none = { "", 0 };

    if (jp->list && jp->depth == 1) {
        jp->value = jp->slot(jp->ctx, &none);
    }
}


static int
ngx_http_glinto_json_put(ngx_http_glinto_json_parse_t *jp, ngx_uint_t type,
    const char *p, size_t len)
{
    if (jp->depth == 1 && jp->value) {
        jp->value->type = type;
        jp->value->text.data = p;
        jp->value->text.len = (uint32_t) len;
    }

    return jp->depth > 0;
}


/*
 * A string without escapes lies in the text.  One with escapes lies in the
 * library's buffer until the next one: it is copied, without any NUL.
 */

static int
ngx_http_glinto_json_keep(ngx_http_glinto_json_parse_t *jp, const u_char *p,
    size_t len, struct gl_text *text)
{
    u_char        *out;
    const u_char  *last;

    text->data = (const char *) p;
    text->len = (uint32_t) len;

    if (p >= jp->data && p < jp->data + jp->len) {
        return 1;
    }

    out = ngx_pnalloc(jp->pool, len);
    if (out == NULL) {
        jp->failed = 1;
        return 0;
    }

    text->data = (const char *) out;

    for (last = p + len; p < last; p++) {
        if (*p != '\0') {
            *out++ = *p;
        }
    }

    text->len = (uint32_t) (out - (const u_char *) text->data);

    return 1;
}
