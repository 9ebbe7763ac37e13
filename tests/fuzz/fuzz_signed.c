/*
 * Door: headers of structured fields: a request's signature (RFC 9421) and
 * client hints.  What a signature is of has at most so many bytes and a last
 * line that can be read; what hints say fits into its field.
 *
 * Input: Signature-Input, Signature, host, target, four of client hints; then
 * "name:value" lines.
 */

#include "event.h"
#include "fuzz.h"
#include "request/hints.h"
#include "request/signed.h"
#include "segment.h"

#include <string.h>

#define FIXED 8

static int
header(const void *from, struct gl_text name, unsigned n,
       struct gl_text *value)
{
    const struct fuzz_lines *lines = from;

    for (int i = FIXED; i < FUZZ_LINES_MAX; i++) {
        const struct gl_text *line = &lines->line[i];

        if (line->len <= name.len || line->data[name.len] != ':' ||
            memcmp(line->data, name.data, name.len) != 0 || n-- > 0)
            continue;
        *value = (struct gl_text){line->data + name.len + 1,
                                  line->len - name.len - 1};
        return 1;
    }
    return 0;
}

static void
check_signed(const struct fuzz_lines *lines, const char *tag)
{
    static const struct gl_text get = {"GET", 3}, https = {"https", 5};
    char *bytes = malloc(GL_SIGNED_BYTES_MAX);
    struct gl_signed_request request = {get,
                                        https,
                                        lines->line[2],
                                        lines->line[3],
                                        lines->line[0],
                                        lines->line[1],
                                        header,
                                        lines};
    struct gl_text base, signature;
    struct gl_signed_params params;

    FUZZ_MUST(bytes != NULL);
    if (gl_signed_read(&request, (struct gl_text){tag, (uint32_t) strlen(tag)},
                       bytes, &base, &signature) == GL_SIGNED_BASE) {
        FUZZ_MUST(base.len > 0 && base.len <= GL_SIGNED_BYTES_MAX);
        FUZZ_MUST(signature.len <= 88);
        FUZZ_MUST(gl_signed_params(base, &params) == 0);
        FUZZ_MUST(params.tag.len >= strlen(tag));
    }
    free(bytes);
}

static void
check_hints(const struct fuzz_lines *lines)
{
    struct gl_hints hints = {lines->line[4], lines->line[5], lines->line[6],
                             lines->line[7]};
    struct gl_event event = {.schema = 1, .kind = 1, .visitor = 1};
    uint8_t payload[GL_FRAME_PAYLOAD_MAX];

    gl_hints_read(&hints, &event);
    FUZZ_MUST(event.mobile <= 2);
    FUZZ_MUST(gl_event_encode(&event, payload, sizeof payload) > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_lines lines;
    struct gl_signed_params params;
    struct gl_text whole = {(const char *) data, (uint32_t) size};

    gl_signed_params(whole, &params);
    fuzz_lines_split(&lines, FUZZ_LINES_MAX, data, size);
    check_signed(&lines, GL_SIGNED_TAG);
    check_signed(&lines, "");
    check_hints(&lines);
    fuzz_lines_free(&lines);
    return 0;
}
