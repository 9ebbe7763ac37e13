/*
 * What a refold found, written in pieces and told to the site's object.
 *
 * A visitor's marks may take several pieces; its visits and its place in the
 * object change at once.  Nothing here depends on what was written before: a
 * refold that is cut short is done again, as its mark is still there.
 *
 * Writer thread.
 */

#include "count/site.h"
#include "days/refold_internal.h"

#include "days/refold.h"
#include "event.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"

static int
is_pageview(const struct gl_refold_mark *mark, uint8_t value)
{
    return mark->kind == GL_PAGEVIEW && value != GL_MARK_REPEAT;
}

static int
write_mark(const struct gl_refold_target *target,
           const struct gl_refold_mark *mark)
{
    int error = 0;

    if (mark->mark != mark->was)
        error = gl_account_set_mark(target->account, target->site, mark->at_ms,
                                    mark->id, mark->mark);
    if (error >= 0 && mark->visitor != 0)
        error = gl_account_set_visitor(target->account, target->site,
                                       mark->at_ms, mark->id, mark->visitor);
    return error;
}

/* 1 = time is over. */
static int
write_marks(struct gl_refolded *result, const struct gl_refold_target *target,
            const struct gl_refold_visitor *visitor)
{
    while (result->mark_at < visitor->marks_n) {
        const struct gl_refold_mark *mark =
            &g_array_index(result->marks, struct gl_refold_mark,
                           visitor->marks + result->mark_at);
        int error = write_mark(target, mark);

        if (error < 0)
            return error;
        if (target->object != NULL)
            gl_site_recount(target->object, mark->at_ms, 0,
                            is_pageview(mark, mark->mark) -
                                is_pageview(mark, mark->was));
        result->mark_at++;
        if (g_get_monotonic_time() >= target->until_us)
            return 1;
    }
    return 0;
}

/* *KEPT: it may still grow, and the object has room for it. */
static int
renew(struct gl_refolded *result, const struct gl_refold_target *target,
      const struct gl_refold_visitor *visitor, int *kept)
{
    const struct gl_refold_open *open =
        visitor->open < 0 ? NULL
                          : &g_array_index(result->open, struct gl_refold_open,
                                           visitor->open);
    struct gl_renewed of = {
        .ids = &g_array_index(result->ids, uint64_t, visitor->ids),
        .ids_n = visitor->ids_n,
        .visitor = visitor->visitor,
        .server = visitor->server,
        .visit = open == NULL ? NULL : &open->visit,
        .first = open == NULL ? NULL : &open->first,
        .newest_ms = visitor->newest_ms,
        .closed_before_ms = target->now_ms - GL_VISIT_KEPT_MS,
    };
    int renewed;

    *kept = open != NULL;
    if (target->object == NULL)
        return 0;
    renewed = gl_site_renew(target->object, &of);
    *kept = open != NULL && renewed == 0;
    return renewed == -1 ? -GL_STORE_ENVIRONMENT : 0;
}

static int
delete_gone(struct gl_refolded *result, const struct gl_refold_target *target,
            const struct gl_refold_visitor *visitor)
{
    int error = 0;

    for (guint i = 0; i < visitor->gone_n && error >= 0; i++) {
        const struct gl_refold_gone *gone = &g_array_index(
            result->gone, struct gl_refold_gone, visitor->gone + i);

        error = gl_account_delete_visit(target->account, target->site,
                                        gone->start_ms, gone->id);
        if (target->object != NULL)
            gl_site_recount(target->object, gone->start_ms, -1, 0);
    }
    return error;
}

static int
write_visits(struct gl_refolded *result, const struct gl_refold_target *target,
             const struct gl_refold_visitor *visitor)
{
    int kept, error = renew(result, target, visitor, &kept);

    if (error >= 0)
        error = delete_gone(result, target, visitor);
    for (guint i = 0; i < visitor->visits_n && error >= 0; i++) {
        const struct gl_refold_visit *put = &g_array_index(
            result->visits, struct gl_refold_visit, visitor->visits + i);

        error = gl_account_put_visit(target->account, target->site,
                                     &put->visit, put->open && kept);
        if (target->object != NULL && put->fresh)
            gl_site_recount(target->object, put->visit.start_ms, 1, 0);
    }
    return error;
}

static int
write_visitor(struct gl_refolded *result,
              const struct gl_refold_target *target)
{
    const struct gl_refold_visitor *visitor =
        &g_array_index(result->visitors, struct gl_refold_visitor, result->at);
    int done = target->skip(target->arg, visitor);

    if (done != 0)
        return done < 0 ? done : 0;
    done = write_marks(result, target, visitor);
    return done != 0 ? done : write_visits(result, target, visitor);
}

int
gl_refold_write(struct gl_refolded *result,
                const struct gl_refold_target *target)
{
    while (result->at < result->visitors->len) {
        int done = write_visitor(result, target);

        if (done != 0)
            return done;
        result->at++;
        result->mark_at = 0;
        if (g_get_monotonic_time() >= target->until_us)
            return 1;
    }
    return 0;
}
