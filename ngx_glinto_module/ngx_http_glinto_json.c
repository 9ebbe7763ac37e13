
/*
 * Copyright (C) Glinto contributors
 *
 * JSON of a request through the library: loading with a limit of depth, and
 * scalars as texts and counts.  Forms become the same objects, so that an
 * adapter reads one shape.  Knows nothing of events.
 *
 * An object lives in the request's pool and is never freed by itself: its two
 * dozen small pieces cost a quarter of a request when they go through malloc.
 */


#include "ngx_http_glinto_adapter.h"

#include <setjmp.h>


/* enough for any number: 20 digits, or 15 with sign, point and exponent */

#define NGX_HTTP_GLINTO_JSON_NUMBER_LEN  32

/* digits after which a double no longer tells 0.1 from its neighbours */

#define NGX_HTTP_GLINTO_JSON_PRECISION   15


typedef struct {
    ngx_pool_t               *pool;
    json_malloc_t             malloc;    /* the library's before */
    json_free_t               free;
    jmp_buf                   out;       /* of the library: no memory */
} ngx_http_glinto_json_t;


static ngx_int_t ngx_http_glinto_json_parse(ngx_http_glinto_json_t *gj,
    const u_char *data, size_t len, json_t **root);
static ngx_int_t ngx_http_glinto_json_form_parse(ngx_http_glinto_json_t *gj,
    const ngx_str_t *form, json_t **root);
static void ngx_http_glinto_json_enter(ngx_http_glinto_json_t *gj,
    ngx_pool_t *pool);
static void ngx_http_glinto_json_leave(ngx_http_glinto_json_t *gj);
static void *ngx_http_glinto_json_malloc(size_t size);
static void ngx_http_glinto_json_free(void *p);
static ngx_uint_t ngx_http_glinto_json_brackets(const u_char *p, size_t len,
    int bracket);
static ngx_uint_t ngx_http_glinto_json_too_deep(const u_char *p, size_t len);
static ngx_int_t ngx_http_glinto_json_form_set(json_t *object,
    const struct gl_text *key, const struct gl_text *value);


/*
 * The library hands its allocator nothing to know the pool by.  The model
 * spares a call at each use; libc keeps room for such words of modules.
 */

static __thread ngx_http_glinto_json_t  *ngx_http_glinto_json_current
    __attribute__((tls_model("initial-exec")));


void
ngx_http_glinto_json_init(void)
{
    json_object_seed(0);
}


ngx_int_t
ngx_http_glinto_json_load(ngx_pool_t *pool, const u_char *data, size_t len,
    json_t **object)
{
    json_t                   *root;
    ngx_int_t                 rc;
    ngx_http_glinto_json_t    gj;

    if (len == 0
        || (ngx_http_glinto_json_brackets(data, len, '{')
            + ngx_http_glinto_json_brackets(data, len, '[')
            > NGX_HTTP_GLINTO_JSON_DEPTH_MAX
            && ngx_http_glinto_json_too_deep(data, len)))
    {
        return NGX_DECLINED;
    }

    ngx_http_glinto_json_enter(&gj, pool);

    rc = ngx_http_glinto_json_parse(&gj, data, len, &root);

    ngx_http_glinto_json_leave(&gj);

    if (rc != NGX_OK) {
        return rc;
    }

    if (!json_is_object(root)) {
        return NGX_DECLINED;
    }

    *object = root;

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_json_parse(ngx_http_glinto_json_t *gj, const u_char *data,
    size_t len, json_t **root)
{
    if (_setjmp(gj->out)) {
        return NGX_ERROR;
    }

    *root = json_loadb((const char *) data, len, 0, NULL);

    return NGX_OK;
}


/*
 * Between enter and leave the library's memory is the pool's, which never
 * frees a piece: no value may be given up after leave.  Another thread of the
 * process, should a module parse JSON there, goes on with malloc.
 */

static void
ngx_http_glinto_json_enter(ngx_http_glinto_json_t *gj, ngx_pool_t *pool)
{
    json_get_alloc_funcs(&gj->malloc, &gj->free);

    gj->pool = pool;
    ngx_http_glinto_json_current = gj;

    json_set_alloc_funcs(ngx_http_glinto_json_malloc,
                         ngx_http_glinto_json_free);
}


static void
ngx_http_glinto_json_leave(ngx_http_glinto_json_t *gj)
{
    json_set_alloc_funcs(gj->malloc, gj->free);

    ngx_http_glinto_json_current = NULL;
}


/*
 * The library's scanner does not look whether its buffer could grow: it goes
 * on with a text that lacks its end, and asserts or writes beyond it.  So it
 * never hears of missing memory.  It holds nothing but memory of the pool.
 */

static void *
ngx_http_glinto_json_malloc(size_t size)
{
    void                    *p;
    ngx_http_glinto_json_t  *gj;

    gj = ngx_http_glinto_json_current;

    if (gj == NULL) {
        return malloc(size);
    }

    p = ngx_palloc(gj->pool, size);

    if (p == NULL) {
        _longjmp(gj->out, 1);
    }

    return p;
}


static void
ngx_http_glinto_json_free(void *p)
{
    if (ngx_http_glinto_json_current == NULL) {
        free(p);
    }
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


/* how many brackets open, at most one more than allowed: never less deep */

static ngx_uint_t
ngx_http_glinto_json_brackets(const u_char *p, size_t len, int bracket)
{
    ngx_uint_t     n;
    const u_char  *last;

    last = p + len;

    for (n = 0; n <= NGX_HTTP_GLINTO_JSON_DEPTH_MAX; n++) {
        p = memchr(p, bracket, last - p);

        if (p == NULL) {
            break;
        }

        p++;
    }

    return n;
}


ngx_int_t
ngx_http_glinto_json_form(ngx_pool_t *pool, const ngx_str_t *form,
    json_t **object)
{
    ngx_int_t                rc;
    ngx_http_glinto_json_t   gj;

    ngx_http_glinto_json_enter(&gj, pool);

    rc = ngx_http_glinto_json_form_parse(&gj, form, object);

    ngx_http_glinto_json_leave(&gj);

    return rc;
}


static ngx_int_t
ngx_http_glinto_json_form_parse(ngx_http_glinto_json_t *gj,
    const ngx_str_t *form, json_t **root)
{
    ngx_str_t        list, key, value;
    struct gl_text   k, v;

    if (_setjmp(gj->out)) {
        return NGX_ERROR;
    }

    *root = json_object();
    list = *form;

    while (ngx_http_glinto_text_pair(&list, &key, &value)) {

        if (ngx_http_glinto_text_decode(gj->pool, &key,
                                        NGX_HTTP_GLINTO_TEXT_PLUS, &k)
            != NGX_OK
            || ngx_http_glinto_text_decode(gj->pool, &value,
                                           NGX_HTTP_GLINTO_TEXT_PLUS, &v)
               != NGX_OK
            || ngx_http_glinto_json_form_set(*root, &k, &v) != NGX_OK)
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

    if (n == 0) {
        return NGX_ERROR;
    }

    if (n > NGX_HTTP_GLINTO_JSON_NUMBER_LEN) {
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
