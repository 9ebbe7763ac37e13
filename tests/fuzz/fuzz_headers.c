/*
 * Door: the headers of a tracking request, read by the pixel's location.
 * Input: "Name: value" lines; the first line "2" says HTTP/2.
 */

#include "fuzz.h"
#include "hit.h"

#include <string.h>

static void
add(struct stand_in *in, struct gl_text line)
{
    const char *colon = line.len > 0 ? memchr(line.data, ':', line.len) : NULL;
    struct gl_text name, value;

    if (colon == NULL)
        return;
    name = (struct gl_text){line.data, (uint32_t) (colon - line.data)};
    value = (struct gl_text){colon + 1, line.len - name.len - 1};
    /* nginx has removed the spaces */
    while (value.len > 0 && value.data[0] == ' ') {
        value.data++;
        value.len--;
    }
    stand_in_header(in, name, value);
}

static ngx_int_t
parse(struct stand_in *in, void *arg)
{
    static u_char args[] = "d=site.example";
    const struct fuzz_lines *lines = arg;
    ngx_str_t no_body = {0, NULL};
    int i;

    if (lines->line[0].len == 1 && lines->line[0].data[0] == '2')
        in->request.http_version = NGX_HTTP_VERSION_20;
    for (i = 0; i < FUZZ_LINES_MAX; i++)
        add(in, lines->line[i]);
    in->request.args.len = sizeof args - 1;
    in->request.args.data = args;
    return ngx_http_glinto_pixel.parse(&in->request, &no_body,
                                       &in->worker->hit);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_lines lines;

    fuzz_lines_split(&lines, FUZZ_LINES_MAX, data, size);
    hit_try(parse, &lines);
    fuzz_lines_free(&lines);
    return 0;
}
