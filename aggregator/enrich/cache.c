/*
 * See cache.h for the drawing.  Pure: no library, no clock.
 *
 * Invariants: 1. every used entry is in exactly one bucket and in one order of
 * use; 2. number 0 stands for "none" (entry 0 is never used).
 */

#include "cache.h"

#include "gl_assert.h"

#include <stdlib.h>
#include <string.h>

/* Buckets an entry: a new agent meets no entry in most, which would be far. */
#define SPREAD 4
/* Those that were asked for once have an eighth, when others want the room. */
#define ONCE_OF 8

enum { ONCE, AGAIN, ORDERS };

struct entry {
    struct gl_agent agent;
    uint16_t next;         /* in the bucket */
    uint16_t newer, older; /* in the order of use */
    uint16_t order;        /* ONCE or AGAIN */
};

struct order {
    uint32_t n;
    uint16_t newest, oldest;
};

struct gl_cache {
    struct entry *entries; /* 1 .. size */
    uint16_t *heads;       /* one a bucket */
    uint32_t size, used;
    struct order orders[ORDERS];
};

struct gl_cache *
gl_cache_new_(uint32_t entries)
{
    struct gl_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL)
        return NULL;
    cache->size = entries;
    cache->entries = calloc(entries + 1, sizeof *cache->entries);
    cache->heads = calloc((size_t) entries * SPREAD, sizeof *cache->heads);
    if (cache->entries == NULL || cache->heads == NULL) {
        gl_cache_free_(cache);
        return NULL;
    }
    return cache;
}

void
gl_cache_free_(struct gl_cache *cache)
{
    if (cache == NULL)
        return;
    free(cache->entries);
    free(cache->heads);
    free(cache);
}

static uint16_t *
bucket(struct gl_cache *cache, uint64_t hash)
{
    return &cache->heads[hash & (cache->size * SPREAD - 1)];
}

static void
take_out(struct gl_cache *cache, uint16_t n)
{
    struct entry *entry = &cache->entries[n];
    struct order *order = &cache->orders[entry->order];

    GL_ASSERT(order->n > 0);
    order->n--;
    if (entry->newer != 0)
        cache->entries[entry->newer].older = entry->older;
    else
        order->newest = entry->older;
    if (entry->older != 0)
        cache->entries[entry->older].newer = entry->newer;
    else
        order->oldest = entry->newer;
}

static void
put_first(struct gl_cache *cache, uint16_t n, uint16_t which)
{
    struct entry *entry = &cache->entries[n];
    struct order *order = &cache->orders[which];

    entry->order = which;
    entry->newer = 0;
    entry->older = order->newest;
    if (order->newest != 0)
        cache->entries[order->newest].newer = n;
    else
        order->oldest = n;
    order->newest = n;
    order->n++;
}

struct gl_agent *
gl_cache_find_(struct gl_cache *cache, uint64_t hash)
{
    uint16_t n = *bucket(cache, hash);

    while (n != 0 && cache->entries[n].agent.hash != hash)
        n = cache->entries[n].next;
    if (n == 0)
        return NULL;
    if (n != cache->orders[AGAIN].newest) {
        take_out(cache, n);
        put_first(cache, n, AGAIN);
    }
    return &cache->entries[n].agent;
}

static uint16_t
evict(struct gl_cache *cache)
{
    const struct order *once = &cache->orders[ONCE];
    int which = once->n > cache->size / ONCE_OF || cache->orders[AGAIN].n == 0
                    ? ONCE
                    : AGAIN;
    uint16_t n = cache->orders[which].oldest;
    uint16_t *link = bucket(cache, cache->entries[n].agent.hash);

    GL_ASSERT(n != 0);
    while (*link != n)
        link = &cache->entries[*link].next;
    *link = cache->entries[n].next;
    take_out(cache, n);
    return n;
}

struct gl_agent *
gl_cache_add_(struct gl_cache *cache, uint64_t hash)
{
    uint16_t n;
    uint16_t *head = bucket(cache, hash);

    if (cache->used < cache->size)
        n = (uint16_t) ++cache->used;
    else
        n = evict(cache);
    memset(&cache->entries[n], 0, sizeof cache->entries[n]);
    cache->entries[n].agent.hash = hash;
    cache->entries[n].next = *head;
    *head = n;
    put_first(cache, n, ONCE);
    return &cache->entries[n].agent;
}
