/* Two tables of open addressing, at most half full; see groups.h. */

#include "query/tally/groups.h"

#include "gl_assert.h"

#include <string.h>

#define SLOTS_LEAST 64

static uint64_t
mix(uint64_t x)
{
    x = (x ^ (x >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
    return x ^ (x >> 29);
}

void
gl_groups_init(struct gl_groups *groups, size_t keys_n)
{
    GL_ASSERT(keys_n <= GL_QUESTION_DIMENSIONS_MAX);
    *groups = (struct gl_groups){.keys_n = keys_n};
    groups->tallies = g_array_new(FALSE, FALSE, sizeof(struct gl_tally));
    groups->slots_n = SLOTS_LEAST;
    groups->slots = g_new0(uint32_t, groups->slots_n);
    groups->known_slots = SLOTS_LEAST;
    groups->known = g_new0(struct gl_known, groups->known_slots);
}

void
gl_groups_fini(struct gl_groups *groups)
{
    g_array_free(groups->tallies, TRUE);
    g_free(groups->slots);
    g_free(groups->known);
}

/* ---- groups ---- */

/* Where KEYS are or belong. */
static uint32_t *
slot_of(const struct gl_groups *groups, const uint32_t *keys)
{
    uint64_t hash = 0;
    size_t at;

    GL_ASSERT(groups->tallies->len < groups->slots_n);
    for (size_t i = 0; i < groups->keys_n; i++)
        hash = mix(hash + keys[i] + 1);
    for (at = hash & (groups->slots_n - 1); groups->slots[at] != 0;
         at = (at + 1) & (groups->slots_n - 1))
        if (memcmp(gl_groups_tally(groups, groups->slots[at] - 1)->group.keys,
                   keys, groups->keys_n * sizeof *keys) == 0)
            break;
    return &groups->slots[at];
}

static void
grow(struct gl_groups *groups)
{
    groups->slots_n *= 2;
    g_free(groups->slots);
    groups->slots = g_new0(uint32_t, groups->slots_n);
    for (guint i = 0; i < groups->tallies->len; i++)
        *slot_of(groups, gl_groups_tally(groups, i)->group.keys) = i + 1;
    GL_ASSERT(2 * groups->tallies->len <= groups->slots_n);
}

uint32_t
gl_groups_at(struct gl_groups *groups, const uint32_t *keys)
{
    uint32_t *slot = slot_of(groups, keys);
    struct gl_tally tally = {0};

    if (*slot != 0)
        return *slot - 1;
    if (groups->tallies->len >= GL_GROUPS_MAX) {
        groups->many = 1;
        return 0;
    }
    if (groups->keys_n > 0)
        memcpy(tally.group.keys, keys, groups->keys_n * sizeof *keys);
    g_array_append_val(groups->tallies, tally);
    *slot = groups->tallies->len;
    if (2 * groups->tallies->len > groups->slots_n)
        grow(groups);
    return groups->tallies->len - 1;
}

/* ---- visitors of several sets ---- */

static struct gl_known *
known_slot(const struct gl_groups *groups, uint32_t group, uint64_t visitor)
{
    size_t at = mix(visitor + group) & (groups->known_slots - 1);

    while (groups->known[at].group != 0 &&
           (groups->known[at].group != group ||
            groups->known[at].visitor != visitor))
        at = (at + 1) & (groups->known_slots - 1);
    return &groups->known[at];
}

static void
grow_known(struct gl_groups *groups)
{
    struct gl_known *old = groups->known;
    size_t n = groups->known_slots;

    groups->known_slots *= 2;
    groups->known = g_new0(struct gl_known, groups->known_slots);
    for (size_t i = 0; i < n; i++)
        if (old[i].group != 0)
            *known_slot(groups, old[i].group, old[i].visitor) = old[i];
    GL_ASSERT(2 * groups->known_n <= groups->known_slots);
    g_free(old);
}

int
gl_groups_know(struct gl_groups *groups, uint32_t group, uint64_t visitor)
{
    struct gl_known *slot = known_slot(groups, group + 1, visitor);

    GL_ASSERT(groups->known_n < groups->known_slots);
    if (slot->group != 0)
        return 0;
    if (groups->known_n >= GL_GROUPS_KNOWN_MAX) {
        groups->many = 1;
        return 0;
    }
    *slot = (struct gl_known){visitor, group + 1};
    groups->known_n++;
    if (2 * groups->known_n > groups->known_slots)
        grow_known(groups);
    return 1;
}
