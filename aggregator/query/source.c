/* Sets and sums of days; see source.h. */

#include "query/source.h"

#include "count/count.h"
#include "query/sealed_sums.h"

static int
stop_waiting(void *arg)
{
    const struct gl_source *source = arg;

    return source->build.stop(source->build.arg) ? GL_BUILD_STOPPED : 0;
}

static struct gl_shelf_ask
ask_for(struct gl_source *source, enum gl_shelf_kind kind, uint64_t detail)
{
    return (struct gl_shelf_ask){
        .question = source->question,
        .place = {kind, source->build.site, source->build.day, detail},
        .token = source->token[0],
        .token_after = source->token[1],
        .stop = stop_waiting,
        .arg = source,
    };
}

/* ---- sets ---- */

static void
free_set(void *set)
{
    gl_columns_free(set);
}

static struct gl_sealed_day
sealed_day(const struct gl_source *source)
{
    return (struct gl_sealed_day){source->build.site, source->build.day,
                                  source->token[0]};
}

/* Sealed, or as it was and what came since, or from rows. */
static int
make_set(void *arg, struct gl_shelf_thing *thing)
{
    const struct gl_source *source = arg;
    const struct gl_sealed_day day = sealed_day(source);
    struct gl_columns *set;
    int rc = gl_sealed_load(source->build.reader, &day, thing->has, &set);

    if (rc == 0 && set == NULL && thing->was != NULL) {
        rc = gl_columns_grow(&source->build, thing->was, thing->mine, &set);
        if (rc == GL_BUILD_ANEW) {
            set = NULL;
            rc = 0;
        }
    }
    if (rc == 0 && set == NULL)
        rc = gl_columns_build(&source->build, &set);
    if (rc == 0)
        *thing = (struct gl_shelf_thing){.thing = set,
                                         .bytes = set->bytes,
                                         .one_token = !set->open,
                                         .has = set->has,
                                         .free = free_set};
    return rc;
}

static int
is_late(const struct gl_source *source)
{
    return gl_late_changes(source->build.late, source->build.day);
}

int
gl_source_set(struct gl_source *source, const struct gl_columns **set)
{
    struct gl_shelf_ask ask = ask_for(source, GL_SHELF_SET, 0);
    int own = is_late(source), rc;

    source->own = NULL;
    ask.make = make_set;
    ask.wants = source->wants;
    rc = own ? gl_columns_build(&source->build, &source->own)
             : gl_shelf_lend(source->shelf, &ask, &source->set);
    if (rc == 0)
        *set = own ? source->own : gl_shelved_thing(source->set);
    return rc;
}

void
gl_source_put_back(struct gl_source *source)
{
    if (source->own != NULL)
        gl_columns_free(source->own);
    else
        gl_shelf_put_back(source->shelf, source->set);
}

/* 1, 0 or -enum gl_store_error. */
static int
is_sealed(struct gl_source *source)
{
    const struct gl_sealed_day day = sealed_day(source);

    if (source->sealed < 0)
        source->sealed =
            gl_sealed_look(source->build.reader, &day, &source->events_end);
    return source->sealed;
}

int
gl_source_is_before(struct gl_source *source, int64_t from_ms)
{
    int64_t day_ms = source->build.day * GL_DAY_MS;
    int sealed;

    if (day_ms + GL_DAY_MS > from_ms || is_late(source))
        return 0;
    sealed = is_sealed(source);
    return sealed == 1 ? day_ms + source->events_end <= from_ms : sealed;
}

/* ---- sums ---- */

struct summing {
    struct gl_source *source;
    const struct gl_plan *plan; /* NULL = by no dimension */
    int entered;
    struct gl_stretch of;
};

/* Beside what gl_columns_build() says: of a day that is cut they are not made,
 * since another range cuts another day. */
#define NO_SUMS 5

static int
is_cut(struct gl_stretch of)
{
    return of.from > 0 || of.to != GL_STRETCH_ALL;
}

