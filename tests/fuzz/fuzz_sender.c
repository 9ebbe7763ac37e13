/* Doors: event lines and GoatCounter's hits of a server with a token.  Input:
 * the body; each line of it, by both. */

#include "fuzz.h"
#include "hit.h"
#include "request/json.h"

static const struct gl_text site = {"site.example", 12};

static void
begin(ngx_pool_t *pool, ngx_http_glinto_hit_t *hit)
{
    ngx_memzero(hit, sizeof *hit);
    hit->pool = pool;
    hit->sender = 1;
    hit->sites[0].data = (u_char *) (uintptr_t) site.data;
    hit->sites[0].len = site.len;
    hit->nsites = 1;
    hit->event.host = site;
}

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    const struct gl_text *text = arg;
    ngx_http_glinto_hit_t *hit = &in->worker->hit;
    ngx_pool_t *pool = in->request.pool;
    ngx_int_t rc;
    const ngx_http_glinto_json_t *items;
    ngx_uint_t n;

    begin(pool, hit);
    rc = gl_json_begins(*text, '[')
             ? ngx_http_glinto_items(pool, *text, hit)
             : ngx_http_glinto_items_lines(pool, *text, hit);
    items = hit->items;
    n = hit->nitems;
    if (rc == NGX_OK && n == 0)
        return ngx_http_glinto_hit_status(
            ngx_http_glinto_hit_refuse(hit, "request", "is empty"));
    for (ngx_uint_t i = 0; i < n && rc == NGX_OK; i++) {
        begin(pool, hit);
        rc =
            ngx_http_glinto_goatcounter_parse_hit(pool, &items[i], i & 1, hit);
        if (rc == NGX_HTTP_INTERNAL_SERVER_ERROR)
            return rc;
        begin(pool, hit);
        rc = ngx_http_glinto_events_parse_line(pool, &items[i], hit);
    }
    return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gl_text text = {(const char *) data, (uint32_t) size};

    if (size > NGX_HTTP_GLINTO_MAX_BODY_LIMIT)
        return 0;
    hit_try(parse, &text);
    return 0;
}
