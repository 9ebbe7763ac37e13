/*
 * One site as the ingest thread holds it: filter, visits, live numbers.
 *
 * An event is taken when nothing newer of its visitor was applied before it,
 * and no visit that could have taken it has left the table.  Otherwise it is
 * late, changes nothing here, and its day is made again from the rows.
 *
 * Invariants
 *  1. Every key in the table is in the filter's newer or older generation as
 *     long as an event in time could still join it.
 *  2. gl_site_apply() changes nothing when it returns -1 or GL_APPLIED_LATE.
 */

#include <stdlib.h>
#include <string.h>

#include "count/filter.h"
#include "count/live.h"
#include "count/visit.h"
#include "count/visits.h"
#include "event.h"

struct gl_site {
    const struct gl_words *words;
    struct gl_count_rules rules;
    struct gl_filter filter;
    struct gl_visits visits;
    struct gl_live_counts live;
    int64_t newest_ms;        /* newest event applied */
    int64_t closed_before_ms; /* visits seen before it may have left */
};

struct gl_site *
gl_site_new(const struct gl_words *words, const struct gl_count_rules *rules,
            int64_t day_start_ms, int64_t day_end_ms, int64_t closed_before_ms)
{
    struct gl_site *site = calloc(1, sizeof(*site));

    if (site == NULL)
        return NULL;
    if (gl_filter_init(&site->filter) == -1)
        goto no_filter;
    if (gl_visits_init(&site->visits) == -1)
        goto no_visits;
    gl_live_init(&site->live, day_start_ms, day_end_ms);
    site->words = words;
    site->rules = *rules;
    site->newest_ms = INT64_MIN;
    site->closed_before_ms = closed_before_ms;
    return site;

no_visits:
    gl_filter_fini(&site->filter);
no_filter:
    free(site);
    return NULL;
}

void
gl_site_free(struct gl_site *site)
{
    if (site == NULL)
        return;
    gl_filter_fini(&site->filter);
    gl_visits_fini(&site->visits);
    gl_live_fini(&site->live);
    free(site);
}

static struct gl_visits_entry *
find(const struct gl_site *site, uint64_t visitor, const struct gl_row *row)
{
    if (visitor == 0 || !gl_filter_maybe(&site->filter, visitor))
        return NULL;
    return gl_visits_find(&site->visits, visitor, row->server);
}

static int
is_open(const struct gl_visits_entry *entry, const struct gl_row *row)
{
    return entry->visit.id != 0 && gl_visit_takes(&entry->visit, row);
}

/* In a millisecond of which the visit has other events already.  Only the
 * first event of a visit and the order of its pageviews depend on the order.
 */
static int
is_misplaced(const struct gl_site *site, const struct gl_visits_entry *entry,
             const struct gl_row *row)
{
    const struct gl_visit *visit = &entry->visit;
    struct gl_row viewed = {.at_ms = visit->viewed_ms,
                            .kind = GL_PAGEVIEW,
                            .host = visit->exit_host,
                            .path = visit->exit_path};

    if (!is_open(entry, row) || visit->start_ms == row->at_ms)
        return gl_row_compare(row, &entry->newest, site->words) < 0;
    return row->kind == GL_PAGEVIEW && visit->viewed_ms == row->at_ms &&
           gl_row_compare(row, &viewed, site->words) < 0;
}

/* Older than an event of the same visitor that was applied before it. */
static int
is_older(const struct gl_site *site, const struct gl_visits_entry *entry,
         const struct gl_row *row)
{
    if (row->at_ms == entry->newest.at_ms)
        return is_misplaced(site, entry, row);
    return row->at_ms < entry->newest.at_ms;
}

static int
is_late(const struct gl_site *site, const struct gl_visits_entry *entry,
        const struct gl_row *row)
{
    if (site->newest_ms != INT64_MIN &&
        row->at_ms < site->newest_ms - GL_VISIT_GAP_MS)
        return 1;
    if (site->closed_before_ms != INT64_MIN &&
        row->at_ms - GL_VISIT_GAP_MS < site->closed_before_ms)
        return 1;
    return entry != NULL && is_older(site, entry, row);
}

