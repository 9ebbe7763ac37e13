/* Sets and sums of days; see source.h. */

#include "query/execute/source.h"

#include "count/count.h"
#include "query/execute/source_internal.h"

int
gl_source_stop_(void *arg)
{
    const struct gl_source *source = arg;

    return source->build.stop(source->build.arg) ? GL_BUILD_STOPPED : 0;
}

struct gl_shelf_ask
gl_source_ask_(struct gl_source *source, enum gl_shelf_kind kind,
               uint64_t detail)
{
    return (struct gl_shelf_ask){
        .question = source->question,
        .place = {kind, source->build.site, source->build.day, detail},
        .token = source->token[0],
        .token_after = source->token[1],
        .stop = gl_source_stop_,
        .arg = source,
    };
}

/* ---- sets ---- */

static void
free_set(void *set)
{
    gl_columns_free(set);
}

struct gl_sealed_day
gl_source_day_(const struct gl_source *source)
{
    return (struct gl_sealed_day){source->build.site, source->build.day,
                                  source->token[0]};
}

/* Sealed, or as it was and what came since, or from rows. */
static int
make_set(void *arg, struct gl_shelf_thing *thing)
{
    const struct gl_source *source = arg;
    const struct gl_sealed_day day = gl_source_day_(source);
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

int
gl_source_is_late_(const struct gl_source *source)
{
    return gl_late_changes(source->build.late, source->build.day);
}

int
gl_source_set(struct gl_source *source, const struct gl_columns **set)
{
    struct gl_shelf_ask ask = gl_source_ask_(source, GL_SHELF_SET, 0);
    int own = gl_source_is_late_(source), rc;

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

int
gl_source_is_sealed(struct gl_source *source)
{
    const struct gl_sealed_day day = gl_source_day_(source);

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

    if (day_ms + GL_DAY_MS > from_ms || gl_source_is_late_(source))
        return 0;
    sealed = gl_source_is_sealed(source);
    return sealed == 1 ? day_ms + source->events_end <= from_ms : sealed;
}
