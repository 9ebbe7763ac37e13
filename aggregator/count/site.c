/*
 * One site as the writer thread holds it: filter, visits, live numbers.
 *
 * An event is taken when what it does is known from what is kept of its
 * visitor: inside a visit engagement and custom events only add, a pageview
 * needs the pageviews before and after it.  It is late when it would begin the
 * visit earlier, when these are not known (any more), when one's mark would
 * change, or when a visit that could have taken it has left the table: it is
 * counted in the live numbers alone, and its visitor's visits are made again.
 *
 * Invariants
 *  1. Every key in the table is in the filter's newer or older generation as
 *     long as an event in time could still join it.
 *  2. gl_site_apply() changes nothing when it returns -1, and no visit when
 *     it returns GL_APPLIED_LATE.
 */

#include <stdlib.h>
#include <string.h>

#include "count/filter.h"
#include "count/live.h"
#include "count/site.h"
#include "count/visit.h"
#include "count/visits.h"
#include "event.h"
#include "gl_assert.h"

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
    struct gl_site *site = calloc(1, sizeof *site);

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

void
gl_site_set_words(struct gl_site *site, const struct gl_words *words)
{
    site->words = words;
}

static struct gl_visits_entry *
find(const struct gl_site *site, uint64_t visitor, const struct gl_row *row)
{
    if (visitor == 0 || !gl_filter_maybe(&site->filter, visitor))
        return NULL;
    return gl_visits_find(&site->visits, visitor, row->server);
}

/* In VISIT's span, but it would be its first event, or another pageview's
 * mark depends on it.  *PLACE of its pageviews come after ROW: found once, as
 * words that cannot be read now compare in another way the next time. */
static int
is_misplaced(const struct gl_site *site, const struct gl_visits_entry *entry,
             const struct gl_row *row, int *place)
{
    const struct gl_visit *visit = &entry->visit;
    struct gl_row first = {.at_ms = visit->start_ms,
                           .kind = entry->first_kind,
                           .host = entry->first_host,
                           .path = entry->first_path};

    if (visit->start_ms == row->at_ms &&
        gl_row_compare(row, &first, site->words) < 0)
        return 1;
    *place =
        row->kind == GL_PAGEVIEW ? gl_visit_place(visit, row, site->words) : 0;
    return *place == -1;
}

/* What ROW is as far as ENTRY tells: a visit, a lonely engagement, or NULL.
 * GL_APPLIED_JOINED comes with its *PLACE. */
static enum gl_applied
judge(const struct gl_site *site, const struct gl_visits_entry *entry,
      const struct gl_row *row, int *place)
{
    const struct gl_visit *visit = entry == NULL ? NULL : &entry->visit;
    int alone = row->kind == GL_ENGAGEMENT;

    if (entry == NULL)
        return alone ? GL_APPLIED_ALONE : GL_APPLIED_NEW;
    if (visit->id != 0 && (row->at_ms < visit->start_ms ||
                           (row->at_ms == visit->start_ms && alone))) {
        /* the visit it ended took no event of its start's time */
        if (alone && (row->at_ms == visit->start_ms ||
                      row->at_ms - GL_VISIT_GAP_MS > entry->ended_ms))
            return GL_APPLIED_ALONE;
        return GL_APPLIED_LATE;
    }
    if (visit->id == 0 || !gl_visit_takes(visit, row)) {
        if (alone)
            return GL_APPLIED_ALONE;
        return row->at_ms < entry->newest_ms ? GL_APPLIED_LATE
                                             : GL_APPLIED_NEW;
    }
    /* a lonely engagement after the visit may be lonely no more */
    if (row->at_ms > visit->seen_ms && row->at_ms < entry->newest_ms)
        return GL_APPLIED_LATE;
    if (is_misplaced(site, entry, row, place))
        return GL_APPLIED_LATE;
    GL_ASSERT(*place >= 0);
    return GL_APPLIED_JOINED;
}

