/* Steps one after the other; see funnel.h. */

#include "query/walk/funnel.h"

#include "count/count.h"

void
gl_funnel_init(struct gl_funnel *funnel, size_t steps_n, int strict)
{
    *funnel = (struct gl_funnel){.steps_n = steps_n, .strict = strict};
    funnel->imported =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

void
gl_funnel_fini(struct gl_funnel *funnel)
{
    g_hash_table_destroy(funnel->imported);
}

/* One visitor, event by event. */
struct going {
    size_t far;      /* steps done */
    unsigned chains; /* strict: bit N = the last event was step N of one */
};

static void
go_strictly(const struct gl_walk *walk, struct going *going, uint32_t visit,
            uint32_t event)
{
    unsigned before = going->chains | 1; /* each may be the first */

    going->chains = 0;
    for (size_t i = 1; i < walk->n; i++) {
        if (!(before & 1u << (i - 1)) ||
            !gl_mask_counts(&walk->masks[i], visit, event))
            continue;
        going->chains |= 1u << i;
        going->far = MAX(going->far, i);
    }
}

/* BEFORE < 0: was not seen on another day. */
static void
add(struct gl_funnel *funnel, int before, size_t far)
{
    funnel->visitors += before < 0;
    for (size_t i = (size_t) MAX(before, 0); i < far; i++)
        funnel->reached[i]++;
}

static void
add_visitor(struct gl_funnel *funnel, uint64_t id, size_t far)
{
    int before = -1;

    if (id & GL_VISITOR_IMPORTED) {
        before =
            GPOINTER_TO_INT(g_hash_table_lookup(funnel->imported, &id)) - 1;
        funnel->many |=
            g_hash_table_size(funnel->imported) >= GL_FUNNEL_KNOWN_MAX;
        if ((int) far > before && !funnel->many)
            g_hash_table_insert(funnel->imported, g_memdup2(&id, sizeof id),
                                GINT_TO_POINTER((int) far + 1));
    }
    add(funnel, before, far);
}

/* The visits FROM <= v < TO are one visitor's. */
static void
walk_visitor(struct gl_funnel *funnel, const struct gl_walk *walk,
             uint32_t from, uint32_t to)
{
    const struct gl_columns *set = walk->set;
    struct going going = {0};
    int any = 0;

    for (uint32_t v = from; v < to; v++) {
        for (uint32_t e = set->visit_first[v]; e < set->visit_first[v + 1];
             e++) {
            if (!gl_mask_counts(&walk->masks[0], v, e))
                continue;
            any = 1;
            if (funnel->strict)
                go_strictly(walk, &going, v, e);
            else if (going.far < funnel->steps_n)
                going.far +=
                    (size_t) gl_mask_counts(&walk->masks[going.far + 1], v, e);
        }
    }
    if (any)
        add_visitor(funnel, set->visitor_id[set->visit_visitor[from]],
                    going.far);
}

void
gl_funnel_step(void *arg, const struct gl_walk *walk)
{
    const struct gl_columns *set = walk->set;

    for (uint32_t from = 0, to; from < set->visits_n; from = to) {
        for (to = from + 1;
             to < set->visits_n &&
             set->visit_visitor[to] == set->visit_visitor[from];)
            to++;
        walk_visitor(arg, walk, from, to);
    }
}
