/* What is looked at; see parts.h. */

#include "query/execute/parts.h"

#include "count/count.h"
#include "query/tally/dense.h"

static uint32_t
of_place(const struct gl_place *place)
{
    if (place->what == GL_DIMENSION_TIME)
        return 0;
    if (place->what == GL_DIMENSION_PROP)
        return GL_PART_BIT(GL_PART_PROPS);
    return GL_PART_BIT((place->of_event ? GL_PART_EVENT : GL_PART_VISIT) +
                       place->column);
}

/* A filter nests GL_QUESTION_DEPTH_MAX deep at most. */
static uint32_t
of_test(const struct gl_test *test)
{
    uint32_t parts = 0;

    if (test == NULL)
        return 0;
    if (test->op == GL_PREDICATE_SCROLLED)
        return GL_PART_BIT(GL_PART_ENGAGED);
    if (test->op >= GL_PREDICATE_IS)
        return of_place(&test->place);
    for (guint i = 0; i < test->children->len; i++)
        parts |= of_test(test->children->pdata[i]);
    return parts;
}

/* At a moment the day is cut in two. */
static uint32_t
of_cut(int64_t at_ms, int64_t day)
{
    int64_t at = at_ms - day * GL_DAY_MS;

    if (at <= 0 || at >= 2 * GL_DAY_MS)
        return 0;
    return GL_PART_BIT(at < GL_DAY_MS ? GL_PART_TIMES : GL_PART_MIDNIGHT);
}

static uint32_t
of_edges(const GArray *edges, int64_t day)
{
    uint32_t parts = 0;

    if (edges->len > GL_DENSE_MAX)
        return GL_PART_BIT(GL_PART_TIMES);
    for (guint i = 0; i < edges->len; i++)
        parts |= of_cut(g_array_index(edges, int64_t, i), day);
    return parts;
}

/* Where visits were entered. */
static uint32_t
of_entry(const struct gl_plan *plan, const struct gl_place *place)
{
    return plan->of_visits && place->of_event && place->entry != -1
               ? GL_PART_BIT(GL_PART_VISIT + place->entry)
               : 0;
}

static uint32_t
of_plan(const struct gl_plan *plan, int64_t day)
{
    uint32_t parts = 0;

    for (size_t i = 0; i < plan->axes_n; i++) {
        const struct gl_place *place = &plan->axes[i].place;

        parts |= of_place(place) | of_entry(plan, place);
        if (place->what == GL_DIMENSION_TIME)
            parts |= plan->axes_n == 1 && !plan->more
                         ? of_edges(plan->question->time.edges, day)
                         : GL_PART_BIT(GL_PART_TIMES);
    }
    if (plan->more)
        parts |= GL_PART_BIT(GL_PART_ENGAGED) | GL_PART_BIT(GL_PART_PAID);
    if (plan->of_visits)
        parts |= GL_PART_BIT(GL_PART_SUMS);
    return parts;
}

uint32_t
gl_plans_parts(const struct gl_plans *plans, int64_t day)
{
    const struct gl_question *question = plans->plan[0].question;
    uint32_t parts = of_test(plans->test) | of_test(plans->entry_test) |
                     of_cut(question->from_ms, day) |
                     of_cut(question->to_ms, day);

    for (size_t i = 0; i < plans->n; i++)
        parts |= of_plan(&plans->plan[i], day);
    return parts;
}