/* The entry has taken ROW: newest event, list, filter. */
static void
remember(struct gl_site *site, struct gl_visits_entry *entry,
         const struct gl_row *row)
{
    if (site->newest_ms == INT64_MIN || row->at_ms > site->newest_ms) {
        site->newest_ms = row->at_ms;
        gl_filter_turn(&site->filter, row->at_ms);
    }
    entry->newest = *row;
    gl_visits_touch(&site->visits, entry);
    if (entry->generation != site->filter.generation + 1) {
        entry->generation = site->filter.generation + 1;
        gl_filter_add(&site->filter, entry->visit.visitor);
        if (entry->visit.alias != 0)
            gl_filter_add(&site->filter, entry->visit.alias);
    }
}

static int
join(struct gl_site *site, struct gl_visits_entry *entry, struct gl_row *row)
{
    int64_t before_ms = entry->visit.last_ms;

    row->visitor = entry->visit.visitor;
    gl_visit_add(&entry->visit, row, &site->rules);
    if (row->kind != GL_ENGAGEMENT)
        gl_live_event(&site->live, row, before_ms, 0);
    remember(site, entry, row);
    return GL_APPLIED_JOINED;
}

/* An engagement without a visit: remembered, so that an event that should
 * have come before it is known to be late. */
static int
stand_alone(struct gl_site *site, struct gl_visits_entry *entry,
            struct gl_row *row)
{
    row->mark = GL_MARK_NO_VISIT;
    if (entry == NULL)
        entry = gl_visits_add(&site->visits, row->visitor, row->server);
    remember(site, entry, row);
    return GL_APPLIED_ALONE;
}

static int
start(struct gl_site *site, struct gl_visits_entry *entry, struct gl_row *row,
      struct gl_visits_entry **started)
{
    if (entry != NULL && entry->visit.id != 0) {
        gl_live_forget(&site->live, entry->visit.last_ms);
        gl_visits_end(&site->visits, entry);
        entry = NULL;
    }
    if (entry == NULL)
        entry = gl_visits_add(&site->visits, row->visitor, row->server);

    gl_visit_start(&entry->visit, row, &site->rules);
    gl_live_event(&site->live, row, INT64_MIN, 1);
    remember(site, entry, row);
    *started = entry;
    return GL_APPLIED_NEW;
}

int
gl_site_apply(struct gl_site *site, struct gl_row *row,
              struct gl_visit **visit)
{
    struct gl_visits_entry *entry, *before = NULL;
    int applied;

    *visit = NULL;
    row->mark = GL_MARK_NONE;
    if (gl_visits_reserve(&site->visits) == -1 ||
        gl_live_reserve(&site->live) == -1)
        return -1;

    entry = find(site, row->visitor, row);
    if (entry == NULL || !is_open(entry, row))
        before = find(site, row->visitor_before, row);
    if (is_late(site, entry, row) || is_late(site, before, row)) {
        /* its day is folded by visitor; only the table knows an alias */
        if (entry != NULL && is_open(entry, row) &&
            row->at_ms >= entry->visit.start_ms)
            row->visitor = entry->visit.visitor;
        return GL_APPLIED_LATE;
    }

    if (entry != NULL && is_open(entry, row)) {
        applied = join(site, entry, row);
    } else if (before != NULL && is_open(before, row)) {
        if (entry != NULL) /* alone, or over: the alias takes its key */
            gl_visits_end(&site->visits, entry);
        gl_visits_alias(&site->visits, before, row->visitor);
        before->generation = 0; /* the alias is not in the filter yet */
        applied = join(site, before, row);
        entry = before;
    } else if (row->kind == GL_ENGAGEMENT) {
        return stand_alone(site, entry, row);
    } else {
        applied = start(site, entry, row, &entry);
    }
    *visit = &entry->visit;
    return applied;
}

