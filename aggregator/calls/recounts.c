/* Recounts that are under way; see recounts.h. */

#include "calls/recounts.h"

#include <glib.h>
#include <pthread.h>

struct recount {
    int64_t begun_us;
    int64_t done, days;
};

struct gl_recounts {
    pthread_mutex_t lock;
    GHashTable *running; /* struct recount by account */
};

struct gl_recounts *
gl_recounts_new(void)
{
    struct gl_recounts *recounts = g_new0(struct gl_recounts, 1);

    pthread_mutex_init(&recounts->lock, NULL);
    recounts->running =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return recounts;
}

void
gl_recounts_free(struct gl_recounts *recounts)
{
    if (recounts == NULL)
        return;
    g_hash_table_destroy(recounts->running);
    pthread_mutex_destroy(&recounts->lock);
    g_free(recounts);
}

int
gl_recounts_begin(struct gl_recounts *recounts, const char *account)
{
    pthread_mutex_lock(&recounts->lock);
    int free = !g_hash_table_contains(recounts->running, account);
    if (free) {
        struct recount *recount = g_new0(struct recount, 1);

        recount->begun_us = g_get_monotonic_time();
        g_hash_table_insert(recounts->running, g_strdup(account), recount);
    }
    pthread_mutex_unlock(&recounts->lock);
    return free;
}

void
gl_recounts_note(struct gl_recounts *recounts, const char *account,
                 int64_t done, int64_t days)
{
    pthread_mutex_lock(&recounts->lock);
    struct recount *recount = g_hash_table_lookup(recounts->running, account);
    recount->done = done;
    recount->days = days;
    pthread_mutex_unlock(&recounts->lock);
}

void
gl_recounts_end(struct gl_recounts *recounts, const char *account)
{
    pthread_mutex_lock(&recounts->lock);
    g_hash_table_remove(recounts->running, account);
    pthread_mutex_unlock(&recounts->lock);
}

json_t *
gl_recounts_json(struct gl_recounts *recounts, const char *account)
{
    pthread_mutex_lock(&recounts->lock);
    const struct recount *recount =
        g_hash_table_lookup(recounts->running, account);
    json_t *json = recount == NULL
                       ? json_pack("{s:b}", "running", 0)
                       : json_pack("{s:b, s:I, s:I, s:I}", "running", 1,
                                   "done", (json_int_t) recount->done, "days",
                                   (json_int_t) recount->days, "seconds",
                                   (json_int_t) ((g_get_monotonic_time() -
                                                  recount->begun_us) /
                                                 G_USEC_PER_SEC));
    pthread_mutex_unlock(&recounts->lock);
    return json;
}
