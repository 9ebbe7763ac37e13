/* Door: Umami's /api/send and /api/batch.  Input: the body. */

#include "fuzz.h"
#include "hit.h"
#include "request/json.h"

/* Each of a list; what must hold is looked at for the last one. */
static ngx_int_t
parse_list(ngx_pool_t *pool, struct gl_text text, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t rc = ngx_http_glinto_items(pool, text, hit);
    const ngx_http_glinto_json_t *items = hit->items;
    ngx_uint_t i, n = hit->nitems;

    if (rc == NGX_OK && n == 0)
        return ngx_http_glinto_hit_status(
            ngx_http_glinto_hit_refuse(hit, "request", "is empty"));
    for (i = 0; i < n && rc == NGX_OK; i++) {
        ngx_memzero(hit, sizeof *hit);
        hit->pool = pool;
        rc = ngx_http_glinto_umami_parse_event(pool, &items[i], hit);
    }
    return rc;
}

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    const struct gl_text *text = arg;
    ngx_http_glinto_json_t root = {.type = NGX_HTTP_GLINTO_JSON_OBJECT,
                                   .text = *text};

    hit_browser(in);
    if (gl_json_begins(*text, '['))
        return parse_list(in->request.pool, *text, &in->worker->hit);
    return ngx_http_glinto_umami_parse_event(in->request.pool, &root,
                                             &in->worker->hit);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_lines lines;

    fuzz_lines_split(&lines, 1, data, size);
    hit_try(parse, &lines.line[0]);
    fuzz_lines_free(&lines);
    return 0;
}
