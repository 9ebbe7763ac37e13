/*
 * Questions answered: planned once, then day after day.  See execute.h.
 */

#include "query/execute/execute.h"

#include "columns/late.h"
#include "columns/shelf.h"
#include "query/execute/execute_internal.h"
#include "query/execute/parts.h"
#include "query/tally/counted.h"
#include "store/rows/rows.h"

/* Beside what gl_columns_build() says: no set is needed. */
#define DAY_DONE 4
/* Whose tokens a source wants to see. */
#define DAYS_AFTER 10

/* ---- days ---- */

static enum gl_executed
read_late(struct gl_execution *run, const struct gl_question *question,
          struct gl_late **late)
{
    struct gl_late_ask ask = {
        .reader = run->reader,
        .site = question->site,
        .rules = run->rules,
        .to_day = gl_day_of(question->to_ms) + 1,
        .stop = gl_execute_is_over_,
        .arg = run,
    };
    int rc = gl_late_read(&ask, late);

    if (rc == GL_LATE_STOPPED)
        return gl_execute_stopped_(run);
    if (rc == GL_LATE_MANY)
        return gl_execute_fail_(
            run, GL_EXECUTE_LATE,
            "days of this site are being counted anew; ask again in "
            "a minute");
    return rc == 0 ? GL_EXECUTED : gl_execute_storage_(run);
}

static enum gl_executed
not_taken(struct gl_execution *run, int rc)
{
    if (rc == GL_BUILD_STOPPED)
        return gl_execute_stopped_(run);
    if (rc == GL_BUILD_MANY)
        return gl_execute_fail_(
            run, GL_EXECUTE_MUCH,
            "a day of this site has more events than are read at "
            "once");
    return gl_execute_storage_(run);
}

/* From sums as far as they go: 1 = all of the day, else 0 or an error. */
static int
count_sums(struct gl_execute_ *x, struct gl_source *source)
{
    int done = 1;

    for (size_t i = 0; i < x->parts_n; i++) {
        struct gl_tallying *tallying = &x->parts[i].tallying;
        int rc;

        gl_tally_next(tallying, source->build.day);
        rc = gl_source_sums(source, tallying);
        if (rc != 0)
            return rc;
        done &= gl_tally_is_done(tallying);
    }
    return done ? DAY_DONE : 0;
}

static void
walk_set(struct gl_execute_ *x, const struct gl_columns *set)
{
    const struct gl_question *question = x->parts[0].questions[0];
    const struct gl_axis *by = x->parts[0].plans.plan[0].axes;
    struct gl_mask *masks;
    struct gl_walk walk = {.set = set, .n = x->parts_n, .values = by->values};

    if (set->day * GL_DAY_MS + set->events_end <= question->from_ms)
        return; /* of the day before, and nothing went on: no time is there */
    walk.masks = masks = g_new0(struct gl_mask, x->parts_n);
    for (size_t i = 0; i < x->parts_n; i++)
        gl_mask_init(&masks[i], set, question->from_ms, question->to_ms,
                     x->parts[i].plans.test);
    x->step(x->arg, &walk);
    for (size_t i = 0; i < x->parts_n; i++)
        gl_mask_fini(&masks[i]);
    g_free(masks);
}

/* Without its set, as far as that goes: DAY_DONE, 0, or an error. */
static int
count_early(struct gl_execute_ *x, struct gl_source *source)
{
    int before =
        gl_source_is_before(source, x->parts[0].questions[0]->from_ms);

    if (before != 0)
        return before < 0 ? before : DAY_DONE;
    return count_sums(x, source);
}

static int
count_day(struct gl_execute_ *x, struct gl_source *source)
{
    const struct gl_columns *set;
    int rc = x->step != NULL ? 0 : count_early(x, source);

    if (rc == 0)
        rc = gl_source_set(source, &set);
    if (rc != 0)
        return rc == DAY_DONE ? 0 : rc;
    if (x->step != NULL)
        walk_set(x, set);
    for (size_t i = 0; x->step == NULL && i < x->parts_n; i++) {
        if (gl_tally_is_done(&x->parts[i].tallying))
            continue;
        gl_tally_set(&x->parts[i].tallying, set);
        x->parts[i].tallying.rows += set->events_n;
    }
    gl_source_put_back(source);
    return 0;
}

static enum gl_executed
execute_day(struct gl_execute_ *x, struct gl_source *source)
{
    struct gl_tally_load load = {0};
    int rc = count_day(x, source), many = 0;

    if (rc != 0)
        return not_taken(x->run, rc);
    for (size_t i = 0; i < x->parts_n; i++)
        many |= x->step == NULL && gl_tally_many(&x->parts[i].tallying, &load);
    if (many)
        return gl_execute_fail_(
            x->run, GL_EXECUTE_MUCH,
            "the answer has too many rows or visitors; ask for fewer "
            "dimensions or days");
    return gl_execute_is_over_(x->run) ? gl_execute_stopped_(x->run)
                                       : GL_EXECUTED;
}

