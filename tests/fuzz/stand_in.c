/*
 * The functions of nginx that the module's parsers call, with the contracts
 * the parsers rely on.  Written for checking, not for speed.  What a parser
 * must never reach here ends the program.
 */

#include "stand_in.h"

#include <stdlib.h>
#include <string.h>

ngx_module_t ngx_http_glinto_module = {.ctx_index = 0};

ngx_pool_t *
stand_in_pool(size_t allocations)
{
    ngx_pool_t *pool = calloc(1, sizeof *pool);

    if (pool == NULL)
        abort();
    pool->max = allocations;
    return pool;
}

size_t
stand_in_used(const ngx_pool_t *pool)
{
    return pool->d.failed;
}

ngx_pool_t *
ngx_create_pool(size_t size, ngx_log_t *log)
{
    (void) size;
    (void) log;
    return stand_in_pool(STAND_IN_ALL);
}

void
ngx_destroy_pool(ngx_pool_t *pool)
{
    ngx_pool_cleanup_t *cleanup;
    ngx_pool_large_t *block, *next;

    for (cleanup = pool->cleanup; cleanup != NULL; cleanup = cleanup->next)
        if (cleanup->handler != NULL)
            cleanup->handler(cleanup->data);
    for (block = pool->large; block != NULL; block = next) {
        next = block->next;
        free(block->alloc);
        free(block);
    }
    free(pool);
}

/* The block ends where the caller's bytes end; nginx gives no NULL for 0. */
static void *
new_block(ngx_pool_t *pool, size_t size)
{
    ngx_pool_large_t *block = malloc(sizeof *block);

    if (block == NULL || (block->alloc = malloc(size)) == NULL)
        abort();
    if (size > 0)
        memset(block->alloc, 0xa5, size);
    block->next = pool->large;
    pool->large = block;
    return block->alloc;
}

void *
ngx_pnalloc(ngx_pool_t *pool, size_t size)
{
    if (pool->d.failed == pool->max)
        return NULL;
    pool->d.failed++;
    return new_block(pool, size);
}

void *
ngx_palloc(ngx_pool_t *pool, size_t size)
{
    return ngx_pnalloc(pool, size);
}

void *
ngx_pcalloc(ngx_pool_t *pool, size_t size)
{
    void *bytes = ngx_pnalloc(pool, size);

    if (bytes != NULL)
        memset(bytes, 0, size);
    return bytes;
}

ngx_pool_cleanup_t *
ngx_pool_cleanup_add(ngx_pool_t *pool, size_t size)
{
    ngx_pool_cleanup_t *cleanup = ngx_pcalloc(pool, sizeof *cleanup);

    if (cleanup == NULL)
        return NULL;
    if (size > 0 && (cleanup->data = ngx_pnalloc(pool, size)) == NULL)
        return NULL;
    cleanup->next = pool->cleanup;
    pool->cleanup = cleanup;
    return cleanup;
}

static u_char
lower(u_char c)
{
    return c >= 'A' && c <= 'Z' ? (u_char) (c | 0x20) : c;
}

ngx_int_t
ngx_atoi(u_char *line, size_t n)
{
    ngx_int_t value = 0;
    size_t i;

    for (i = 0; i < n; i++)
        if (line[i] < '0' || line[i] > '9' ||
            __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, line[i] - '0', &value))
            return NGX_ERROR;
    return n > 0 ? value : NGX_ERROR;
}

ngx_int_t
ngx_hextoi(u_char *line, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const char *digit;
    ngx_int_t value = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        digit = memchr(digits, lower(line[i]), 16);
        if (digit == NULL || value > NGX_MAX_INT_T_VALUE / 16)
            return NGX_ERROR;
        value = value * 16 + (digit - digits);
    }
    return n > 0 ? value : NGX_ERROR;
}

/* Not nginx's: any hash serves a table. */
uint32_t
ngx_murmur_hash2(u_char *data, size_t len)
{
    uint32_t hash = (uint32_t) len;
    size_t i;

    for (i = 0; i < len; i++)
        hash = hash * 31 + data[i];
    return hash;
}

