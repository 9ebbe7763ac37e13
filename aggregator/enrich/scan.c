/*
 * The only file that knows Vectorscan.
 *
 * A saved file is a fingerprint of the expressions, then the library's own
 * form, which has a checksum and says which version and processor it is for.
 * It is made for the plainest processor: it was not slower here (AVX-512
 * against none: 1.59 and 1.58 us a text), and a package built elsewhere runs.
 */

#include "scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <hs/hs.h>
#include <sodium.h>

#include "gl_assert.h"

#define PRINT_BYTES 16

struct gl_scan {
    hs_database_t *patterns;
    hs_scratch_t *scratch;
    unsigned char print[PRINT_BYTES];
};

/* Of all expressions, in their order. */
static void
fingerprint(unsigned char print[PRINT_BYTES], const char *const *regexes,
            size_t n)
{
    size_t i;
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, PRINT_BYTES);
    for (i = 0; i < n; i++)
        crypto_generichash_update(&state, (const unsigned char *) regexes[i],
                                  strlen(regexes[i]) + 1);
    crypto_generichash_final(&state, print, PRINT_BYTES);
}

/* 0, or -1: these expressions are not to be had from FILE. */
static int
load(struct gl_scan *scan, const char *file)
{
    gsize size;
    g_autofree char *bytes = NULL;

    if (!g_file_get_contents(file, &bytes, &size, NULL))
        return -1;
    int loaded =
        size > PRINT_BYTES && memcmp(bytes, scan->print, PRINT_BYTES) == 0 &&
        hs_deserialize_database(bytes + PRINT_BYTES, size - PRINT_BYTES,
                                &scan->patterns) == HS_SUCCESS;
    return loaded ? 0 : -1;
}

static int
compile(struct gl_scan *scan, const char *const *regexes, size_t n)
{
    size_t i;
    hs_compile_error_t *error;
    hs_error_t rc = HS_NOMEM;
    const hs_platform_info_t any = {0};
    unsigned *numbers = calloc(n, sizeof *numbers);

    for (i = 0; numbers != NULL && i < n; i++)
        numbers[i] = (unsigned) i;
    if (numbers != NULL)
        rc = hs_compile_multi(regexes, NULL, numbers, (unsigned) n,
                              HS_MODE_BLOCK, &any, &scan->patterns, &error);
    if (rc == HS_COMPILER_ERROR)
        hs_free_compile_error(error);
    free(numbers);
    return rc == HS_SUCCESS ? 0 : -1;
}

struct gl_scan *
gl_scan_new_(const char *const *regexes, size_t n, const char *file,
             const char **why)
{
    struct gl_scan *scan = calloc(1, sizeof *scan);

    *why = "out of memory";
    if (scan == NULL)
        return NULL;
    fingerprint(scan->print, regexes, n);
    if (hs_valid_platform() != HS_SUCCESS)
        *why = "this processor is older than Vectorscan can use";
    else if (load(scan, file) == -1 && compile(scan, regexes, n) == -1)
        *why = "the patterns of agents do not compile: build them again";
    else if (hs_alloc_scratch(scan->patterns, &scan->scratch) == HS_SUCCESS)
        return scan;
    gl_scan_free_(scan);
    return NULL;
}

void
gl_scan_free_(struct gl_scan *scan)
{
    if (scan == NULL)
        return;
    hs_free_scratch(scan->scratch);
    hs_free_database(scan->patterns);
    free(scan);
}

int
gl_scan_save_(const struct gl_scan *scan, const char *file)
{
    size_t size;
    char *bytes;

    if (hs_serialize_database(scan->patterns, &bytes, &size) != HS_SUCCESS) {
        errno = ENOMEM;
        return -1;
    }
    FILE *out = fopen(file, "we");
    int saved = out != NULL && fwrite(scan->print, PRINT_BYTES, 1, out) == 1 &&
                fwrite(bytes, size, 1, out) == 1;
    free(bytes);
    if (out != NULL && fclose(out) != 0)
        saved = 0;
    return saved ? 0 : -1;
}

struct finding {
    int (*found)(void *arg, size_t number, size_t end);
    void *arg;
    size_t len; /* of the text */
};

static int
on_match(unsigned number, unsigned long long from, unsigned long long to,
         unsigned flags, void *finding)
{
    const struct finding *want = finding;

    (void) from;
    (void) flags;
    GL_ASSERT(to <= want->len);
    return want->found(want->arg, number, (size_t) to);
}

void
gl_scan_find_(struct gl_scan *scan, struct gl_text text,
              int (*found)(void *arg, size_t number, size_t end), void *arg)
{
    struct finding finding = {found, arg, text.len};

    /* Nothing can go wrong but what was checked at the start. */
    hs_scan(scan->patterns, text.data, text.len, 0, scan->scratch, on_match,
            &finding);
}