/* A visit that might have taken ROW may have left the table; or its midnight
 * has passed: events since then bear another id, and did not know of ROW. */
static int
is_past(const struct gl_site *site, const struct gl_row *row)
{
    if (site->newest_ms != INT64_MIN &&
        (row->at_ms < site->newest_ms - GL_VISIT_GAP_MS ||
         row->at_ms / GL_DAY_MS < site->newest_ms / GL_DAY_MS))
        return 1;
    return site->closed_before_ms != INT64_MIN &&
           row->at_ms - GL_VISIT_GAP_MS < site->closed_before_ms;
}

static void
remember(struct gl_site *site, struct gl_visits_entry *entry,
         const struct gl_row *row)
{
    if (site->newest_ms == INT64_MIN || row->at_ms > site->newest_ms) {
        site->newest_ms = row->at_ms;
        gl_filter_turn(&site->filter, row->at_ms);
    }
    if (row->at_ms > entry->newest_ms) {
        entry->newest_ms = row->at_ms;
        gl_visits_touch(&site->visits, entry);
    }
    if (entry->generation != site->filter.generation + 1) {
        entry->generation = site->filter.generation + 1;
        gl_filter_add(&site->filter, entry->visit.visitor);
        if (entry->visit.alias != 0)
            gl_filter_add(&site->filter, entry->visit.alias);
    }
}

static void
join(struct gl_site *site, struct gl_visits_entry *entry, struct gl_row *row,
     int place)
{
    int64_t before_ms = entry->visit.last_ms;

    GL_ASSERT(entry->visit.id != 0 && place >= 0);
    row->visitor = entry->visit.visitor;
    gl_visit_add(&entry->visit, row, place, &site->rules);
    if (row->kind != GL_ENGAGEMENT && row->at_ms < before_ms)
        gl_live_past(&site->live, row);
    else if (row->kind != GL_ENGAGEMENT)
        gl_live_event(&site->live, row, before_ms, 0);
    remember(site, entry, row);
}

/* An engagement without a visit: remembered, so that an event that should
 * have come before it is known to be late. */
static void
stand_alone(struct gl_site *site, struct gl_visits_entry *entry,
            struct gl_row *row)
{
    GL_ASSERT(row->kind == GL_ENGAGEMENT);
    row->mark = GL_MARK_NO_VISIT;
    if (entry == NULL)
        entry = gl_visits_add(&site->visits, row->visitor, row->server);
    remember(site, entry, row);
}

static void
note_first(struct gl_visits_entry *entry, const struct gl_row *row)
{
    entry->first_kind = row->kind;
    entry->first_host = row->host;
    entry->first_path = row->path;
}

static struct gl_visits_entry *
start(struct gl_site *site, struct gl_visits_entry *entry, struct gl_row *row)
{
    int64_t ended_ms = INT64_MIN;

    if (entry != NULL && entry->visit.id != 0) {
        ended_ms = entry->visit.seen_ms;
        gl_live_forget(&site->live, entry->visit.last_ms);
        gl_visits_end(&site->visits, entry);
        entry = NULL;
    }
    if (entry == NULL)
        entry = gl_visits_add(&site->visits, row->visitor, row->server);

    GL_ASSERT(!entry->ended && entry->visit.id == 0);
    gl_visit_start(&entry->visit, row, &site->rules);
    entry->ended_ms = ended_ms;
    note_first(entry, row);
    gl_live_event(&site->live, row, INT64_MIN, 1);
    remember(site, entry, row);
    return entry;
}

/* The visit of BEFORE goes on under a second id.  ENTRY, alone or over, loses
 * the key. */
static void
rename_visitor(struct gl_site *site, struct gl_visits_entry *before,
               struct gl_visits_entry *entry, const struct gl_row *row)
{
    GL_ASSERT(before->visit.id != 0 && before != entry);
    if (entry != NULL)
        gl_visits_end(&site->visits, entry);
    gl_visits_alias(&site->visits, before, row->visitor);
    before->generation = 0; /* the alias is not in the filter yet */
}