static void
take_sums(struct gl_sums *sums, int one_token, struct gl_shelf_thing *thing)
{
    *thing = (struct gl_shelf_thing){.thing = sums,
                                     .bytes = gl_sums_bytes(sums),
                                     .one_token = one_token,
                                     .free = gl_sums_free};
}

static int
sum_up(const struct summing *summing, struct gl_shelf_thing *thing)
{
    const struct gl_columns *set;
    int rc = gl_source_set(summing->source, &set);

    if (rc != 0)
        return rc;
    take_sums(gl_sums_new(set, summing->of, summing->plan, summing->entered),
              !set->open, thing);
    gl_source_put_back(summing->source);
    return 0;
}

/* Sealed, or of the set. */
static int
make_sums(void *arg, struct gl_shelf_thing *thing)
{
    const struct summing *summing = arg;
    struct gl_source *source = summing->source;
    const struct gl_sealed_day day = sealed_day(source);
    struct gl_sums *sums = NULL;
    int rc = is_sealed(source);

    if (rc == 1)
        rc = gl_sealed_sums_load(source->build.reader, &day, summing->of,
                                 summing->plan, &sums);
    if (rc == 0 && sums != NULL)
        take_sums(sums, 1, thing);
    if (rc != 0 || sums != NULL)
        return rc;
    return is_cut(summing->of) ? NO_SUMS : sum_up(summing, thing);
}

static int
stop_summing(void *arg)
{
    const struct summing *summing = arg;

    return stop_waiting(summing->source);
}

/* Of TALLIED, OF that of a day with events until EVENTS_END. */
static int
lend_sums(struct gl_source *source, struct gl_stretch of,
          const struct gl_tallied *tallied, uint32_t events_end,
          struct gl_shelved **sums)
{
    struct summing summing = {source, tallied->plan,
                              tallied->dense.entered != NULL, of};
    struct gl_shelf_ask ask =
        ask_for(source, GL_SHELF_SUMS,
                gl_sums_detail(of, summing.plan, summing.entered,
                               source->build.day, events_end));

    ask.make = make_sums;
    ask.stop = stop_summing;
    ask.arg = &summing;
    return gl_shelf_lend(source->shelf, &ask, sums);
}

static int
add_sums(struct gl_source *source, struct gl_tallied *tallied,
         const struct gl_sums *all)
{
    struct gl_shelved *sums;
    int rc = lend_sums(source, all->of, tallied, all->events_end, &sums);

    if (rc != 0)
        return rc == NO_SUMS ? 0 : rc;
    tallied->done =
        gl_sums_add(gl_shelved_thing(sums), tallied, source->build.day);
    gl_shelf_put_back(source->shelf, sums);
    return 0;
}

static int
add_all(struct gl_source *source, struct gl_tallying *tallying,
        const struct gl_sums *all)
{
    int rc = 0;

    tallying->all.done = gl_sums_add(all, &tallying->all, source->build.day);
    for (size_t i = 0; rc == 0 && i < tallying->plans->n; i++) {
        struct gl_tallied *tallied = &tallying->counts[i];

        if (tallied->plan->more)
            continue; /* sums have no more */
        if (tallied->is_dense)
            rc = add_sums(source, tallied, all);
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
    sealed = is_sealed(source);
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

int
gl_source_sums(struct gl_source *source, struct gl_tallying *tallying)
{
    const struct gl_question *question = tallying->plans->plan[0].question;
    int64_t day_ms = source->build.day * GL_DAY_MS;
    struct gl_shelved *lent;
    const struct gl_sums *all;
    struct gl_stretch of;
    int rc = tallying->plans->test == NULL && !is_late(source)
                 ? stretch_of(source, question, &of)
                 : 0;

    if (rc == 1)
        rc = lend_sums(source, of, &tallying->all, 0, &lent);
    else if (rc == 0)
        return 0;
    if (rc != 0)
        return rc == NO_SUMS ? 0 : rc;
    all = gl_shelved_thing(lent);
    if (all->usable &&
        (is_cut(of) || day_ms + all->events_end <= question->to_ms))
        rc = add_all(source, tallying, all);
    gl_shelf_put_back(source->shelf, lent);
    return rc;
}