/* What is looked at of the set of DAY. */
static uint32_t
parts_of(const struct gl_execute_ *x, int64_t day)
{
    uint32_t parts = x->step != NULL ? GL_PART_BIT(GL_PART_IDS) : 0;

    for (size_t i = 0; i < x->parts_n; i++)
        parts |= gl_plans_parts(&x->parts[i].plans, day);
    return parts;
}

/* The days in STATE, as far as they have rows. */
static enum gl_executed
execute_sets(struct gl_execute_ *x, const struct gl_days_ *days,
             unsigned char state)
{
    struct gl_source source = {
        .shelf = x->run->shelf,
        .question = x->number,
        .no_days = INT64_MIN,
        .build = {.reader = x->run->reader,
                  .site = x->parts[0].questions[0]->site,
                  .late = days->late,
                  .stop = gl_execute_is_over_,
                  .arg = x->run},
    };
    enum gl_executed result = GL_EXECUTED;

    for (int64_t day = days->from; result == GL_EXECUTED && day <= days->to;
         day++) {
        unsigned char expected = state;
        size_t i = (size_t) (day - days->from);

        source.build.day = day;
        source.token = &days->tokens[i];
        source.build.newest = source.token[1] == 0;
        source.sealed = -1;
        source.wants = parts_of(x, day);
        if (source.token[0] != 0 &&
            atomic_compare_exchange_strong(&days->state[i], &expected,
                                           GL_DAY_TAKEN))
            result = execute_day(x, &source);
    }
    return result;
}

/* Some of them in another thread, where that is worth it; what that leaves
 * comes at the end. */
static enum gl_executed
execute_all(struct gl_execute_ *x, struct gl_days_ *days)
{
    struct gl_aside_ *aside;
    enum gl_executed result;

    days->state = g_new0(atomic_uchar, (size_t) (days->to + 1 - days->from));
    aside = gl_aside_start_(x, days);
    result = execute_sets(x, days, GL_DAY_FREE);
    gl_aside_end_(aside, x);
    if (aside != NULL && result == GL_EXECUTED)
        result = execute_sets(x, days, GL_DAY_LEFT);
    g_free(days->state);
    return result == GL_EXECUTED && gl_execute_is_over_(x->run)
               ? gl_execute_stopped_(x->run)
               : result;
}

/* Visits are in the set of the day they began: the day before has some. */
static enum gl_executed
execute_days(struct gl_execute_ *x)
{
    const struct gl_question *question = x->parts[0].questions[0];
    int64_t from = gl_day_of(question->from_ms) - 1;
    int64_t to = gl_day_of(question->to_ms - 1);
    struct gl_late *late = NULL;
    struct gl_days_ days;
    uint64_t *tokens;
    enum gl_executed result = read_late(x->run, question, &late);

    if (result != GL_EXECUTED || question->from_ms >= question->to_ms) {
        gl_late_free(late);
        return result;
    }
    tokens = g_new(uint64_t, (size_t) (to + 1 + DAYS_AFTER - from));
    days = (struct gl_days_){from, to, tokens, late, NULL};
    result = gl_account_day_tokens(x->run->reader, question->site, from,
                                   to + DAYS_AFTER, tokens) == 0
                 ? execute_all(x, &days)
                 : gl_execute_storage_(x->run);
    g_free(tokens);
    gl_late_free(late);
    return result;
}

/* ---- parts ---- */

static void
finish(struct gl_execute_ *x, int planned)
{
    for (size_t i = 0; i < x->parts_n; i++) {
        struct gl_part_ *part = &x->parts[i];

        if (planned && x->step == NULL)
            gl_tally_fini(&part->tallying);
        gl_plans_fini(&part->plans);
        g_free(part->questions);
        g_free(part->at);
    }
    g_free(x->parts);
}

/* The days that QUESTIONS ask for, counted; *PLANNED: for finish(). */
static enum gl_executed
ask(struct gl_execute_ *x, const struct gl_question *const *questions,
    size_t n, int *planned)
{
    enum gl_executed result;

    gl_execute_divide_(x, questions, n);
    result = gl_execute_plan_(x);
    *planned = result == GL_EXECUTED;
    return *planned ? execute_days(x) : result;
}

enum gl_executed
gl_execute_walk(struct gl_execution *run,
                const struct gl_question *const *questions, size_t n,
                void (*step)(void *arg, const struct gl_walk *walk), void *arg)
{
    struct gl_execute_ x = {.run = run,
                            .number = gl_shelf_question(run->shelf),
                            .step = step,
                            .arg = arg};
    int planned;
    enum gl_executed result = ask(&x, questions, n, &planned);

    finish(&x, planned);
    return result;
}

enum gl_executed
gl_execute(struct gl_execution *run,
           const struct gl_question *const *questions, size_t n,
           struct gl_counted **counted)
{
    struct gl_execute_ x = {.run = run,
                            .number = gl_shelf_question(run->shelf)};
    int planned;
    enum gl_executed result = ask(&x, questions, n, &planned);

    for (size_t i = 0; result == GL_EXECUTED && i < x.parts_n; i++)
        for (size_t k = 0; k < x.parts[i].n; k++)
            counted[x.parts[i].at[k]] =
                gl_counted_new(&x.parts[i].tallying, k);
    finish(&x, planned);
    return result;
}