size_t
gl_site_expire(struct gl_site *site, int64_t now_ms,
               void (*closed)(void *arg, const struct gl_visit *visit),
               void *arg)
{
    int64_t before_ms = now_ms - GL_VISIT_KEPT_MS;
    struct gl_visits_entry *entry;
    size_t n = 0;

    while ((entry = gl_visits_oldest(&site->visits)) != NULL &&
           (entry->ended || entry->newest.at_ms < before_ms)) {
        if (entry->visit.id != 0) {
            closed(arg, &entry->visit);
            n++;
        }
        gl_visits_remove(&site->visits, entry);
    }
    if (before_ms > site->closed_before_ms)
        site->closed_before_ms = before_ms;
    return n;
}

int64_t
gl_site_next_expiry_ms(const struct gl_site *site)
{
    const struct gl_visits_entry *entry = gl_visits_oldest(&site->visits);

    if (entry == NULL)
        return INT64_MAX;
    return entry->ended ? INT64_MIN
                        : entry->newest.at_ms + GL_VISIT_KEPT_MS + 1;
}

int
gl_site_restore_visit(struct gl_site *site, const struct gl_visit *visit)
{
    struct gl_visits_entry *entry;

    if (gl_visits_reserve(&site->visits) == -1)
        return -1;
    if (gl_visits_find(&site->visits, visit->visitor, visit->server) != NULL)
        return 1;

    entry = gl_visits_add(&site->visits, visit->visitor, visit->server);
    entry->visit.id = visit->id;
    entry->visit.start_ms = visit->start_ms;
    entry->visit.last_ms = INT64_MIN; /* its first row comes by replay */
    entry->visit.seen_ms = visit->start_ms;
    if (visit->alias != 0)
        gl_visits_alias(&site->visits, entry, visit->alias);
    return 0;
}

void
gl_site_restore_today(struct gl_site *site, uint32_t visits)
{
    site->live.today.visits = visits;
}

int
gl_site_replay(struct gl_site *site, const struct gl_row *stored)
{
    struct gl_row row = *stored;
    struct gl_visits_entry *entry;

    if (gl_visits_reserve(&site->visits) == -1 ||
        gl_live_reserve(&site->live) == -1)
        return -1;

    entry = gl_visits_find(&site->visits, row.visitor, row.server);
    if (row.mark == GL_MARK_NO_VISIT) {
        if (entry == NULL)
            entry = gl_visits_add(&site->visits, row.visitor, row.server);
        if (row.at_ms >= entry->newest.at_ms)
            remember(site, entry, &row);
    } else if (entry != NULL && entry->visit.id != 0 &&
               row.at_ms >= entry->visit.start_ms &&
               gl_visit_takes(&entry->visit, &row) &&
               !is_older(site, entry, &row)) {
        join(site, entry, &row);
    } else if (row.kind != GL_ENGAGEMENT) {
        gl_live_past(&site->live, &row);
    }
    return 0;
}

void
gl_site_live(struct gl_site *site, int64_t now_ms,
             struct gl_live_numbers *numbers)
{
    gl_live_numbers(&site->live, now_ms, numbers);
}

int64_t
gl_site_day_end_ms(const struct gl_site *site)
{
    return site->live.day_end_ms;
}

void
gl_site_turn_day(struct gl_site *site, int64_t day_start_ms,
                 int64_t day_end_ms)
{
    gl_live_turn_day(&site->live, day_start_ms, day_end_ms);
}

size_t
gl_site_bytes(const struct gl_site *site)
{
    return sizeof(*site) + site->filter.now.bytes + site->filter.before.bytes +
           site->visits.entries_max * sizeof(*site->visits.entries) +
           site->visits.places_n * sizeof(*site->visits.places) +
           gl_live_bytes(&site->live);
}

size_t
gl_site_open_visits(const struct gl_site *site)
{
    return site->visits.held;
}
