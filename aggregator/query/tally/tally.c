/*
 * A set's blocks, one after the other: what counts is selected once for all
 * questions, and each passes over it.  A question by one dimension counts into
 * an array (dense.h), one by several into a table of groups (groups.h).
 */

#include "query/tally/tally_internal.h"

#include "count/count.h"
#include "gl_assert.h"

static int
is_counted(const struct gl_tally_pass_ *c, const struct gl_tallied *count)
{
    return !count->done && count->over == c->over;
}

static void
count_block(struct gl_tally_pass_ *c, const struct gl_mask *mask,
            uint32_t from)
{
    gl_select(&c->selection, mask, from);
    if (c->t->plans->entry_test != NULL)
        gl_select(&c->entry_selection, &c->entry_mask, from);
    if (c->values_max < c->selection.events_max) {
        c->values_max = c->selection.events_max;
        c->values = g_renew(uint32_t, c->values, c->values_max);
    }
    if (is_counted(c, &c->t->all))
        gl_tally_all_(c);
    for (size_t i = 0; i < c->t->plans->n; i++) {
        struct gl_tallied *count = &c->t->counts[i];

        if (!is_counted(c, count))
            continue;
        if (count->is_dense)
            gl_tally_dense_(c, count, c->places[i]);
        else if (count->plan->axes_n > 0)
            gl_tally_groups_(c, count, c->places[i]);
        if (count->plan->more)
            gl_tally_more_(c, count, c->places[i]);
    }
}

/* 1 = events are looked at one by one. */
static int
wants_events(const struct gl_tally_pass_ *c)
{
    for (size_t i = 0; i < c->t->plans->n; i++) {
        const struct gl_plan *plan = &c->t->plans->plan[i];

        if (!is_counted(c, &c->t->counts[i]))
            continue;
        if (plan->more || plan->axes_n > 1 ||
            (plan->axes_n == 1 &&
             (!c->t->counts[i].is_dense || plan->of_event ||
              plan->axes[0].place.what == GL_DIMENSION_TIME)))
            return 1;
    }
    return 0;
}

static void
prepare(struct gl_tally_pass_ *c)
{
    const struct gl_plans *plans = c->t->plans;
    const struct gl_question *question = plans->plan[0].question;

    gl_mask_init(&c->mask, c->set, question->from_ms, question->to_ms,
                 plans->test);
    if (plans->entry_test != NULL)
        gl_mask_init(&c->entry_mask, c->set, question->from_ms,
                     question->to_ms, plans->entry_test);
    gl_selection_init(&c->selection);
    gl_selection_init(&c->entry_selection);
    c->values_max = GL_SELECT_VISITS;
    c->values = g_new(uint32_t, c->values_max);
    c->visit_values = g_new(uint32_t, GL_SELECT_VISITS);
    c->places = g_malloc0_n(plans->n, sizeof *c->places);
    for (size_t i = 0; i < plans->n; i++)
        for (size_t at = 0; at < plans->plan[i].axes_n; at++)
            if (plans->plan[i].axes[at].place.what != GL_DIMENSION_TIME)
                c->places[i][at].column =
                    gl_place_column(&plans->plan[i].axes[at].place, c->set,
                                    &c->places[i][at].own);
}

static void
finish(struct gl_tally_pass_ *c)
{
    for (size_t i = 0; i < c->t->plans->n; i++)
        for (size_t at = 0; at < GL_QUESTION_DIMENSIONS_MAX; at++)
            gl_place_column_free(c->places[i][at].own);
    g_free(c->places);
    g_free(c->values);
    g_free(c->visit_values);
    gl_selection_fini(&c->selection);
    gl_selection_fini(&c->entry_selection);
    gl_mask_fini(&c->mask);
    gl_mask_fini(&c->entry_mask);
}

static void
begin(const struct gl_tally_pass_ *c, struct gl_tallied *count)
{
    if (!count->is_dense || !is_counted(c, count))
        return;
    if (c->over)
        gl_dense_turn(&count->dense, c->set);
    else
        gl_dense_begin(&count->dense, c->set);
}

static void
end(const struct gl_tally_pass_ *c, struct gl_tallied *count)
{
    if (count->is_dense && is_counted(c, count))
        gl_dense_end(&count->dense, c->set);
}

/* It alone has too much. */
static int
is_full(const struct gl_tallying *t)
{
    struct gl_tally_load load = {0};

    return gl_tally_many(t, &load);
}

/* What of MASK counts, for those who are. */
static void
count_all(struct gl_tally_pass_ *c, const struct gl_mask *mask)
{
    gl_selection_begin(&c->selection, wants_events(c));
    gl_selection_begin(&c->entry_selection, 0);
    begin(c, &c->t->all);
    for (size_t i = 0; i < c->t->plans->n; i++)
        begin(c, &c->t->counts[i]);
    for (uint32_t from = 0; from < c->set->visits_n && !is_full(c->t);
         from += GL_SELECT_VISITS)
        count_block(c, mask, from);
    end(c, &c->t->all);
    for (size_t i = 0; i < c->t->plans->n; i++)
        end(c, &c->t->counts[i]);
}

/* All is there of the set; what those visitors have who are not in the range
 * with all of it goes, and comes again as far as it is in there. */
