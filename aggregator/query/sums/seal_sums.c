/* Sums of a set, to be sealed; see seal_sums.h and sealed_sums.h. */

#include "query/sums/seal_sums.h"

#include "clock.h"
#include "count/count.h"
#include "calls/query.h"
#include "question/range.h"
#include "query/sums/sealed_sums.h"

struct adding {
    const struct gl_query_view *view;
    const struct gl_zone *zone;
    struct gl_account *reader;
    const struct gl_columns *set;
    GByteArray *const *sums;
    struct gl_question question;
    unsigned part;
    struct gl_stretch of;
};

static int
never(void *arg)
{
    (void) arg;
    return 0;
}

/* More values than are counted in an array: such a question asks for none. */
static int
is_too_long(const struct gl_plan *plan)
{
    return plan->axes_n > 0 && plan->axes[0].values != NULL &&
           plan->axes[0].values->n > GL_DENSE_MAX;
}

/* By what the question is by. */
static int
add(struct adding *a, unsigned which)
{
    char why[256];
    const struct gl_question *questions[] = {&a->question};
    struct gl_plan_ask ask = {.reader = a->reader,
                              .shelf = a->view->shelf,
                              .question = gl_shelf_question(a->view->shelf),
                              .stop = never,
                              .why = why,
                              .why_len = sizeof why};
    struct gl_plans plans;
    int planned = gl_plans_init(&plans, questions, 1, &ask) == GL_PLANNED;

    if (planned && !is_too_long(&plans.plan[0])) {
        struct gl_sums *sums = gl_sums_new(
            a->set, a->of, a->question.by_n > 0 ? &plans.plan[0] : NULL, 1);

        gl_sums_pack(sums, gl_sealed_sums_what(which),
                     a->sums[which + a->part * GL_SUMS_PART]);
        gl_sums_free(sums);
    }
    gl_plans_fini(&plans);
    return planned ? 0 : -GL_STORE_ENVIRONMENT;
}

static int
add_times(struct adding *a, unsigned which)
{
    struct gl_time_range range = {a->question.from_ms, a->question.to_ms};
    int rc = gl_range_buckets(
        a->zone, &range, which == GL_SUMS_HOURS ? GL_STEP_HOUR : GL_STEP_DAY,
        &a->question.time);

    if (rc == 0)
        rc = add(a, which);
    gl_buckets_fini(&a->question.time);
    return rc;
}

static int
has_sums(enum gl_dimension what)
{
    return what != GL_DIMENSION_TIME && what != GL_DIMENSION_PROP &&
           what != GL_DIMENSION_GOAL;
}

/* From FROM_MS until TO_MS: a visit that began on the day may end on the next
 * one. */
static int
add_part(struct adding *a, unsigned part, int64_t from_ms, int64_t to_ms)
{
    int64_t day_ms = a->set->day * GL_DAY_MS;
    int rc;

    a->part = part;
    a->of.from = from_ms < day_ms ? 0 : (uint32_t) (from_ms - day_ms);
    a->of.to = to_ms >= day_ms + 2 * GL_DAY_MS ? GL_STRETCH_ALL
                                               : (uint32_t) (to_ms - day_ms);
    a->question.from_ms = from_ms;
    a->question.to_ms = to_ms;
    a->question.by_n = 0;
    rc = add(a, GL_SUMS_NONE);
    a->question.by_n = 1;
    for (int what = 0; rc == 0 && what < GL_DIMENSION_N; what++) {
        a->question.by[0].what = (enum gl_dimension) what;
        if (has_sums(a->question.by[0].what))
            rc = add(a, 1 + (unsigned) what);
    }
    a->question.by[0].what = GL_DIMENSION_TIME;
    if (rc == 0)
        rc = add_times(a, GL_SUMS_DAYS);
    return rc == 0 ? add_times(a, GL_SUMS_HOURS) : rc;
}

/* The local midnight within the UTC day: where a range of local days cuts it;
 * else 0. */
static int64_t
cut_of(const struct gl_zone *zone, int64_t day_ms)
{
    int64_t start_ms, end_ms;

    gl_zone_day(zone, day_ms, &start_ms, &end_ms);
    return start_ms == day_ms || end_ms >= day_ms + GL_DAY_MS ? 0 : end_ms;
}

static int
add_all(struct adding *a)
{
    int64_t day_ms = a->set->day * GL_DAY_MS;
    int64_t from_ms = day_ms - GL_DAY_MS, to_ms = day_ms + 2 * GL_DAY_MS;
    int64_t cut_ms = cut_of(a->zone, day_ms);
    int rc = add_part(a, 0, from_ms, to_ms);

    if (rc == 0 && cut_ms != 0)
        rc = add_part(a, 1, from_ms, cut_ms);
    if (rc == 0 && cut_ms != 0)
        rc = add_part(a, 2, cut_ms, to_ms);
    return rc;
}

static struct gl_zone *
zone_of(const struct gl_query_view *view, int64_t site)
{
    const struct gl_meta_site *found;
    struct gl_zone *zone;

    if (view->directory == NULL)
        return gl_zone_new("UTC");
    found = gl_version_site_id(gl_directory_enter(view->directory), site);
    zone = gl_zone_new(found != NULL ? found->timezone : "UTC");
    gl_directory_leave(view->directory);
    return zone != NULL ? zone : gl_zone_new("UTC");
}

int
gl_seal_sums_add(void *view, struct gl_account *reader, int64_t site,
                 const struct gl_columns *set, GByteArray *const *sums)
{
    struct adding a = {
        .view = view,
        .reader = reader,
        .set = set,
        .sums = sums,
        .of = {0, GL_STRETCH_ALL},
        .question = {.site = site,
                     .metrics = GL_METRICS_OF_EVENTS | GL_METRICS_OF_VISITS}};
    struct gl_zone *zone;
    int rc;

    if (set->imported < set->visitors_n)
        return add(&a, GL_SUMS_NONE); /* that there are none */
    a.zone = zone = zone_of(view, site);
    rc = add_all(&a);
    gl_zone_free(zone);
    return rc;
}
