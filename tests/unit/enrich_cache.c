/*
 * Promise: the cache keeps exactly the agents used last, however finds and
 * adds are mixed.  The naive twin is a list in the order of use.
 */

#include <string.h>

#include "enrich/cache.h"
#include "tap.h"

enum { ENTRIES = 16, HASHES = 64, STEPS = 50000 };

struct twin {
    uint64_t hashes[ENTRIES]; /* newest first */
    int n;
};

/* 1 when HASH was there; it is the newest afterwards if so. */
static int
twin_find(struct twin *twin, uint64_t hash)
{
    int i;

    for (i = 0; i < twin->n; i++) {
        if (twin->hashes[i] != hash)
            continue;
        memmove(&twin->hashes[1], &twin->hashes[0], (size_t) i * sizeof hash);
        twin->hashes[0] = hash;
        return 1;
    }
    return 0;
}

static void
twin_add(struct twin *twin, uint64_t hash)
{
    if (twin->n < ENTRIES)
        twin->n++;
    memmove(&twin->hashes[1], &twin->hashes[0],
            (size_t) (twin->n - 1) * sizeof hash);
    twin->hashes[0] = hash;
}

int
main(void)
{
    int i, wrong = 0, hits = 0, evictions = 0, dirty = 0, known;
    uint64_t hash;
    struct gl_agent *agent;
    struct twin twin = {.n = 0};
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
        evictions += twin.n == ENTRIES;
        twin_add(&twin, hash);
        agent = gl_cache_add_(cache, hash);
        dirty += agent->hash != hash || agent->bot[0] != '\0';
        agent->bot[0] = (char) hash;
    }
    tap_int(wrong, 0, "the cache has what the list has");
    tap_int(dirty, 0, "an entry is its own: %d hits", hits);
    tap_ok(hits > STEPS / 10 && evictions > STEPS / 10,
           "both happened: %d hits, %d evictions", hits, evictions);
    gl_cache_free_(cache);
    return tap_done();
}
