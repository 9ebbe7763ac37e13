/* The exact table of visits; see visits.h. */

#include "count/visits.h"

#include "gl_assert.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_MIN 4

static uint64_t
key_of(uint64_t visitor, int server)
{
    return visitor << 1 | (server != 0);
}

static uint32_t
home_of(const struct gl_visits *visits, uint64_t key)
{
    return (uint32_t) ((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) &
           (visits->places_n - 1);
}

/* Where the key stands, or the free place where it would. */
static uint32_t
place_of(const struct gl_visits *visits, uint64_t key)
{
    uint32_t at = home_of(visits, key);

    GL_ASSERT(visits->keys_n < visits->places_n);
    while (visits->places[at].index != GL_VISITS_NONE &&
           visits->places[at].key != key)
        at = (at + 1) & (visits->places_n - 1);
    return at;
}

static void
place_key(struct gl_visits *visits, uint64_t key, uint32_t index)
{
    uint32_t at = place_of(visits, key);

    visits->keys_n += visits->places[at].index == GL_VISITS_NONE;
    GL_ASSERT(2 * visits->keys_n <= visits->places_n);
    visits->places[at].key = key;
    visits->places[at].index = index;
}

/* Take the key away if it is INDEX's; the run behind closes the hole. */
static void
unplace_key(struct gl_visits *visits, uint64_t key, uint32_t index)
{
    uint32_t mask = visits->places_n - 1;
    uint32_t hole = place_of(visits, key);

    if (visits->places[hole].index != index)
        return;
    visits->keys_n--;
    for (uint32_t at = (hole + 1) & mask;
         visits->places[at].index != GL_VISITS_NONE; at = (at + 1) & mask) {
        uint32_t home = home_of(visits, visits->places[at].key);

        if (((at - home) & mask) >= ((at - hole) & mask)) {
            visits->places[hole] = visits->places[at];
            hole = at;
        }
    }
    visits->places[hole].index = GL_VISITS_NONE;
}

static int
grow_places(struct gl_visits *visits, uint32_t n)
{
    struct gl_visits old = *visits;
    struct gl_visits_place *places = malloc(n * sizeof *places);

    if (places == NULL)
        return -1;
    for (uint32_t i = 0; i < n; i++)
        places[i].index = GL_VISITS_NONE;
    visits->places = places;
    visits->places_n = n;
    visits->keys_n = 0;
    GL_ASSERT((n & (n - 1)) == 0 && n > old.places_n);
    for (uint32_t i = 0; i < old.places_n; i++)
        if (old.places[i].index != GL_VISITS_NONE)
            place_key(visits, old.places[i].key, old.places[i].index);
    free(old.places);
    return 0;
}

static int
grow_entries(struct gl_visits *visits, uint32_t n)
{
    struct gl_visits_entry *entries =
        realloc(visits->entries, n * sizeof *entries);

    if (entries == NULL)
        return -1;
    visits->entries = entries;
    visits->entries_max = n;
    return 0;
}

int
gl_visits_init(struct gl_visits *visits)
{
    memset(visits, 0, sizeof *visits);
    visits->free = visits->oldest = visits->newest = GL_VISITS_NONE;
    if (grow_entries(visits, ENTRIES_MIN) == -1)
        return -1;
    if (grow_places(visits, 4 * ENTRIES_MIN) == -1) {
        gl_visits_fini(visits);
        return -1;
    }
    return 0;
}

void
gl_visits_fini(struct gl_visits *visits)
{
    free(visits->entries);
    free(visits->places);
    visits->entries = NULL;
    visits->places = NULL;
}

int
gl_visits_reserve(struct gl_visits *visits)
{
    if (visits->free == GL_VISITS_NONE &&
        visits->entries_n == visits->entries_max &&
        grow_entries(visits, 2 * visits->entries_max) == -1)
        return -1;
    if ((visits->keys_n + 2) * 2 > visits->places_n)
        return grow_places(visits, 2 * visits->places_n);
    return 0;
}

struct gl_visits_entry *
gl_visits_find(const struct gl_visits *visits, uint64_t visitor, int server)
{
    uint32_t index =
        visits->places[place_of(visits, key_of(visitor, server))].index;

    return index == GL_VISITS_NONE ? NULL : &visits->entries[index];
}

static void
unlink_entry(struct gl_visits *visits, struct gl_visits_entry *entry)
{
    if (entry->older == GL_VISITS_NONE)
        visits->oldest = entry->newer;
    else
        visits->entries[entry->older].newer = entry->newer;
    if (entry->newer == GL_VISITS_NONE)
        visits->newest = entry->older;
    else
        visits->entries[entry->newer].older = entry->older;
}

/* Link behind AFTER, GL_VISITS_NONE = at the head. */
static void
link_after(struct gl_visits *visits, struct gl_visits_entry *entry,
           uint32_t after)
{
    uint32_t index = (uint32_t) (entry - visits->entries);

    GL_ASSERT(index < visits->entries_n && after != index);
    entry->older = after;
    entry->newer = after == GL_VISITS_NONE ? visits->oldest
                                           : visits->entries[after].newer;
    if (entry->newer == GL_VISITS_NONE)
        visits->newest = index;
    else
        visits->entries[entry->newer].older = index;
    if (after == GL_VISITS_NONE)
        visits->oldest = index;
    else
        visits->entries[after].newer = index;
}

struct gl_visits_entry *
gl_visits_add(struct gl_visits *visits, uint64_t visitor, int server)
{
    uint32_t index = visits->free;

    if (index == GL_VISITS_NONE)
        index = visits->entries_n++;
    else
        visits->free = visits->entries[index].newer;

    GL_ASSERT(index < visits->entries_max); /* it was reserved */

    struct gl_visits_entry *entry = &visits->entries[index];

    memset(entry, 0, sizeof *entry);
    entry->visit.visitor = visitor;
    entry->visit.server = server != 0;
    entry->newest_ms = entry->ended_ms = INT64_MIN;
    place_key(visits, key_of(visitor, server), index);
    link_after(visits, entry, visits->newest);
    visits->held++;
    return entry;
}

void
gl_visits_alias(struct gl_visits *visits, struct gl_visits_entry *entry,
                uint64_t alias)
{
    GL_ASSERT(!entry->ended && alias != 0);
    entry->visit.alias = alias;
    place_key(visits, key_of(alias, entry->visit.server),
              (uint32_t) (entry - visits->entries));
}

void
gl_visits_touch(struct gl_visits *visits, struct gl_visits_entry *entry)
{
    uint32_t after;

    GL_ASSERT(!entry->ended && visits->held > 0);
    unlink_entry(visits, entry);
    after = visits->newest;
    while (after != GL_VISITS_NONE &&
           visits->entries[after].newest_ms > entry->newest_ms)
        after = visits->entries[after].older;
    link_after(visits, entry, after);
}

static void
unplace(struct gl_visits *visits, struct gl_visits_entry *entry)
{
    const struct gl_visit *visit = &entry->visit;
    uint32_t index = (uint32_t) (entry - visits->entries);

    unplace_key(visits, key_of(visit->visitor, visit->server), index);
    if (visit->alias != 0)
        unplace_key(visits, key_of(visit->alias, visit->server), index);
}

void
gl_visits_end(struct gl_visits *visits, struct gl_visits_entry *entry)
{
    GL_ASSERT(!entry->ended);
    unplace(visits, entry);
    entry->ended = 1;
    unlink_entry(visits, entry);
    link_after(visits, entry, GL_VISITS_NONE);
}

void
gl_visits_remove(struct gl_visits *visits, struct gl_visits_entry *entry)
{
    GL_ASSERT(visits->held > 0);
    unplace(visits, entry);
    unlink_entry(visits, entry);
    entry->newer = visits->free;
    visits->free = (uint32_t) (entry - visits->entries);
    visits->held--;
}

struct gl_visits_entry *
gl_visits_oldest(const struct gl_visits *visits)
{
    return visits->oldest == GL_VISITS_NONE ? NULL
                                            : &visits->entries[visits->oldest];
}