static void
take_out(struct gl_tally_pass_ *c)
{
    uint8_t *cut = gl_mask_cut(&c->mask);
    struct gl_mask all = {
        .set = c->set, .to = UINT32_MAX, .whole = 1, .visits = cut};

    c->over = 1;
    count_all(c, &all);
    c->mask.visits = cut;
    count_all(c, &c->mask);
}

/* One is there that is OVER. */
static int
are_some(const struct gl_tallying *t, int over)
{
    int some = !t->all.done && t->all.over == over;

    for (size_t i = 0; i < t->plans->n; i++)
        some |= !t->counts[i].done && t->counts[i].over == over;
    return some;
}

void
gl_tally_set(struct gl_tallying *t, const struct gl_columns *set)
{
    struct gl_tally_pass_ c = {.t = t, .set = set};
    int64_t end_ms = set->day * GL_DAY_MS + set->events_end;

    if (end_ms <= t->plans->plan[0].question->from_ms) {
        GL_ASSERT(!are_some(t, 1));
        return; /* of the day before, and nothing went on */
    }
    prepare(&c);
    if (are_some(t, 0))
        count_all(&c, &c.mask);
    if (are_some(t, 1))
        take_out(&c);
    finish(&c);
    t->visitors += set->visitors_n;
    t->visits += set->visits_n;
}

void
gl_tally_add(struct gl_tallying *t, const struct gl_tallying *from)
{
    GL_ASSERT(t->plans == from->plans);
    gl_dense_add(&t->all.dense, &from->all.dense);
    for (size_t i = 0; i < t->plans->n; i++)
        if (t->counts[i].is_dense)
            gl_dense_add(&t->counts[i].dense, &from->counts[i].dense);
    t->visitors += from->visitors;
    t->visits += from->visits;
    t->rows += from->rows;
}

int
gl_tally_is_done(const struct gl_tallying *t)
{
    int done = t->all.done;

    for (size_t i = 0; i < t->plans->n; i++)
        done &= t->counts[i].done;
    return done;
}

void
gl_tally_next(struct gl_tallying *t, int64_t day)
{
    t->all.done = t->all.over = 0;
    for (size_t i = 0; i < t->plans->n; i++) {
        t->counts[i].done = day < t->counts[i].until;
        t->counts[i].over = 0;
    }
}

/* ---- all of them ---- */

/* How many values one dimension has. */
static uint32_t
values_n(const struct gl_plan *plan)
{
    const struct gl_axis *axis = &plan->axes[0];

    return axis->place.what == GL_DIMENSION_TIME
               ? plan->question->time.edges->len
               : axis->values->n;
}

/* ROOM: values that may still be counted in arrays. */
static void
count_init(struct gl_tallied *count, const struct gl_plan *plan,
           uint32_t *room)
{
    GL_ASSERT(plan->axes_n <= GL_QUESTION_DIMENSIONS_MAX);
    count->plan = plan;
    count->until = INT64_MIN;
    gl_groups_init(&count->groups, plan->axes_n);
    if (plan->more)
        gl_mores_init(&count->mores, plan->axes_n);
    count->is_dense = plan->axes_n == 1 && values_n(plan) <= *room;
    if (!count->is_dense)
        return;
    *room -= values_n(plan);
    gl_dense_init(&count->dense, values_n(plan), plan->of_visits,
                  &count->groups);
}

void
gl_tally_init(struct gl_tallying *t, const struct gl_plans *plans,
              uint32_t *room)
{
    int of_visits = 0;

    GL_ASSERT(plans->n > 0);
    *t = (struct gl_tallying){.plans = plans};
    t->counts = g_new0(struct gl_tallied, plans->n);
    for (size_t i = 0; i < plans->n; i++) {
        count_init(&t->counts[i], &plans->plan[i], room);
        of_visits |= plans->plan[i].of_visits;
    }
    gl_groups_init(&t->all.groups, 0);
    gl_dense_init(&t->all.dense, 1, of_visits, &t->all.groups);
    t->all.is_dense = 1;
}

void
gl_tally_fini(struct gl_tallying *t)
{
    for (size_t i = 0; i < t->plans->n; i++) {
        if (t->counts[i].is_dense)
            gl_dense_fini(&t->counts[i].dense);
        gl_groups_fini(&t->counts[i].groups);
        if (t->counts[i].plan->more)
            gl_mores_fini(&t->counts[i].mores);
    }
    gl_dense_fini(&t->all.dense);
    gl_groups_fini(&t->all.groups);
    g_free(t->counts);
}

int
gl_tally_many(const struct gl_tallying *t, struct gl_tally_load *load)
{
    int many = t->all.groups.many;

    load->known += t->all.groups.known_n;
    for (size_t i = 0; i < t->plans->n; i++) {
        const struct gl_tallied *count = &t->counts[i];

        load->groups += count->groups.tallies->len;
        load->known += count->groups.known_n;
        many |= count->groups.many;
        if (count->plan->more) {
            load->groups += count->mores.groups.tallies->len;
            many |= count->mores.groups.many;
        }
    }
    return many || load->groups > GL_GROUPS_MAX ||
           load->known > GL_GROUPS_KNOWN_MAX;
}
