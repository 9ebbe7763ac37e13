/*
 * Promises: the cache keeps exactly the agents used last, those that came
 * again before those that came once, however finds and adds are mixed; a flood
 * of agents that come once takes nothing from those that come again.  The
 * naive twin is two lists in the order of use.
 */

#include <string.h>

#include "enrich/cache.h"
#include "tap.h"

enum { ENTRIES = 16, HASHES = 64, STEPS = 50000, ONCE_MAX = ENTRIES / 8 };

struct list {
    uint64_t hashes[ENTRIES]; /* newest first */
    int n;
};

struct twin {
    struct list once, again;
};

static void
list_add(struct list *list, uint64_t hash)
{
    memmove(&list->hashes[1], &list->hashes[0],
            (size_t) list->n++ * sizeof hash);
    list->hashes[0] = hash;
}

/* 1 when HASH was there, and is not any more. */
static int
list_take(struct list *list, uint64_t hash)
{
    int i;

    for (i = 0; i < list->n; i++) {
        if (list->hashes[i] != hash)
            continue;
        list->n--;
        memmove(&list->hashes[i], &list->hashes[i + 1],
                (size_t) (list->n - i) * sizeof hash);
        return 1;
    }
    return 0;
}

static int
twin_find(struct twin *twin, uint64_t hash)
{
    if (!list_take(&twin->once, hash) && !list_take(&twin->again, hash))
        return 0;
    list_add(&twin->again, hash);
    return 1;
}

/* 1 when another had to go. */
static int
twin_add(struct twin *twin, uint64_t hash)
{
    int full = twin->once.n + twin->again.n == ENTRIES;

    if (full && (twin->once.n > ONCE_MAX || twin->again.n == 0))
        twin->once.n--;
    else if (full)
        twin->again.n--;
    list_add(&twin->once, hash);
    return full;
}

static void
flood(void)
{
    enum { FLOOD = 1000 };
    struct gl_cache *cache = gl_cache_new_(ENTRIES);
    uint64_t hash;
    int again, kept = 0;

    for (hash = 1; hash <= ENTRIES - ONCE_MAX - 1; hash++)
        for (again = 0; again < 2; again++)
            if (gl_cache_find_(cache, hash) == NULL)
                gl_cache_add_(cache, hash);
    for (hash = 100; hash < 100 + FLOOD; hash++)
        gl_cache_add_(cache, hash);
    for (hash = 1; hash <= ENTRIES - ONCE_MAX - 1; hash++)
        kept += gl_cache_find_(cache, hash) != NULL;
    tap_int(kept, ENTRIES - ONCE_MAX - 1, "%d that come once take nothing",
            FLOOD);
    gl_cache_free_(cache);
}

int
main(void)
{
    int i, wrong = 0, hits = 0, evictions = 0, dirty = 0, known;
    uint64_t hash;
    struct gl_agent *agent;
    struct twin twin = {.once.n = 0};
    struct gl_cache *cache = gl_cache_new_(ENTRIES);

    for (i = 0; i < STEPS; i++) {
        /* Many share a bucket: only the upper bits differ. */
        hash = (tap_below(8) << 32) | (tap_below(HASHES / 8) << 3) | 1;
        if (tap_below(3) == 0)
            hash = (tap_below(4) << 32) | 1;
        known = twin_find(&twin, hash);
        agent = gl_cache_find_(cache, hash);
        wrong += (agent != NULL) != known;
        if (agent != NULL) {
            hits++;
            dirty += agent->hash != hash || agent->bot[0] != (char) hash;
            continue;
        }
        evictions += twin_add(&twin, hash);
        agent = gl_cache_add_(cache, hash);
        dirty += agent->hash != hash || agent->bot[0] != '\0';
        agent->bot[0] = (char) hash;
    }
    tap_int(wrong, 0, "the cache has what the lists have");
    tap_int(dirty, 0, "an entry is its own: %d hits", hits);
    tap_ok(hits > STEPS / 10 && evictions > STEPS / 10,
           "both happened: %d hits, %d evictions", hits, evictions);
    gl_cache_free_(cache);
    flood();
    return tap_done();
}
