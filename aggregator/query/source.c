/* Sets and sums of days; see source.h. */

#include "query/source.h"

#include "columns/sealed.h"
#include "count/count.h"

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

/* Sealed, or from rows. */
static int
make_set(void *arg, struct gl_shelf_thing *thing)
{
    const struct gl_source *source = arg;
    struct gl_columns *set;
    int rc = gl_sealed_load(source->build.reader,
                            &(struct gl_sealed_day){source->build.site,
                                                    source->build.day,
                                                    source->token[0]},
                            thing->has, &set);

    if (rc == 0 && set == NULL)
        rc = gl_columns_build(&source->build, &set);
    if (rc == 0)
        *thing = (struct gl_shelf_thing){set, set->bytes, !set->open, set->has,
                                         free_set};
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

/* ---- sums ---- */

struct summing {
    struct gl_source *source;
    const struct gl_plan *plan; /* NULL = by no dimension */
    int entered;
};

static int
make_sums(void *arg, struct gl_shelf_thing *thing)
{
    const struct summing *summing = arg;
    const struct gl_columns *set;
    struct gl_sums *sums;
    int rc = gl_source_set(summing->source, &set);

    if (rc != 0)
        return rc;
    sums = gl_sums_new(set, summing->plan, summing->entered);
    *thing = (struct gl_shelf_thing){sums, gl_sums_bytes(sums), !set->open, 0,
                                     gl_sums_free};
    gl_source_put_back(summing->source);
    return 0;
}

static int
stop_summing(void *arg)
{
    const struct summing *summing = arg;

    return stop_waiting(summing->source);
}

/* Of TALLIED, of a day with events until EVENTS_END. */
static int
lend_sums(struct gl_source *source, const struct gl_tallied *tallied,
          uint32_t events_end, struct gl_shelved **sums)
{
    struct summing summing = {source, tallied->plan,
                              tallied->dense.entered != NULL};
    struct gl_shelf_ask ask =
        ask_for(source, GL_SHELF_SUMS,
                gl_sums_detail(summing.plan, summing.entered,
                               source->build.day, events_end));

    ask.make = make_sums;
    ask.stop = stop_summing;
    ask.arg = &summing;
    return gl_shelf_lend(source->shelf, &ask, sums);
}

static int
add_sums(struct gl_source *source, struct gl_tallied *tallied,
         uint32_t events_end)
{
    struct gl_shelved *sums;
    int rc = lend_sums(source, tallied, events_end, &sums);

    if (rc != 0)
        return rc;
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
            rc = add_sums(source, tallied, all->events_end);
        else
            tallied->done = tallied->plan->axes_n == 0;
    }
    return rc;
}

int
gl_source_sums(struct gl_source *source, struct gl_tallying *tallying)
{
    const struct gl_question *question = tallying->plans->plan[0].question;
    int64_t day_ms = source->build.day * GL_DAY_MS;
    struct gl_shelved *lent;
    const struct gl_sums *all;
    int rc;

    if (tallying->plans->test != NULL || question->from_ms > day_ms ||
        is_late(source))
        return 0;
    rc = lend_sums(source, &tallying->all, 0, &lent);
    if (rc != 0)
        return rc;
    all = gl_shelved_thing(lent);
    if (all->usable && day_ms + all->events_end <= question->to_ms)
        rc = add_all(source, tallying, all);
    gl_shelf_put_back(source->shelf, lent);
    return rc;
}
