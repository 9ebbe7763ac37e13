/*
 * Questions in codes; see plan.h.  Dictionaries are lent whole, those alone
 * that the questions need; of each text it is told once whether it passes, so
 * that a set is looked at by code.
 */

#include "query/plan/plan_internal.h"

#include <stdio.h>
#include <string.h>

#include "question/match.h"

/* ---- axes ---- */

static void
plan_axis(struct gl_planning *p, const struct gl_by *by)
{
    struct gl_axis *axis = &p->plan->axes[p->plan->axes_n++];

    axis->place = (struct gl_place){.what = by->what};
    if (by->what == GL_DIMENSION_TIME)
        return;
    axis->place = gl_plan_place_(p, by);
    axis->values = gl_plan_values_(p, by->what);
    p->plan->of_event |= axis->place.of_event;
    if (axis->place.of_event && axis->place.entry == -1)
        p->plan->has_entries = 0;
}

/* ---- filters ---- */

static void
test_free(gpointer data)
{
    struct gl_test *test = data;

    if (test == NULL)
        return;
    if (test->children != NULL)
        g_ptr_array_free(test->children, TRUE);
    g_free(test->passes);
    g_free(test);
}

/* Each value is looked at once, however many codes have it. */
static uint8_t *
test_values(struct gl_planning *p, const struct gl_values *values,
            struct gl_match *match)
{
    uint8_t *passes = g_new0(uint8_t, values->n + 1);

    for (uint32_t at = 0; at < values->n && p->result == GL_PLANNED; at++) {
        int passed = gl_match_text(match, values->text[at]);

        passes[at] = passed == 1;
        if (passed < 0) {
            snprintf(p->ask->why, p->ask->why_len,
                     "a regular expression takes too many steps");
            p->result = GL_PLAN_BAD;
        } else if (at % 1024 == 1023 && p->ask->stop(p->ask->arg)) {
            p->result = GL_PLAN_STOPPED;
        }
    }
    return passes;
}

static void
test_codes(struct gl_planning *p, struct gl_test *test,
           const struct gl_values *values, struct gl_match *match)
{
    uint8_t *passes = test_values(p, values, match);

    test->codes_n = values->of.n;
    if (values->of.to == NULL) {
        test->passes = passes;
        return;
    }
    test->passes = g_new(uint8_t, test->codes_n);
    for (uint32_t code = 0; code < test->codes_n; code++)
        test->passes[code] = passes[values->of.to[code]];
    g_free(passes);
}

static void
plan_leaf(struct gl_planning *p, const struct gl_predicate *predicate,
          struct gl_test *test, int entry)
{
    const struct gl_values *values;
    struct gl_match *match;

    if (predicate->op == GL_PREDICATE_SCROLLED) {
        test->scroll = predicate->scroll;
        test->of_event = 1;
        return;
    }
    if (!gl_plan_has_place_(predicate->by.what)) {
        snprintf(p->ask->why, p->ask->why_len, "a filter cannot be on time");
        p->result = GL_PLAN_BAD;
        return;
    }
    values = gl_plan_values_(p, predicate->by.what);
    match = gl_match_new(predicate, p->ask->why, p->ask->why_len);
    test->place = gl_plan_place_(p, &predicate->by);
    if (entry)
        test->place = gl_plan_place_of_entry_(test->place);
    test->of_event = test->place.of_event;
    if (match == NULL)
        p->result = GL_PLAN_BAD;
    if (p->result == GL_PLANNED)
        test_codes(p, test, values, match);
    gl_match_free(match);
}

/* ENTRY 1 = pages and their hosts are those of entry.  What a visit has done,
 * and the goals it reached, are not asked of where it was entered. */
static struct gl_test *
plan_test(struct gl_planning *p, const struct gl_predicate *predicate,
          int entry)
{
    struct gl_test *test = g_new0(struct gl_test, 1);

    test->op = predicate->op;
    if (predicate->op >= GL_PREDICATE_IS) {
        plan_leaf(p, predicate, test, entry);
        return test;
    }
    test->children = g_ptr_array_new_with_free_func(test_free);
    entry &= predicate->op != GL_PREDICATE_HAS_DONE && !predicate->of_goal;
    for (guint i = 0; i < predicate->children->len; i++) {
        struct gl_test *child =
            plan_test(p, predicate->children->pdata[i], entry);

        test->of_event |= child->of_event;
        g_ptr_array_add(test->children, child);
    }
    if (predicate->op == GL_PREDICATE_HAS_DONE)
        test->of_event = 0;
    return test;
}

static int
has_page(const struct gl_predicate *predicate)
{
    int has = 0;

    if (predicate->op >= GL_PREDICATE_IS)
        return gl_plan_entry_column_(predicate->by.what) != -1;
    for (guint i = 0; i < predicate->children->len; i++)
        has |= predicate->op != GL_PREDICATE_HAS_DONE && !predicate->of_goal &&
               has_page(predicate->children->pdata[i]);
    return has;
}

static void
plan_one(struct gl_planning *p, const struct gl_question *question)
{
    *p->plan = (struct gl_plan){
        .question = question,
        .has_entries = 1,
        .of_visits = (question->metrics & GL_METRICS_OF_VISITS) != 0,
        .more = (question->metrics & GL_METRICS_OF_MORE) != 0,
    };
    for (size_t i = 0; i < question->by_n && p->result == GL_PLANNED; i++)
        plan_axis(p, &question->by[i]);
}

/* Of all that have one it is the same. */
static void
plan_entry_test(struct gl_planning *p)
{
    const struct gl_plan *plan = p->plan;
    const struct gl_predicate *filter = plan->question->filter;

    if (!plan->of_event || !plan->has_entries || !has_page(filter))
        return;
    if (p->plans->entry_test == NULL)
        p->plans->entry_test = plan_test(p, filter, 1);
    p->plan->entry_test = p->plans->entry_test;
}

enum gl_planned
gl_plans_init(struct gl_plans *plans,
              const struct gl_question *const *questions, size_t n,
              const struct gl_plan_ask *ask)
{
    struct gl_planning p = {.plans = plans, .ask = ask, .result = GL_PLANNED};
    const struct gl_predicate *filter = questions[0]->filter;

    *plans = (struct gl_plans){
        .plan = g_new0(struct gl_plan, n), .n = n, .shelf = ask->shelf};
    if (filter != NULL)
        plans->test = plan_test(&p, filter, 0);
    for (size_t i = 0; i < n && p.result == GL_PLANNED; i++) {
        p.plan = &plans->plan[i];
        plan_one(&p, questions[i]);
        if (filter != NULL && p.result == GL_PLANNED)
            plan_entry_test(&p);
    }
    return p.result;
}

void
gl_plans_fini(struct gl_plans *plans)
{
    g_free(plans->plan);
    test_free(plans->test);
    test_free(plans->entry_test);
    for (int i = 0; i < GL_WORD_KINDS; i++)
        if (plans->texts[i] != NULL)
            gl_shelf_put_back(plans->shelf, plans->texts[i]);
}
