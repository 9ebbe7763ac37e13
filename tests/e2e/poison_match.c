/*
 * For poison.t, preloaded into glintod: a library that crashes on a certain
 * input, as a library with a defect would.  Text that holds "poison-abort"
 * aborts, "poison-segv" writes through a null pointer, "poison-memory" leaves
 * GLib no memory.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT, memmem */
#endif

#include <dlfcn.h>
#include <hs/hs.h>
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
holds(const char *text, size_t len, const char *word)
{
    return memmem(text, len, word, strlen(word)) != NULL;
}

hs_error_t
hs_scan(const hs_database_t *patterns, const char *text, unsigned len,
        unsigned flags, hs_scratch_t *scratch, match_event_handler found,
        void *arg)
{
    hs_error_t (*real)(const hs_database_t *, const char *, unsigned, unsigned,
                       hs_scratch_t *, match_event_handler, void *);
    void *symbol = dlsym(RTLD_NEXT, "hs_scan");
    volatile char *nowhere = NULL;

    if (holds(text, len, "poison-abort"))
        abort();
    if (holds(text, len, "poison-segv"))
        *nowhere = 1;
    if (holds(text, len, "poison-memory"))
        take_all_memory();
    memcpy(&real, &symbol, sizeof real);
    return real(patterns, text, len, flags, scratch, found, arg);
}
