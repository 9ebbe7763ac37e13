/*
 * Eight days of sums are one: merged when first asked for, and kept on the
 * shelf as long as none of the days changes.  A question about months adds an
 * eighth of what it would.  Such days are sealed, all of them in the range,
 * and begin at a multiple of eight.
 */

#include "columns/late.h"
#include "count/count.h"
#include "query/execute/source_internal.h"

struct merging {
    struct gl_source *source;
    struct gl_tallied *tallied;
};

static const struct gl_stretch whole = {0, GL_STRETCH_ALL};

/* ---- which ---- */

/* A visit may go on until the end of the day after. */
static int
is_in_range(const struct gl_source *source, const struct gl_question *question)
{
    int64_t first = source->build.day;

    return first % GL_SUMS_DAYS_N == 0 &&
           question->from_ms <= first * GL_DAY_MS &&
           question->to_ms >= (first + GL_SUMS_DAYS_N + 1) * GL_DAY_MS;
}

/* All have rows, the two after them too: none is a recent one. */
static int
are_old(const struct gl_source *source)
{
    for (int i = 0; i < GL_SUMS_DAYS_N + 2; i++)
        if (source->token[i] == 0)
            return 0;
    for (int i = 0; i < GL_SUMS_DAYS_N; i++)
        if (gl_late_changes(source->build.late, source->build.day + i))
            return 0;
    return 1;
}

/* By time there are few values, and edges that each day has its own of. */
static int
may_be(const struct gl_source *source, const struct gl_tallied *tallied)
{
    return source->no_days != source->build.day && tallied->plan != NULL &&
           tallied->plan->axes[0].values != NULL &&
           is_in_range(source, tallied->plan->question) && are_old(source);
}

/* ---- made ---- */

/* Sums of day number I. */
static int
lend_day(const struct merging *m, int i, struct gl_shelved **lent)
{
    struct gl_source source = *m->source;
    int rc;

    source.build.day += i;
    source.token += i;
    source.sealed = -1;
    rc = gl_source_is_sealed(&source);
    if (rc != 1)
        return rc < 0 ? rc : GL_SOURCE_NO_SUMS;
    return gl_source_lend_sums_(&source, whole, m->tallied, 0, lent);
}

static int
make_days(void *arg, struct gl_shelf_thing *thing)
{
    const struct merging *m = arg;
    struct gl_shelved *lent[GL_SUMS_DAYS_N];
    const struct gl_sums *days[GL_SUMS_DAYS_N];
    int n = 0, rc = 0;

    while (rc == 0 && n < GL_SUMS_DAYS_N) {
        rc = lend_day(m, n, &lent[n]);
        if (rc != 0)
            break;
        days[n] = gl_shelved_thing(lent[n]);
        n++;
    }
    if (rc == 0) {
        struct gl_sums *sums =
            gl_sums_merge(days, m->tallied->plan->axes[0].values->of.n);

        *thing = (struct gl_shelf_thing){.thing = sums,
                                         .bytes = gl_sums_bytes(sums),
                                         .one_token = 1,
                                         .free = gl_sums_free};
    }
    while (n-- > 0)
        gl_shelf_put_back(m->source->shelf, lent[n]);
    return rc;
}

static int
stop_merging(void *arg)
{
    const struct merging *m = arg;

    return gl_source_stop_(m->source);
}

/* Another number when any of the days has another token. */
static uint64_t
token_of_all(const struct gl_source *source)
{
    uint64_t token = 0;

    for (int i = 0; i < GL_SUMS_DAYS_N; i++)
        token = (token ^ source->token[i]) * UINT64_C(0x9e3779b97f4a7c15) +
                (uint64_t) i;
    return token;
}

static int
lend_days(struct gl_source *source, struct gl_tallied *tallied,
          struct gl_shelved **lent)
{
    struct merging merging = {source, tallied};
    struct gl_shelf_ask ask = gl_source_ask_(
        source, GL_SHELF_DAYS,
        gl_sums_detail(whole, tallied->plan, tallied->dense.entered != NULL,
                       source->build.day, 0));

    ask.token = token_of_all(source);
    ask.token_after = 0;
    ask.make = make_days;
    ask.stop = stop_merging;
    ask.arg = &merging;
    return gl_shelf_lend(source->shelf, &ask, lent);
}

int
gl_source_add_days_(struct gl_source *source, struct gl_tallied *tallied)
{
    struct gl_shelved *lent;
    int rc;

    if (!may_be(source, tallied))
        return 0;
    rc = lend_days(source, tallied, &lent);
    if (rc == GL_SOURCE_NO_SUMS) {
        source->no_days = source->build.day;
        return 0;
    }
    if (rc != 0)
        return rc;
    if (((const struct gl_sums *) gl_shelved_thing(lent))->usable &&
        gl_sums_add(gl_shelved_thing(lent), tallied, source->build.day)) {
        tallied->until = source->build.day + GL_SUMS_DAYS_N;
        tallied->done = rc = 1;
    }
    gl_shelf_put_back(source->shelf, lent);
    return rc;
}