void
stand_in_init(struct stand_in *in, ngx_pool_t *pool)
{
    static struct sockaddr address = {.sa_family = AF_INET};

    memset(in, 0, sizeof *in);
    in->request.pool = pool;
    in->request.connection = &in->connection;
    in->request.loc_conf = in->locations;
    in->request.http_version = NGX_HTTP_VERSION_11;
    in->request.headers_in.headers.part.elts = in->headers;
    in->connection.sockaddr = &address;
    in->connection.pool = pool;
    in->connection.requests = 2; /* its visitor is kept */
    in->locations[0] = &in->location;
    in->worker = calloc(1, sizeof *in->worker);
    if (in->worker == NULL)
        abort();
    in->worker->hit.pool = pool;
    in->worker->psl = psl_builtin();
    in->worker->wall_ms = 1;
    in->worker->salts.until_ms = INT64_MAX;
}

void
stand_in_fini(struct stand_in *in)
{
    ngx_destroy_pool(in->request.pool);
    free(in->worker);
}

void
stand_in_header(struct stand_in *in, struct gl_text name, struct gl_text value)
{
    ngx_http_headers_in_t *known = &in->request.headers_in;
    ngx_uint_t n = known->headers.part.nelts;
    ngx_table_elt_t *header = &in->headers[n];
    uint32_t i;

    if (n == STAND_IN_HEADERS_MAX || name.len >= sizeof in->names[0])
        return;
    header->hash = 1;
    header->key.data = (u_char *) (uintptr_t) name.data;
    header->key.len = name.len;
    header->value.data = (u_char *) (uintptr_t) value.data;
    header->value.len = value.len;
    header->lowcase_key = in->names[n];
    for (i = 0; i < name.len; i++)
        in->names[n][i] = lower(header->key.data[i]);
    if (strcmp((char *) in->names[n], "user-agent") == 0)
        known->user_agent = header;
    else if (strcmp((char *) in->names[n], "referer") == 0)
        known->referer = header;
    else if (strcmp((char *) in->names[n], "connection") == 0)
        known->connection = header;
    else if (strcmp((char *) in->names[n], "content-type") == 0)
        known->content_type = header;
    known->headers.part.nelts++;
}

/* Only a configured location calls these, or one that replies. */
ngx_int_t
ngx_http_complex_value(ngx_http_request_t *r, ngx_http_complex_value_t *value,
                       ngx_str_t *text)
{
    (void) r;
    (void) value;
    (void) text;
    abort();
}

void
ngx_http_glinto_salt_roll(ngx_http_glinto_worker_t *worker)
{
    (void) worker;
    abort();
}

ngx_int_t
ngx_http_glinto_reply_headers(ngx_http_request_t *r,
                              const ngx_table_elt_t *headers, ngx_uint_t n)
{
    (void) r;
    (void) headers;
    (void) n;
    abort();
}

ngx_int_t
ngx_http_glinto_reply_send(ngx_http_request_t *r, ngx_uint_t status,
                           const ngx_str_t *type, const ngx_str_t *body)
{
    (void) r;
    (void) status;
    (void) type;
    (void) body;
    abort();
}

ngx_int_t
ngx_http_glinto_reply_image(ngx_http_request_t *r, ngx_uint_t status)
{
    (void) r;
    (void) status;
    abort();
}

ngx_int_t
ngx_http_glinto_reply_dropped(ngx_http_request_t *r, ngx_uint_t n)
{
    (void) r;
    (void) n;
    abort();
}

ngx_int_t
ngx_http_glinto_reply_error(ngx_http_request_t *r,
                            const ngx_http_glinto_hit_t *hit,
                            ngx_uint_t status)
{
    (void) r;
    (void) hit;
    (void) status;
    abort();
}

void
ngx_http_glinto_counts_add(ngx_http_glinto_worker_t *worker, ngx_uint_t reason)
{
    (void) worker;
    (void) reason;
}

void
ngx_http_glinto_counts_add_site(ngx_http_glinto_worker_t *worker,
                                ngx_uint_t reason, const ngx_str_t *site)
{
    (void) worker;
    (void) reason;
    (void) site;
}

void
ngx_http_glinto_counts_add_sample(ngx_http_glinto_worker_t *worker,
                                  ngx_uint_t reason, const ngx_str_t *site)
{
    (void) worker;
    (void) reason;
    (void) site;
}
