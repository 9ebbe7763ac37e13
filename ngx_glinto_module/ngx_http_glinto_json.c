
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


/* enough for any number: 20 digits, or 15 with sign, point and exponent */

#define NGX_HTTP_GLINTO_JSON_NUMBER_LEN  32

/* digits after which a double no longer tells 0.1 from its neighbours */

#define NGX_HTTP_GLINTO_JSON_PRECISION   15


typedef struct {
    json_malloc_t             malloc;
    json_free_t               free;
} ngx_http_glinto_json_t;


static void ngx_http_glinto_json_enter(ngx_pool_t *pool,
    ngx_http_glinto_json_t *saved);
static void ngx_http_glinto_json_leave(ngx_http_glinto_json_t *saved);
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

static __thread ngx_pool_t  *ngx_http_glinto_json_pool
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
    ngx_http_glinto_json_t    saved;

    if (len == 0
        || (ngx_http_glinto_json_brackets(data, len, '{')
            + ngx_http_glinto_json_brackets(data, len, '[')
            > NGX_HTTP_GLINTO_JSON_DEPTH_MAX
            && ngx_http_glinto_json_too_deep(data, len)))
    {
        return NGX_DECLINED;
    }

    ngx_http_glinto_json_enter(pool, &saved);

    root = json_loadb((const char *) data, len, 0, NULL);

    ngx_http_glinto_json_leave(&saved);

    if (!json_is_object(root)) {
        return NGX_DECLINED;
    }

    *object = root;

    return NGX_OK;
}


/*
 * Between enter and leave the library's memory is the pool's, which never
 * frees a piece: no value may be given up after leave.  Another thread of the
 * process, should a module parse JSON there, goes on with malloc.
 */

static void
ngx_http_glinto_json_enter(ngx_pool_t *pool, ngx_http_glinto_json_t *saved)
{
    json_get_alloc_funcs(&saved->malloc, &saved->free);

    ngx_http_glinto_json_pool = pool;

    json_set_alloc_funcs(ngx_http_glinto_json_malloc,
                         ngx_http_glinto_json_free);
}


static void
ngx_http_glinto_json_leave(ngx_http_glinto_json_t *saved)
{
    json_set_alloc_funcs(saved->malloc, saved->free);

    ngx_http_glinto_json_pool = NULL;
}


static void *
ngx_http_glinto_json_malloc(size_t size)
{
    ngx_pool_t  *pool;

    pool = ngx_http_glinto_json_pool;

    return pool ? ngx_palloc(pool, size) : malloc(size);
}


static void
ngx_http_glinto_json_free(void *p)
{
    if (ngx_http_glinto_json_pool == NULL) {
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
    json_t                  *root;
    ngx_int_t                rc;
    ngx_str_t                list, key, value;
    struct gl_text           k, v;
    ngx_http_glinto_json_t   saved;

    ngx_http_glinto_json_enter(pool, &saved);

    root = json_object();

    rc = root ? NGX_OK : NGX_ERROR;
    list = *form;

    while (rc == NGX_OK && ngx_http_glinto_text_pair(&list, &key, &value)) {

        if (ngx_http_glinto_text_decode(pool, &key,
                                        NGX_HTTP_GLINTO_TEXT_PLUS, &k)
            != NGX_OK
            || ngx_http_glinto_text_decode(pool, &value,
                                           NGX_HTTP_GLINTO_TEXT_PLUS, &v)
               != NGX_OK
            || ngx_http_glinto_json_form_set(root, &k, &v) != NGX_OK)
        {
            rc = NGX_ERROR;
        }
    }

    ngx_http_glinto_json_leave(&saved);

    *object = root;

    return rc;
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
