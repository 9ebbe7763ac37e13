/* Door: the JSON body of POST /api/event. */

#include "fuzz.h"
#include "hit.h"

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    const struct gl_text *text = arg;
    ngx_str_t body = {text->len, (u_char *) (uintptr_t) text->data};
    ngx_int_t rc;

    hit_browser(in);
    rc = ngx_http_glinto_plausible_parse_body(in->request.pool, &body, 0,
                                              &in->worker->hit);
    return rc == NGX_OK
               ? ngx_http_glinto_domain_check(&in->request, &in->worker->hit)
               : rc;
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