/* Its visitor is folded again; only the table knows an alias. */
static int
late(struct gl_site *site, const struct gl_visits_entry *entry,
     struct gl_row *row)
{
    if (entry != NULL && entry->visit.id != 0 &&
        row->at_ms >= entry->visit.start_ms &&
        gl_visit_takes(&entry->visit, row))
        row->visitor = entry->visit.visitor;
    if (row->kind != GL_ENGAGEMENT)
        gl_live_past(&site->live, row);
    return GL_APPLIED_LATE;
}

int
gl_site_apply(struct gl_site *site, struct gl_row *row,
              struct gl_visit **visit)
{
    struct gl_visits_entry *entry, *before = NULL;
    enum gl_applied applied, yesterday = GL_APPLIED_NEW;
    int place = 0;

    *visit = NULL;
    row->mark = GL_MARK_NONE;
    if (gl_visits_reserve(&site->visits) == -1 ||
        gl_live_reserve(&site->live) == -1)
        return -1;

    entry = find(site, row->visitor, row);
    applied = judge(site, entry, row, &place);
    if (applied != GL_APPLIED_JOINED) {
        before = find(site, row->visitor_before, row);
        yesterday = judge(site, before, row, &place);
    }
    if (is_past(site, row) || applied == GL_APPLIED_LATE ||
        yesterday == GL_APPLIED_LATE ||
        (yesterday == GL_APPLIED_JOINED && entry != NULL &&
         row->at_ms < entry->newest_ms))
        return late(site, entry, row);

    if (yesterday == GL_APPLIED_JOINED) {
        rename_visitor(site, before, entry, row);
        entry = before;
        applied = GL_APPLIED_JOINED;
    }
    if (applied == GL_APPLIED_ALONE) {
        stand_alone(site, entry, row);
        return GL_APPLIED_ALONE;
    }
    if (applied == GL_APPLIED_NEW)
        entry = start(site, entry, row);
    else
        join(site, entry, row, place);
    GL_ASSERT(entry->visit.visitor == row->visitor);
    *visit = &entry->visit;
    return (int) applied;
}

/* Visits seen before BEFORE may have left the table. */
static void
is_closed(struct gl_site *site, int64_t before_ms)
{
    if (before_ms > site->closed_before_ms)
        site->closed_before_ms = before_ms;
}

static int
is_one_of(const struct gl_renewed *of, uint64_t visitor)
{
    for (size_t i = 0; i < of->ids_n; i++)
        if (of->ids[i] == visitor)
            return 1;
    return 0;
}

static int
is_taken(struct gl_site *site, const struct gl_renewed *of)
{
    for (size_t i = 0; i < of->ids_n; i++) {
        struct gl_visits_entry *entry =
            gl_visits_find(&site->visits, of->ids[i], of->server);

        if (entry != NULL && (!is_one_of(of, entry->visit.visitor) ||
                              entry->newest_ms > of->newest_ms)) {
            entry->ended_ms = INT64_MAX; /* the visit before may have grown */
            return 1;
        }
    }
    return 0;
}

static void
clear_place(struct gl_site *site, struct gl_visits_entry *entry)
{
    if (entry == NULL)
        return;
    if (entry->visit.id != 0)
        gl_live_forget(&site->live, entry->visit.last_ms);
    gl_visits_remove(&site->visits, entry);
}

