/* All of a day added from sums; see source.h. */

#include "count/count.h"
#include "query/execute/source_internal.h"

static const struct gl_stretch whole = {0, GL_STRETCH_ALL};

/* Those OF that, which are the same edges: *ADDED. */
static int
add_sums(struct gl_source *source, struct gl_tallied *tallied,
         struct gl_stretch of, uint32_t events_end, int *added)
{
    struct gl_shelved *sums;
    int rc = gl_source_lend_sums_(source, of, tallied, events_end, &sums);

    if (rc != 0)
        return rc == GL_SOURCE_NO_SUMS ? 0 : rc;
    *added = gl_sums_add(gl_shelved_thing(sums), tallied, source->build.day);
    gl_shelf_put_back(source->shelf, sums);
    return 0;
}

/* With days after it, or alone. */
static int
add_days(struct gl_source *source, struct gl_tallied *tallied,
         const struct gl_sums *all)
{
    int rc = gl_source_add_days_(source, tallied);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    return add_sums(source, tallied, all->of, all->events_end, &tallied->done);
}

/* Of a day that is cut all of it, which is to be taken out again. */
static int
add_over(struct gl_source *source, struct gl_tallied *tallied,
         const struct gl_sums *all)
{
    if (tallied->plan->axes[0].place.what != GL_DIMENSION_TIME)
        return add_sums(source, tallied, whole, 0, &tallied->over);
    tallied->over = gl_sums_add_at_once(all, tallied, source->build.day);
    return 0;
}

typedef int add_t(struct gl_source *source, struct gl_tallied *tallied,
                  const struct gl_sums *all);

/* ALL are of the day by no dimension: those of each question, too. */
static int
add_each(struct gl_source *source, struct gl_tallying *tallying,
         const struct gl_sums *all, add_t *add_those)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < tallying->plans->n; i++) {
        struct gl_tallied *tallied = &tallying->counts[i];

        if (tallied->plan->more || tallied->done)
            continue; /* sums have no more */
        if (tallied->is_dense)
            rc = add_those(source, tallied, all);
        else
            tallied->done = tallied->plan->axes_n == 0;
    }
    return rc;
}

/* It may change with each commit: the last day with rows, and the one before,
 * whose visits go on after midnight. */
static int
is_recent(const struct gl_source *source)
{
    return source->token[1] == 0 || source->token[2] == 0;
}

/* What of the day is asked for, where that may have sums: 1 and *OF, 0, or
 * -enum gl_store_error.  Until when its events are is not known of a day that
 * is not sealed. */
static int
stretch_of(struct gl_source *source, const struct gl_question *question,
           struct gl_stretch *of)
{
    int64_t day_ms = source->build.day * GL_DAY_MS;
    int sealed;

    *of = (struct gl_stretch){0, GL_STRETCH_ALL};
    if (!is_recent(source) && question->from_ms <= day_ms &&
        question->to_ms >= day_ms + 2 * GL_DAY_MS)
        return 1;
    sealed = gl_source_is_sealed(source);
    if (sealed != 1)
        /* what changes with each commit is passed over, once for all */
        return sealed < 0 ? sealed
                          : !is_recent(source) && question->from_ms <= day_ms;
    if (question->from_ms > day_ms)
        of->from = (uint32_t) (question->from_ms - day_ms);
    if (question->to_ms < day_ms + source->events_end)
        of->to = (uint32_t) (question->to_ms - day_ms);
    return 1;
}

/* Of a sealed day more is in the range than is not: what is taken out costs
 * twice what the same costs that is counted. */
static int
is_mostly(const struct gl_source *source, struct gl_stretch of)
{
    int64_t to = of.to < GL_DAY_MS ? of.to : GL_DAY_MS;

    return of.from < source->events_end && 3 * (to - of.from) >= 2 * GL_DAY_MS;
}

/* Of a sealed day of which there are no sums OF that: all of it. */
static int
sum_over(struct gl_source *source, struct gl_tallying *tallying,
         struct gl_stretch of)
{
    struct gl_shelved *lent;
    const struct gl_sums *all;
    int rc;

    if (!is_mostly(source, of))
        return 0;
    rc = gl_source_lend_sums_(source, whole, &tallying->all, 0, &lent);
    if (rc != 0)
        return rc;
    all = gl_shelved_thing(lent);
    if (all->usable) {
        tallying->all.over =
            gl_sums_add(all, &tallying->all, source->build.day);
        rc = add_each(source, tallying, all, add_over);
    }
    gl_shelf_put_back(source->shelf, lent);
    return rc;
}

int
gl_source_sums(struct gl_source *source, struct gl_tallying *tallying)
{
    const struct gl_question *question = tallying->plans->plan[0].question;
    int64_t day_ms = source->build.day * GL_DAY_MS;
    struct gl_shelved *lent;
    const struct gl_sums *all;
    struct gl_stretch of;
    int rc = tallying->plans->test == NULL && !gl_source_is_late_(source)
                 ? stretch_of(source, question, &of)
                 : 0;

    if (rc == 1)
        rc = gl_source_lend_sums_(source, of, &tallying->all, 0, &lent);
    else if (rc == 0)
        return 0;
    if (rc != 0)
        return rc == GL_SOURCE_NO_SUMS ? sum_over(source, tallying, of) : rc;
    all = gl_shelved_thing(lent);
    if (all->usable && (gl_stretch_is_cut(of) ||
                        day_ms + all->events_end <= question->to_ms)) {
        tallying->all.done =
            gl_sums_add(all, &tallying->all, source->build.day);
        rc = add_each(source, tallying, all, add_days);
    }
    gl_shelf_put_back(source->shelf, lent);
    return rc;
}
