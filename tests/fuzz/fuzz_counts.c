/*
 * Door: the payload of a frame of counts.  What decodes is within its limits,
 * and encoding it gives a payload that decodes to the same.
 */

#include "fuzz.h"
#include "segment.h"

#include <string.h>

static struct gl_decoder *decoder;

static int
same(struct gl_text a, struct gl_text b)
{
    return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    decoder = gl_decoder_new();
    FUZZ_MUST(decoder != NULL);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gl_count counts[GL_COUNTS_MAX], copy[GL_COUNTS_MAX];
    uint8_t bytes[GL_COUNTS_MAX * (2 * UINT8_MAX + 32)];
    const char *why = NULL;
    size_t len;
    int n, i;

    n = gl_counts_decode(decoder, counts, data, size, &why);
    if (n == -1) {
        FUZZ_MUST(why != NULL && why[0] != '\0');
        return 0;
    }
    FUZZ_MUST(n <= GL_COUNTS_MAX);
    len = gl_counts_encode(counts, (uint32_t) n, bytes, sizeof bytes);
    FUZZ_MUST(len > 0);
    FUZZ_MUST(gl_counts_decode(decoder, copy, bytes, len, &why) == n);
    for (i = 0; i < n; i++) {
        FUZZ_MUST(same(counts[i].site, copy[i].site));
        FUZZ_MUST(same(counts[i].reason, copy[i].reason));
        FUZZ_MUST(counts[i].n == copy[i].n);
    }
    return 0;
}
