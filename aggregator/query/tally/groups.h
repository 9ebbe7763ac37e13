/*
 * Groups by their keys, and what was counted for each.  Pure.
 *
 * Visitors and visits are counted exactly without a list of them: what a set
 * holds comes visitor by visitor, so one is new to a group when the group's
 * last one is another.  Those that may come in several sets are remembered.
 */

#ifndef GL_QUERY_TALLY_GROUPS_H
#define GL_QUERY_TALLY_GROUPS_H

#include "question/question.h"

/* Of all questions that are answered together (gl_tally_many()). */
#define GL_GROUPS_MAX (1u << 20)       /* 190 MiB */
#define GL_GROUPS_KNOWN_MAX (1u << 23) /* visitors remembered: 256 MiB */

/* What one answer has of a group while it is counted. */
struct gl_tally {
    struct gl_group group;
    uint64_t visitor, visit; /* seen last; 0 = none */
};

struct gl_known {
    uint64_t visitor; /* imported: never 0 */
    uint32_t group;
};

struct gl_groups {
    size_t keys_n;
    GArray *tallies; /* struct gl_tally */
    uint32_t *slots; /* 1 + index, 0 = free; a power of two of them */
    size_t slots_n;
    struct gl_known *known; /* group 0 = free: one is added */
    size_t known_n, known_slots;
    int many; /* 1 = more than there may be: the answer is not to be used */
};

void gl_groups_init(struct gl_groups *groups, size_t keys_n);
void gl_groups_fini(struct gl_groups *groups);
/* The group of KEYS, made when new. */
uint32_t gl_groups_at(struct gl_groups *groups, const uint32_t *keys);
/* Remember that a visitor of several sets was in GROUP: 1 = that is new. */
int gl_groups_know(struct gl_groups *groups, uint32_t group, uint64_t visitor);

static inline struct gl_tally *
gl_groups_tally(const struct gl_groups *groups, uint32_t at)
{
    return &g_array_index(groups->tallies, struct gl_tally, at);
}

#endif
