/* Door: GoatCounter's /count.  Input: the query, a line end, the Referer. */

#include "fuzz.h"
#include "hit.h"

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    const struct fuzz_lines *lines = arg;
    ngx_int_t rc;

    hit_browser(in);
    rc = ngx_http_glinto_goatcounter_parse_args(
        in->request.pool, lines->line[0], lines->line[1], &in->worker->hit);
    return rc == NGX_OK
               ? ngx_http_glinto_domain_check(&in->request, &in->worker->hit)
               : rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_lines lines;

    fuzz_lines_split(&lines, 2, data, size);
    hit_try(parse, &lines);
    fuzz_lines_free(&lines);
    return 0;
}