int
gl_site_renew(struct gl_site *site, const struct gl_renewed *of)
{
    struct gl_row newest = {.at_ms = of->newest_ms};
    struct gl_visits_entry *entry;

    if (gl_visits_reserve(&site->visits) == -1)
        return -1;
    if (is_taken(site, of))
        return 1;
    for (size_t i = 0; i < of->ids_n; i++)
        clear_place(site,
                    gl_visits_find(&site->visits, of->ids[i], of->server));
    if (of->visit == NULL) {
        is_closed(site, of->closed_before_ms);
        if (of->newest_ms < site->closed_before_ms)
            return 0;
    }
    entry = gl_visits_add(&site->visits,
                          of->visit == NULL ? of->visitor : of->visit->visitor,
                          of->server);
    if (of->visit != NULL) {
        entry->visit = *of->visit;
        entry->ended_ms = INT64_MAX;
        note_first(entry, of->first);
        gl_live_remember(&site->live, of->visit->last_ms);
        if (of->visit->alias != 0)
            gl_visits_alias(&site->visits, entry, of->visit->alias);
    }
    remember(site, entry, &newest);
    return 0;
}

void
gl_site_recount(struct gl_site *site, int64_t at_ms, int visits, int pageviews)
{
    gl_live_recount(&site->live, at_ms, visits, pageviews);
}

size_t
gl_site_expire(struct gl_site *site, int64_t now_ms,
               int (*closed)(void *arg, const struct gl_visit *visit),
               void *arg)
{
    int64_t before_ms = now_ms - GL_VISIT_KEPT_MS;
    struct gl_visits_entry *entry;
    size_t n = 0;
    int enough = 0;

    while ((entry = gl_visits_oldest(&site->visits)) != NULL &&
           (entry->ended || (entry->newest_ms < before_ms && !enough))) {
        if (entry->visit.id != 0) {
            enough = closed(arg, &entry->visit);
            n++;
        }
        gl_visits_remove(&site->visits, entry);
    }
    is_closed(site, before_ms);
    return n;
}

int64_t
gl_site_next_expiry_ms(const struct gl_site *site)
{
    const struct gl_visits_entry *entry = gl_visits_oldest(&site->visits);

    if (entry == NULL)
        return INT64_MAX;
    return entry->ended ? INT64_MIN : entry->newest_ms + GL_VISIT_KEPT_MS + 1;
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
    entry->ended_ms = INT64_MAX;
    if (visit->alias != 0)
        gl_visits_alias(&site->visits, entry, visit->alias);
    return 0;
}

int
gl_site_replay(struct gl_site *site, const struct gl_row *stored)
{
    struct gl_row row = *stored;
    struct gl_visits_entry *entry;
    int place;

    if (gl_visits_reserve(&site->visits) == -1 ||
        gl_live_reserve(&site->live) == -1)
        return -1;

    entry = gl_visits_find(&site->visits, row.visitor, row.server);
    if (row.mark == GL_MARK_NO_VISIT) {
        if (entry == NULL)
            entry = gl_visits_add(&site->visits, row.visitor, row.server);
        if (row.at_ms >= entry->newest_ms)
            remember(site, entry, &row);
    } else if (entry != NULL && entry->visit.id != 0 &&
               row.at_ms >= entry->visit.start_ms &&
               gl_visit_takes(&entry->visit, &row) &&
               !is_misplaced(site, entry, &row, &place)) {
        join(site, entry, &row, place);
        if (row.id == entry->visit.id)
            note_first(entry, &row);
    } else {
        if (row.kind != GL_ENGAGEMENT)
            gl_live_past(&site->live, &row);
        /* of a visit that is over; of one who has an open one, that tells */
        if ((entry == NULL || entry->visit.id == 0) &&
            !(row.visitor & GL_VISITOR_IMPORTED))
            is_closed(site, row.at_ms + 1);
    }
    return 0;
}

void
gl_site_live(struct gl_site *site, int64_t now_ms,
             struct gl_live_numbers *numbers)
{
    gl_live_numbers(&site->live, now_ms, numbers);
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
    return sizeof *site + site->filter.now.bytes + site->filter.before.bytes +
           site->visits.entries_max * sizeof *site->visits.entries +
           site->visits.places_n * sizeof *site->visits.places +
           gl_live_bytes(&site->live);
}
