/* Pages one after the other; see journey.h. */

#include "query/walk/journey.h"

#include <string.h>

#include "count/count.h"

#define NO_PAGE UINT32_MAX /* as a value: the trail ends */

/* The node of PAGE, NULL = none, after node BEFORE. */
static uint32_t
node_at(struct gl_journey *journey, uint32_t before, uint32_t value,
        const char *page)
{
    uint32_t at =
        gl_groups_at(&journey->groups, (const uint32_t[]){before, value});
    struct gl_journey_node node = {before, NULL};

    if (at < journey->nodes->len)
        return at;
    if (page != NULL)
        node.page = g_string_chunk_insert_const(journey->texts, page);
    g_array_append_val(journey->nodes, node);
    return at;
}

void
gl_journey_init(struct gl_journey *journey)
{
    gl_groups_init(&journey->groups, 2);
    journey->nodes = g_array_new(FALSE, FALSE, sizeof(struct gl_journey_node));
    journey->texts = g_string_chunk_new(4096);
    journey->trail = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    journey->found = 0;
    journey->visitors = 0;
    node_at(journey, NO_PAGE, NO_PAGE, NULL); /* 0: of all */
}

void
gl_journey_fini(struct gl_journey *journey)
{
    gl_groups_fini(&journey->groups);
    g_array_free(journey->nodes, TRUE);
    g_array_free(journey->trail, TRUE);
    g_string_chunk_free(journey->texts);
}

/* ---- pages as values ---- */

static int
find(const struct gl_values *values, const char *page, uint32_t *value)
{
    for (*value = 0; *value < values->n; ++*value)
        if (strcmp(values->text[*value], page) == 0)
            return 1;
    return 0;
}

/* All sets of a walk have the same values. */
static void
find_pages(struct gl_journey *journey, const struct gl_values *values)
{
    journey->found = 1;
    for (size_t i = 0; i < journey->pages_n; i++)
        if (!find(values, journey->pages[i], &journey->asked[i]))
            journey->found = -1;
}

/* A code that no dictionary has, of a damaged file, is none. */
static uint32_t
page_of(const struct gl_walk *walk, uint32_t event)
{
    uint32_t code =
        gl_column_at(&walk->set->event_codes[GL_EVENT_PATH], event);
    const struct gl_column_map *of = &walk->values->of;

    code = code < of->n ? code : 0;
    return of->to == NULL ? code : of->to[code];
}

/* ---- a visit ---- */

static void
reverse(GArray *trail)
{
    for (guint i = 0, k = trail->len; i + 1 < k--; i++) {
        uint32_t page = g_array_index(trail, uint32_t, i);

        g_array_index(trail, uint32_t, i) = g_array_index(trail, uint32_t, k);
        g_array_index(trail, uint32_t, k) = page;
    }
}

/* The pages of VISIT, in the order in which they are walked. */
static void
follow(struct gl_journey *journey, const struct gl_walk *walk, uint32_t visit)
{
    const struct gl_columns *set = walk->set;
    GArray *trail = journey->trail;

    g_array_set_size(trail, 0);
    for (uint32_t e = set->visit_first[visit]; e < set->visit_first[visit + 1];
         e++) {
        uint32_t page;

        if (!gl_columns_viewed(set, e) ||
            !gl_mask_counts(&walk->masks[0], visit, e))
            continue;
        page = page_of(walk, e);
        if (trail->len == 0 ||
            g_array_index(trail, uint32_t, trail->len - 1) != page)
            g_array_append_val(trail, page);
    }
    if (journey->back)
        reverse(trail);
}

/* What is behind the pages asked about, the first time they come: 1 and *AT,
 * or 0. */
static int
find_asked(const struct gl_journey *journey, guint *at)
{
    const GArray *trail = journey->trail;
    size_t n = journey->pages_n;

    for (guint from = 0; from + n <= trail->len; from++) {
        if (memcmp(&g_array_index(trail, uint32_t, from), journey->asked,
                   n * sizeof *journey->asked) != 0)
            continue;
        *at = from + (guint) n;
        return 1;
    }
    return 0;
}

/* The last node of the trail that goes on at AT. */
static uint32_t
walk_trail(struct gl_journey *journey, const struct gl_values *values,
           guint at)
{
    const GArray *trail = journey->trail;
    uint32_t node = 0;

    for (size_t step = 0; step < journey->steps_n; step++, at++) {
        uint32_t page;

        if (at >= trail->len)
            return node_at(journey, node, NO_PAGE, NULL);
        page = g_array_index(trail, uint32_t, at);
        node = node_at(journey, node, page, values->text[page]);
    }
    return node;
}

static void
count(struct gl_journey *journey, const struct gl_columns *set, uint32_t visit,
      uint32_t node)
{
    struct gl_tally *tally = gl_groups_tally(&journey->groups, node);
    uint32_t visitor = set->visit_visitor[visit];
    uint64_t number = journey->visitors + visitor + 1;

    tally->group.sums[GL_SUM_VISITS]++;
    if (tally->visitor == number)
        return;
    tally->visitor = number;
    tally->group.sums[GL_SUM_VISITORS] +=
        (uint64_t) (visitor < set->imported ||
                    gl_groups_know(&journey->groups, node,
                                   set->visitor_id[visitor]));
}

void
gl_journey_step(void *arg, const struct gl_walk *walk)
{
    struct gl_journey *journey = arg;
    const struct gl_columns *set = walk->set;
    guint at;

    if (journey->found == 0)
        find_pages(journey, walk->values);
    for (uint32_t v = 0; journey->found == 1 && v < set->visits_n; v++) {
        follow(journey, walk, v);
        if (!find_asked(journey, &at) || journey->groups.many)
            continue;
        count(journey, set, v, 0);
        count(journey, set, v, walk_trail(journey, walk->values, at));
    }
    journey->visitors += set->visitors_n;
}
