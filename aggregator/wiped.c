/* See wiped.h. */

#include "wiped.h"

#include <glib.h>
#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void
gl_wiped_free(void *bytes)
{
    if (bytes != NULL)
        sodium_memzero(bytes, malloc_usable_size(bytes));
    free(bytes);
}

/* realloc(3) may leave what was there behind. */
void *
gl_wiped_resize(void *bytes, size_t size)
{
    void *others = g_malloc(size);

    if (bytes == NULL)
        return others;
    size_t had = malloc_usable_size(bytes);
    memcpy(others, bytes, had < size ? had : size);
    gl_wiped_free(bytes);
    return others;
}
