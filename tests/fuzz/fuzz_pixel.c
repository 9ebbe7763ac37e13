/* Door: the pixel.  Input: the query string, a line end, the Referer. */

#include "fuzz.h"
#include "hit.h"

#include <string.h>

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    static const struct gl_text referer = {"Referer", 7};
    const struct fuzz_lines *lines = arg;
    ngx_str_t no_body = {0, NULL};

    hit_browser(in);
    if (lines->line[1].len > 0)
        stand_in_header(in, referer, lines->line[1]);
    in->request.args.len = lines->line[0].len;
    in->request.args.data = (u_char *) (uintptr_t) lines->line[0].data;
    return ngx_http_glinto_pixel.parse(&in->request, &no_body,
                                       &in->worker->hit);
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
