/*
 * For poison.t, preloaded into glintod: a library that crashes on a certain
 * input, as a library with a defect would.  Text that holds "poison-abort"
 * aborts, "poison-segv" writes through a null pointer, "poison-memory" leaves
 * GLib no memory.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT, memmem */
#endif

#define PCRE2_CODE_UNIT_WIDTH 8

#include <dlfcn.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* To the last byte; then GLib asks for some. */
static void
take_all_memory(void)
{
    struct rlimit none = {0, RLIM_INFINITY};
    void *symbol = dlsym(RTLD_DEFAULT, "g_malloc");
    void *(*get)(size_t);

    if (setrlimit(RLIMIT_AS, &none) == -1)
        return;
    for (size_t bytes = 1 << 16; bytes > 0; bytes /= 2)
        while (malloc(bytes) != NULL) {
        }
    memcpy(&get, &symbol, sizeof get);
    (void) get(64);
}

static int
holds(PCRE2_SPTR text, size_t len, const char *word)
{
    return memmem(text, len, word, strlen(word)) != NULL;
}

int
pcre2_match(const pcre2_code *code, PCRE2_SPTR text, PCRE2_SIZE len,
            PCRE2_SIZE start, uint32_t options, pcre2_match_data *data,
            pcre2_match_context *context)
{
    int (*real)(const pcre2_code *, PCRE2_SPTR, PCRE2_SIZE, PCRE2_SIZE,
                uint32_t, pcre2_match_data *, pcre2_match_context *);
    void *symbol = dlsym(RTLD_NEXT, "pcre2_match_8");
    volatile char *nowhere = NULL;

    if (holds(text, len, "poison-abort"))
        abort();
    if (holds(text, len, "poison-segv"))
        *nowhere = 1;
    if (holds(text, len, "poison-memory"))
        take_all_memory();
    memcpy(&real, &symbol, sizeof real);
    return real(code, text, len, start, options, data, context);
}
