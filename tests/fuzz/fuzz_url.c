/*
 * Door: a page's address.  Input: the address; the hash counts when the first
 * byte is '#', which is then left out.
 */

#include "fuzz.h"
#include "hit.h"

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    const struct gl_text *text = arg;
    ngx_str_t url = {text->len, (u_char *) (uintptr_t) text->data};
    ngx_http_glinto_hit_t *hit = &in->worker->hit;
    ngx_uint_t hash = url.len > 0 && url.data[0] == '#';
    ngx_int_t rc;

    url.data += hash;
    url.len -= hash;
    hit_browser(in);
    hit->event.schema = GL_EVENT_SCHEMA;
    hit->event.kind = GL_PAGEVIEW;
    hit->field = "url";
    rc = ngx_http_glinto_url_parse(in->request.pool, &url, hash, hit);
    if (rc == NGX_OK)
        FUZZ_MUST(hit->event.host.len > 0 && hit->event.path.len > 0);
    return rc == NGX_OK         ? NGX_OK
           : rc == NGX_DECLINED ? NGX_HTTP_BAD_REQUEST
                                : NGX_HTTP_INTERNAL_SERVER_ERROR;
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
