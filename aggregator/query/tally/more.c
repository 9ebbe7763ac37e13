/* A table of struct gl_more; see more.h. */

#include "query/tally/more.h"

void
gl_mores_init(struct gl_mores *mores, size_t keys_n)
{
    gl_groups_init(&mores->groups, keys_n);
    mores->rows = g_array_new(FALSE, TRUE, sizeof(struct gl_more));
}

void
gl_mores_fini(struct gl_mores *mores)
{
    gl_groups_fini(&mores->groups);
    g_array_free(mores->rows, TRUE);
}

struct gl_more *
gl_mores_at(struct gl_mores *mores, const uint32_t *keys)
{
    uint32_t at = gl_groups_at(&mores->groups, keys);

    if (at >= mores->rows->len)
        g_array_set_size(mores->rows, at + 1);
    return &g_array_index(mores->rows, struct gl_more, at);
}

int64_t
gl_more_add(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}
