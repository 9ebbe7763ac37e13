/* The Bloom filter before the table of visits; see filter.h. */

#include "count/filter.h"

#include <stdlib.h>
#include <string.h>

#include "count/count.h"
#include "gl_assert.h"

#define HASHES 7 /* best for 10 bits a visitor: 10 ln 2 */

/*
 * Bit positions come from two 32-bit halves (Kirsch and Mitzenmacher 2006).
 * Visitor ids are SipHash values already; one multiplication spreads the few
 * fixed bits of imported ones.
 */
static uint64_t
spread(uint64_t visitor)
{
    visitor ^= visitor >> 32;
    return visitor * UINT64_C(0x9e3779b97f4a7c15);
}

static void
add(struct gl_filter_generation *g, uint64_t visitor)
{
    uint64_t mask = g->bytes * 8 - 1;
    uint64_t h = spread(visitor);
    uint64_t step = (h >> 32) | 1;

    GL_ASSERT(g->bytes != 0 && (g->bytes & (g->bytes - 1)) == 0);
    for (int i = 0; i < HASHES; i++, h += step)
        g->bits[(h & mask) / 64] |= UINT64_C(1) << (h & mask) % 64;
    g->added++;
}

static int
maybe(const struct gl_filter_generation *g, uint64_t visitor)
{
    if (g->bytes == 0)
        return 0;

    uint64_t mask = g->bytes * 8 - 1;
    uint64_t h = spread(visitor);
    uint64_t step = (h >> 32) | 1;

    for (int i = 0; i < HASHES; i++, h += step)
        if (!(g->bits[(h & mask) / 64] & UINT64_C(1) << (h & mask) % 64))
            return 0;
    return 1;
}

static size_t
bytes_for(uint64_t visitors)
{
    uint64_t want = visitors * GL_FILTER_BITS_EACH / 8;
    size_t bytes = GL_FILTER_BYTES_MIN;

    while (bytes < want && bytes < GL_FILTER_BYTES_MAX)
        bytes *= 2;
    GL_ASSERT(bytes <= GL_FILTER_BYTES_MAX && (bytes & (bytes - 1)) == 0);
    return bytes;
}

int
gl_filter_init(struct gl_filter *filter)
{
    memset(filter, 0, sizeof *filter);
    filter->start_ms = INT64_MIN;
    filter->now.bytes = GL_FILTER_BYTES_MIN;
    filter->now.bits = calloc(1, filter->now.bytes);
    return filter->now.bits == NULL ? -1 : 0;
}

void
gl_filter_fini(struct gl_filter *filter)
{
    free(filter->now.bits);
    free(filter->before.bits);
    filter->now.bits = filter->before.bits = NULL;
}

void
gl_filter_turn(struct gl_filter *filter, int64_t at_ms)
{
    if (filter->start_ms == INT64_MIN)
        filter->start_ms = at_ms;
    GL_ASSERT(at_ms >= filter->start_ms); /* of the newest event */
    if (at_ms - filter->start_ms < GL_VISIT_KEPT_MS)
        return;

    size_t bytes = bytes_for(2 * filter->now.added);
    uint64_t *bits = calloc(1, bytes);

    if (bits == NULL)
        return;

    free(filter->before.bits);
    filter->before = filter->now;
    filter->now.bits = bits;
    filter->now.bytes = bytes;
    filter->now.added = 0;
    filter->start_ms = at_ms;
    filter->generation++;
}

void
gl_filter_add(struct gl_filter *filter, uint64_t visitor)
{
    add(&filter->now, visitor);
}

int
gl_filter_maybe(const struct gl_filter *filter, uint64_t visitor)
{
    return maybe(&filter->now, visitor) || maybe(&filter->before, visitor);
}
