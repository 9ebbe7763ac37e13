/*
 * Questions answered: planned once, then day after day.  See execute.h.
 */

#include "query/execute.h"

#include <stdio.h>

#include "columns/late.h"
#include "columns/shelf.h"
#include "query/counted.h"
#include "query/parts.h"
#include "query/source.h"
#include "query/tally.h"
#include "store/rows.h"

static enum gl_executed
fail(struct gl_execution *run, enum gl_executed how, const char *why)
{
    snprintf(run->why, sizeof run->why, "%s", why);
    return how;
}

static int
is_cancelled(const struct gl_execution *run)
{
    return run->cancelled != NULL && atomic_load(run->cancelled);
}

/* 1 = nobody waits for the answer any more. */
static int
is_over(void *arg)
{
    const struct gl_execution *run = arg;

    return is_cancelled(run) || (run->deadline_us != 0 &&
                                 g_get_monotonic_time() >= run->deadline_us);
}

static enum gl_executed
stopped(struct gl_execution *run)
{
    return is_cancelled(run)
               ? fail(run, GL_EXECUTE_CANCELLED, "the query was cancelled")
               : fail(run, GL_EXECUTE_LATE,
                      "the query took too long; ask for less");
}

static enum gl_executed
storage(struct gl_execution *run)
{
    return fail(run, GL_EXECUTE_STORAGE, gl_account_why(run->reader));
}

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
        .stop = is_over,
        .arg = run,
    };
    int rc = gl_late_read(&ask, late);

    if (rc == GL_LATE_STOPPED)
        return stopped(run);
    if (rc == GL_LATE_MANY)
        return fail(run, GL_EXECUTE_LATE,
                    "days of this site are being counted anew; ask again in "
                    "a minute");
    return rc == 0 ? GL_EXECUTED : storage(run);
}

static enum gl_executed
not_taken(struct gl_execution *run, int rc)
{
    if (rc == GL_BUILD_STOPPED)
        return stopped(run);
    if (rc == GL_BUILD_MANY)
        return fail(run, GL_EXECUTE_MUCH,
                    "a day of this site has more events than are read at "
                    "once");
    return storage(run);
}

/* From sums as far as they go. */
static int
count_day(struct gl_tallying *tallying, struct gl_source *source)
{
    const struct gl_columns *set;
    int rc;

    gl_tally_next(tallying);
    rc = gl_source_sums(source, tallying);
    if (rc != 0 || gl_tally_is_done(tallying))
        return rc;
    rc = gl_source_set(source, &set);
    if (rc != 0)
        return rc;
    gl_tally_set(tallying, set);
    tallying->rows += set->events_n;
    gl_source_put_back(source);
    return 0;
}

static enum gl_executed
execute_day(struct gl_execution *run, struct gl_tallying *tallying,
            struct gl_source *source)
{
    int rc = count_day(tallying, source);

    if (rc != 0)
        return not_taken(run, rc);
    if (gl_tally_many(tallying))
        return fail(run, GL_EXECUTE_MUCH,
                    "the answer has too many rows or visitors; ask for fewer "
                    "dimensions or days");
    return is_over(run) ? stopped(run) : GL_EXECUTED;
}

/* Those of FROM <= day <= TO that have rows; TOKENS is of the day after, too.
 */
static enum gl_executed
execute_sets(struct gl_execution *run, struct gl_tallying *tallying,
             const struct gl_late *late, int64_t from, int64_t to,
             const uint64_t *tokens, uint64_t number)
{
    struct gl_source source = {
        .shelf = run->shelf,
        .question = number,
        .build = {.reader = run->reader,
                  .site = tallying->plans->plan[0].question->site,
                  .late = late,
                  .stop = is_over,
                  .arg = run},
    };
    enum gl_executed result = GL_EXECUTED;

    for (int64_t day = from; result == GL_EXECUTED && day <= to; day++) {
        source.build.day = day;
        source.token = &tokens[day - from];
        source.wants = gl_plans_parts(tallying->plans, day);
        if (source.token[0] != 0)
            result = execute_day(run, tallying, &source);
    }
    return result;
}

/* Visits are in the set of the day they began: the day before has some. */
static enum gl_executed
execute_days(struct gl_execution *run, struct gl_tallying *tallying,
             uint64_t number)
{
    const struct gl_question *question = tallying->plans->plan[0].question;
    int64_t from = gl_day_of(question->from_ms) - 1;
    int64_t to = gl_day_of(question->to_ms - 1);
    struct gl_late *late = NULL;
    uint64_t *tokens;
    enum gl_executed result = read_late(run, question, &late);

    if (result != GL_EXECUTED || question->from_ms >= question->to_ms) {
        gl_late_free(late);
        return result;
    }
    tokens = g_new(uint64_t, (size_t) (to + 2 - from));
    result = gl_account_day_tokens(run->reader, question->site, from, to + 1,
                                   tokens) == 0
                 ? execute_sets(run, tallying, late, from, to, tokens, number)
                 : storage(run);
    g_free(tokens);
    gl_late_free(late);
    return result;
}

/* ---- the answer ---- */

static enum gl_executed
count(struct gl_execution *run, const struct gl_plans *plans, uint64_t number,
      struct gl_counted **counted)
{
    struct gl_tallying tallying;
    enum gl_executed result;

    gl_tally_init(&tallying, plans);
    result = execute_days(run, &tallying, number);
    for (size_t i = 0; result == GL_EXECUTED && i < plans->n; i++)
        counted[i] = gl_counted_new(&tallying, i);
    gl_tally_fini(&tallying);
    return result;
}

enum gl_executed
gl_execute(struct gl_execution *run,
           const struct gl_question *const *questions, size_t n,
           struct gl_counted **counted)
{
    struct gl_plans plans;
    struct gl_plan_ask ask = {
        .reader = run->reader,
        .shelf = run->shelf,
        .question = gl_shelf_question(run->shelf),
        .stop = is_over,
        .arg = run,
        .why = run->why,
        .why_len = sizeof run->why,
    };
    enum gl_executed result = GL_EXECUTED;

    switch (gl_plans_init(&plans, questions, n, &ask)) {
    case GL_PLANNED:
        result = count(run, &plans, ask.question, counted);
        break;
    case GL_PLAN_BAD:
        result = GL_EXECUTE_BAD;
        break;
    case GL_PLAN_STORAGE:
        result = GL_EXECUTE_STORAGE;
        break;
    case GL_PLAN_STOPPED:
        result = stopped(run);
        break;
    }
    gl_plans_fini(&plans);
    return result;
}
