/*
 * "Has this visitor a visit in the table?"  A Bloom filter that answers
 * *certainly not* or *maybe*; it saves look-ups and never decides a count.
 *
 * Two generations by event time, each as long as a visit is kept after its
 * last event: a visit touched in one generation is in that or the one before
 * for as long as it can be joined.  Whoever keeps the visits adds a visitor
 * once a generation (gl_filter_generation()).
 *
 * Memory: 10 bits and 7 hashes a visitor give 0.8 % false positives; a
 * generation is sized by twice the visitors of the one before, 1 KiB to
 * 512 KiB, so a site takes 1 MiB at most.
 */

#ifndef GL_FILTER_H
#define GL_FILTER_H

#include <stddef.h>
#include <stdint.h>

#define GL_FILTER_BITS_EACH 10
#define GL_FILTER_BYTES_MIN 512
#define GL_FILTER_BYTES_MAX (512 * 1024) /* of one generation */

struct gl_filter_generation {
    uint64_t *bits;
    size_t bytes; /* a power of two; 0 = holds nothing */
    uint64_t added;
};

struct gl_filter {
    struct gl_filter_generation now, before;
    int64_t start_ms;    /* of `now` */
    uint32_t generation; /* counts turns */
};

int gl_filter_init(struct gl_filter *filter); /* -1: out of memory */
void gl_filter_fini(struct gl_filter *filter);

/* Event time has come to AT: turns the generations when it is time.  When
 * memory is short the old bits stay, which costs look-ups, no answers. */
void gl_filter_turn(struct gl_filter *filter, int64_t at_ms);

void gl_filter_add(struct gl_filter *filter, uint64_t visitor);

/* 0 = certainly not added in this generation or the one before. */
int gl_filter_maybe(const struct gl_filter *filter, uint64_t visitor);

#endif
