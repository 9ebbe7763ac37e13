/* Sums of one day, sealed or of its set; see source_internal.h. */

#include "query/execute/source_internal.h"
#include "query/sums/sealed_sums.h"

struct summing {
    struct gl_source *source;
    const struct gl_plan *plan; /* NULL = by no dimension */
    int entered;
    struct gl_stretch of;
};

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
    const struct gl_sealed_day day = gl_source_day_(source);
    struct gl_sums *sums = NULL;
    int rc = gl_source_is_sealed(source);

    if (rc == 1)
        rc = gl_sealed_sums_load(source->build.reader, &day, summing->of,
                                 summing->plan, &sums);
    if (rc == 0 && sums != NULL)
        take_sums(sums, 1, thing);
    if (rc != 0 || sums != NULL)
        return rc;
    return gl_stretch_is_cut(summing->of) ? GL_SOURCE_NO_SUMS
                                          : sum_up(summing, thing);
}

static int
stop_summing(void *arg)
{
    const struct summing *summing = arg;

    return gl_source_stop_(summing->source);
}

int
gl_source_lend_sums_(struct gl_source *source, struct gl_stretch of,
                     const struct gl_tallied *tallied, uint32_t events_end,
                     struct gl_shelved **sums)
{
    struct summing summing = {source, tallied->plan,
                              tallied->dense.entered != NULL, of};
    struct gl_shelf_ask ask =
        gl_source_ask_(source, GL_SHELF_SUMS,
                       gl_sums_detail(of, summing.plan, summing.entered,
                                      source->build.day, events_end));

    ask.make = make_sums;
    ask.stop = stop_summing;
    ask.arg = &summing;
    return gl_shelf_lend(source->shelf, &ask, sums);
}
