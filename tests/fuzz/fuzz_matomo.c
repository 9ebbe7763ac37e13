/* Door: Matomo's /matomo.php.  Input: a query, or an object of a list. */

#include "fuzz.h"
#include "hit.h"
#include "request/json.h"
#include "ngx_http_glinto_matomo.h"

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    const struct gl_text *text = arg;
    ngx_http_glinto_json_t fields[NGX_HTTP_GLINTO_MATOMO_FIELDS];
    ngx_http_glinto_json_t root = {.type = NGX_HTTP_GLINTO_JSON_FORM,
                                   .text = *text};
    ngx_int_t rc;

    hit_browser(in);
    ngx_memzero(fields, sizeof fields);
    if (gl_json_begins(*text, '{'))
        root.type = NGX_HTTP_GLINTO_JSON_OBJECT;
    rc = ngx_http_glinto_members(in->request.pool, &root,
                                 ngx_http_glinto_matomo_slot, fields);
    if (rc == NGX_DECLINED)
        (void) ngx_http_glinto_hit_refuse(&in->worker->hit, "request",
                                          "is no object");
    return rc == NGX_OK ? ngx_http_glinto_matomo_read(in->request.pool, fields,
                                                      &in->worker->hit)
                        : ngx_http_glinto_hit_status(rc);
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
