/*
 * One event to its rows: a bot, a drop, or an event row and what it does to
 * its visit.  Everything happens in the open transaction of the site's
 * account; an error leaves it to be rolled back.
 *
 * Writer thread.
 */

#include "ingest/apply.h"

#include "count/count.h"
#include "count/site.h"
#include "ingest/served.h"
#include "store/rows/midnight.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"
#include "store/rows/visits.h"

#include <string.h>

/* Late rows gather so long before their visits are made again (60 s
 * at most). */
#define REFOLD_DELAY_MS 20000

/* Its visitor's visits will be made again. */
static void
note_late(struct gl_ingest *in, struct gl_ingest_site *site)
{
    in->counters.late++;
    if (site->account->refold_at_ms == INT64_MAX)
        gl_ingest_refold_at_(in, site->account, in->boot_ms + REFOLD_DELAY_MS);
}

/* What an event of a day's first 30 minutes tells.  Its time may differ by a
 * little from the clock that chose the ids: the midnight is the nearest. */
static int
store_link(struct gl_ingest *in, struct gl_ingest_site *site,
           const struct gl_event *event)
{
    struct gl_link link = {event->visitor, event->visitor_before,
                           (event->at_ms + GL_DAY_MS / 2) / GL_DAY_MS};

    if (event->visitor_before == 0)
        return 0;
    gl_ingest_note_night_(in, site->account);
    return gl_account_add_link(site->account->store, site->id, &link);
}

/* What counting made of the event goes where it belongs. */
static int
store_visit(struct gl_ingest *in, struct gl_ingest_site *site,
            enum gl_applied applied, const struct gl_event *event,
            const struct gl_visit *visit, const struct gl_store_event *row)
{
    struct gl_account *store = site->account->store;

    switch (applied) {
    case GL_APPLIED_NEW:
        return gl_account_open_visit(store, visit, row);
    case GL_APPLIED_JOINED:
        /* only an event that brought both ids can have told the alias */
        if (event->visitor_before != 0 && visit->alias == event->visitor)
            return gl_account_alias_visit(store, visit);
        return 0;
    case GL_APPLIED_ALONE:
        return 0;
    case GL_APPLIED_LATE:
        note_late(in, site);
        return gl_account_add_late(store, site->id, event->at_ms / GL_DAY_MS,
                                   row->visitor);
    }
    return 0;
}

/* Whoever it is of is read again, under all its ids. */
static void
disturb(struct gl_ingest *in, const struct gl_ingest_site *site,
        const struct gl_event *event, uint64_t visitor)
{
    in->fold->disturb(in, site->id, visitor);
    in->fold->disturb(in, site->id, event->visitor);
    if (event->visitor_before != 0)
        in->fold->disturb(in, site->id, event->visitor_before);
}

int
gl_ingest_apply_(struct gl_ingest *in, struct gl_ingest_site *site,
                 const struct gl_event *event)
{
    struct gl_store_event row;
    struct gl_row count = {0};
    struct gl_visit *visit;
    int result = gl_ingest_row_(in, site, event, NULL, &row);

    if (result != 0)
        return result < 0 ? result : 0;
    result = gl_account_next_id(site->account->store, &count.id);
    if (result < 0)
        return result;
    count.at_ms = row.at_ms;
    count.visitor = event->visitor;
    count.visitor_before = event->visitor_before;
    count.host = row.host;
    count.path = row.path;
    count.engagement_ms = row.engagement_ms;
    count.kind = row.kind;
    count.passive = row.passive;
    count.server = row.server != 0;

    result = gl_site_apply(site->object, &count, &visit);
    if (result < 0)
        return -GL_STORE_ENVIRONMENT;
    if (row.at_ms > site->newest_ms)
        site->newest_ms = row.at_ms;
    row.visitor = count.visitor;
    row.mark = count.mark;
    if (in->refolding != NULL)
        disturb(in, site, event, row.visitor);
    in->counters.rows++;
    if ((result = store_visit(in, site, result, event, visit, &row)) < 0 ||
        (result = store_link(in, site, event)) < 0 ||
        (result = gl_ingest_note_script_(site, event)) < 0)
        return result;
    return gl_account_insert(site->account->store, &row);
}
