/* Visitors week by week; see retention.h. */

#include "query/walk/retention.h"

#include "count/count.h"

#define BEFORE (-1) /* the first week */
#define WORDS ((GL_RETENTION_WEEKS_MAX + 63) / 64)

/* In which weeks somebody was seen: a bit each. */
struct weeks {
    uint64_t bits[WORDS];
    int before; /* 1 = before the first week, too */
};

struct known {
    uint64_t id; /* first: it is the key */
    struct weeks weeks;
};

void
gl_retention_init(struct gl_retention *retention, const GArray *edges)
{
    *retention = (struct gl_retention){
        .edges = edges,
        .weeks_n = edges->len - 1,
        .known =
            g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
        .seen = g_new0(uint64_t, (gsize) (edges->len - 1) * (edges->len - 1)),
    };
}

void
gl_retention_fini(struct gl_retention *retention)
{
    g_hash_table_destroy(retention->known);
    g_free(retention->seen);
}

/* ---- a set ---- */

static int
week_of(const struct gl_retention *retention, int64_t at_ms)
{
    int week = BEFORE;

    while (week + 1 < (int) retention->weeks_n &&
           at_ms >= g_array_index(retention->edges, int64_t, week + 1))
        week++;
    return week;
}

/* 1 = its events are of several weeks, or of one and of what is before: their
 * times are there.  Else they need not be. */
static int
is_cut(const struct gl_retention *retention, const struct gl_columns *set)
{
    int64_t day_ms = set->day * GL_DAY_MS;
    int64_t last_ms = day_ms + MAX(set->events_end, 1) - 1;

    return week_of(retention, day_ms) != week_of(retention, last_ms);
}

struct walking {
    struct gl_retention *retention;
    const struct gl_walk *walk;
    int cut, week; /* the week of all, unless it is cut */
};

static void
note(struct weeks *weeks, int week)
{
    if (week == BEFORE)
        weeks->before = 1;
    else
        weeks->bits[week / 64] |= UINT64_C(1) << week % 64;
}

static struct weeks
weeks_of_visit(const struct walking *walking, uint32_t visit)
{
    const struct gl_columns *set = walking->walk->set;
    const struct gl_mask *mask = &walking->walk->masks[0];
    int64_t day_ms = set->day * GL_DAY_MS;
    struct weeks weeks = {{0}, 0};

    for (uint32_t e = set->visit_first[visit]; e < set->visit_first[visit + 1];
         e++)
        if (gl_mask_counts(mask, visit, e))
            note(&weeks, walking->cut
                             ? week_of(walking->retention,
                                       day_ms + gl_columns_event_at(set, e))
                             : walking->week);
    return weeks;
}

static int
is_in_a_week(const struct weeks *weeks)
{
    uint64_t any = 0;

    for (size_t i = 0; i < WORDS; i++)
        any |= weeks->bits[i];
    return any != 0;
}

static void
merge(struct weeks *weeks, const struct weeks *more)
{
    for (size_t i = 0; i < WORDS; i++)
        weeks->bits[i] |= more->bits[i];
    weeks->before |= more->before;
}

static void
remember(struct gl_retention *retention, uint64_t id,
         const struct weeks *weeks)
{
    struct known *known = g_hash_table_lookup(retention->known, &id);

    if (known == NULL) {
        if (g_hash_table_size(retention->known) >= GL_RETENTION_KNOWN_MAX) {
            retention->many = 1;
            return;
        }
        known = g_new0(struct known, 1);
        known->id = id;
        g_hash_table_add(retention->known, known);
    }
    merge(&known->weeks, weeks);
}

void
gl_retention_step(void *arg, const struct gl_walk *walk)
{
    struct gl_retention *retention = arg;
    const struct gl_columns *set = walk->set;
    struct walking walking = {retention, walk, is_cut(retention, set),
                              week_of(retention, set->day * GL_DAY_MS)};

    for (uint32_t from = 0, to; from < set->visits_n; from = to) {
        uint32_t visitor = set->visit_visitor[from];
        struct weeks weeks = {{0}, 0};

        for (to = from;
             to < set->visits_n && set->visit_visitor[to] == visitor; to++) {
            struct weeks more = weeks_of_visit(&walking, to);

            merge(&weeks, &more);
        }
        if (visitor < set->imported)
            retention->of_one_day += (uint64_t) is_in_a_week(&weeks);
        else if (is_in_a_week(&weeks) || weeks.before)
            remember(retention, set->visitor_id[visitor], &weeks);
    }
}

/* ---- all ---- */

static int
was_seen(const struct weeks *weeks, size_t week)
{
    return (int) (weeks->bits[week / 64] >> week % 64) & 1;
}

static void
add(struct gl_retention *retention, const struct weeks *weeks)
{
    size_t first = 0;

    while (!was_seen(weeks, first))
        first++;
    for (size_t week = first; week < retention->weeks_n; week++)
        retention->seen[first * retention->weeks_n + week] +=
            (uint64_t) was_seen(weeks, week);
}

void
gl_retention_end(struct gl_retention *retention)
{
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, retention->known);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const struct weeks *weeks = &((const struct known *) key)->weeks;

        if (!is_in_a_week(weeks))
            continue;
        if (weeks->before) {
            retention->known_before++;
            continue;
        }
        retention->known_since++;
        add(retention, weeks);
    }
}
