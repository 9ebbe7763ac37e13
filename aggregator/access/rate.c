/* How often something may be done; see rate.h. */

#include "access/rate.h"

#include "gl_assert.h"

#include <glib.h>

struct gl_rate {
    GHashTable *asked; /* char * (id) → int64_t *: when all of them
                          * are free again, us */
    int64_t swept_ms;
};

struct gl_rate *
gl_rate_new(void)
{
    struct gl_rate *rate = g_new0(struct gl_rate, 1);

    rate->asked =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return rate;
}

void
gl_rate_free(struct gl_rate *rate)
{
    if (rate == NULL)
        return;
    g_hash_table_destroy(rate->asked);
    g_free(rate);
}

static gboolean
is_full(gpointer id, gpointer full_us, gpointer now_us)
{
    (void) id;
    return *(int64_t *) full_us <= *(int64_t *) now_us;
}

/* What is full is as what was never there. */
static void
sweep(struct gl_rate *rate, int64_t now_ms)
{
    int64_t now_us = now_ms * 1000;

    if (now_ms - rate->swept_ms < GL_RATE_MINUTE_MS)
        return;
    rate->swept_ms = now_ms;
    g_hash_table_foreach_remove(rate->asked, is_full, &now_us);
}

int
gl_rate_take(struct gl_rate *rate, const char *id, uint32_t times,
             int64_t span_ms, int64_t now_ms)
{
    const int64_t now_us = now_ms * 1000, all_us = span_ms * 1000;
    const int64_t one_us = all_us / times;

    GL_ASSERT(times > 0 && one_us > 0);

    sweep(rate, now_ms);
    int64_t *full_us = g_hash_table_lookup(rate->asked, id);
    int64_t next_us =
        (full_us == NULL ? now_us : MAX(*full_us, now_us)) + one_us;
    if (next_us > now_us + all_us)
        return 0;
    if (full_us == NULL) {
        full_us = g_new(int64_t, 1);
        g_hash_table_insert(rate->asked, g_strdup(id), full_us);
    }
    *full_us = next_us;
    return 1;
}
