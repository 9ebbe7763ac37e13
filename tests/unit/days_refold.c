/*
 * Promise: visits are a function of the set of rows.  Events applied live,
 * some of them late, with late visitors folded again beside them and objects
 * rebuilt at random moments, leave the very visits and marks that one fold
 * over all rows gives, and live numbers as an object has that is made from the
 * rows; so does an import of the same rows in any order, in any number of
 * parts.
 *
 * A visitor has another id each day, and in a day's first 30 minutes both are
 * told.
 *
 * Guards: borders of a refold (a visit over midnight before and after the
 * days), two open visits of one visitor, marks left from before, rows and
 * closings while it is read and between the pieces of its writing, ends in the
 * middle of it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/history.h"
#include "count/fold.h"
#include "count/site.h"
#include "days/refold.h"
#include "ingest/rebuild.h"
#include "store/account/accounts.h"
#include "store/rows/midnight.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"
#include "store/rows/visits.h"
#include "store/words/words.h"
#include "store_probe.h"

#define ROUNDS 40

static struct gl_accounts *pool;
static struct gl_account *account;
static struct gl_words words;
static struct gl_site *site;
static int64_t site_number = PROBE_SITE - 1;
static const struct gl_count_rules rules = {.refresh_window_ms = MINUTE};

/* ---- a life of a site ---- */

/* What a worker sends for one who is PERSON. */
static uint64_t
id_at(uint64_t person, int64_t at_ms)
{
    return person + 100 * (uint64_t) (at_ms / GL_DAY_MS);
}

static uint64_t
id_before(const struct gl_row *event)
{
    return event->at_ms % GL_DAY_MS < 30 * MINUTE
               ? id_at(event->visitor, event->at_ms - GL_DAY_MS)
               : 0;
}

static int begun; /* 1 = a transaction is open */

static void
begin(void)
{
    if (!begun &&
        gl_file_begin(gl_account_file(account), GL_COMMIT_LATER) != 0)
        tap_bail("begin: %s", gl_account_why(account));
    begun = 1;
}

static void
commit(void)
{
    if (gl_file_commit(gl_account_file(account)) != 0)
        tap_bail("commit: %s", gl_account_why(account));
    begun = 0;
}

static void
on_conflict(void *arg, const struct gl_visit *visit)
{
    int *conflicts = arg;

    (void) visit;
    ++*conflicts;
}

static void
rebuild(int64_t now_ms, int64_t oldest_ms)
{
    int conflicts = 0;
    struct gl_rebuild r = {
        .account = account,
        .site = site_number,
        .words = &words,
        .rules = rules,
        .day_start_ms = now_ms / GL_DAY_MS * GL_DAY_MS,
        .day_end_ms = (now_ms / GL_DAY_MS + 1) * GL_DAY_MS,
        .oldest_ms = MIN(oldest_ms, now_ms),
        .conflict = on_conflict,
        .arg = &conflicts,
    };

    gl_site_free(site);
    if (gl_rebuild_site(&r, &site) != 0)
        tap_bail("rebuild: %s", gl_account_why(account));
}

/* Ids with a new row or a closing since the refold began to read. */
static uint64_t disturbed[4 * EVENTS];
static size_t disturbed_n;

static int
is_disturbed(uint64_t id)
{
    for (size_t i = 0; i < disturbed_n; i++)
        if (disturbed[i] == id)
            return 1;
    return 0;
}

static void
disturb(uint64_t id)
{
    if (id != 0 && !is_disturbed(id))
        disturbed[disturbed_n++] = id;
}

static int
on_closed(void *arg, const struct gl_visit *visit)
{
    (void) arg;
    disturb(visit->visitor);
    gl_account_close_visit(account, visit);
    return 0;
}

static void
store(const struct gl_row *event, struct gl_row *counted)
{
    struct gl_store_event row = probe_event(counted->at_ms, counted->visitor);

    row.site = site_number;
    row.kind = counted->kind;
    row.mark = counted->mark;
    row.path = event->path;
    row.host = event->host;
    row.server = counted->server ? 2 : 0;
    row.engagement_ms = counted->engagement_ms;
    gl_account_insert(account, &row);
}

static void
apply(const struct gl_row *event)
{
    struct gl_row row = *event;
    struct gl_link link = {id_at(event->visitor, event->at_ms),
                           id_before(event), event->at_ms / GL_DAY_MS};
    struct gl_store_event bare = {.site = site_number};
    struct gl_visit *visit;
    int applied;

    gl_account_next_id(account, &row.id);
    row.visitor = link.visitor;
    row.visitor_before = link.before;
    applied = gl_site_apply(site, &row, &visit);
    if (applied == GL_APPLIED_NEW)
        gl_account_open_visit(account, visit, &bare);
    if (applied == GL_APPLIED_JOINED && visit->alias == link.visitor)
        gl_account_alias_visit(account, visit);
    if (link.before != 0)
        gl_account_add_link(account, site_number, &link);
    if (applied == GL_APPLIED_LATE)
        gl_account_add_late(account, site_number, row.at_ms / GL_DAY_MS,
                            row.visitor);
    disturb(row.visitor);
    disturb(link.visitor);
    disturb(link.before);
    store(event, &row);
}

#include "../lib/refold_pieces.h"

/* ---- what there should be ---- */

struct model {
    struct gl_row rows[EVENTS]; /* as stored */
    size_t rows_n;
    struct gl_row people[EVENTS]; /* as they happened */
    struct gl_visit visits[EVENTS];
    size_t visits_n;
    int daily; /* ids change */
    int wrong;
};

static int
take_row(void *arg, const struct gl_row *row)
{
    struct model *model = arg;

    model->rows[model->rows_n++] = *row;
    return 0;
}

static void
take_visit(void *arg, const struct gl_visit *visit, size_t first, size_t last)
{
    struct model *model = arg;

    model->visits[model->visits_n] = *visit;
    if (model->daily)
        model->visits[model->visits_n].visitor =
            id_at(visit->visitor, visit->start_ms);
    for (size_t i = first; i <= last; i++)
        model->people[i].visitor_before =
            model->visits[model->visits_n].visitor;
    model->visits_n++;
}

static int
same_visit(const struct gl_visit *a, const struct gl_visit *b)
{
    return a->id == b->id && a->visitor == b->visitor &&
           a->start_ms == b->start_ms && a->last_ms == b->last_ms &&
           a->seen_ms == b->seen_ms && a->pageviews == b->pageviews &&
           a->refreshes == b->refreshes && a->events == b->events &&
           a->interactive == b->interactive &&
           a->engagement_ms == b->engagement_ms &&
           a->entry_path == b->entry_path && a->exit_path == b->exit_path &&
           a->server == b->server;
}

static int
check_visit(void *arg, const struct gl_visit *visit, int open)
{
    struct model *model = arg;

    for (size_t i = 0; i < model->visits_n; i++)
        if (same_visit(&model->visits[i], visit)) {
            model->visits[i] = model->visits[--model->visits_n];
            model->wrong += open;
            return 0;
        }
    model->wrong++;
    return 0;
}

/* EVENTS as rows, in order of arrival, counted by one fold: visitor_before is
 * what the row should bear. */
static void
count_people(struct model *model, const struct gl_row *events)
{
    for (size_t i = 0; i < EVENTS; i++) {
        struct gl_row *row = &model->people[i];

        *row = events[i];
        row->id = model->rows[0].id + (int64_t) i;
        row->visitor_before =
            model->daily ? id_at(row->visitor, row->at_ms) : row->visitor;
    }
    gl_fold_sort(model->people, EVENTS, &words);
    gl_fold(model->people, EVENTS, &rules, take_visit, model);
}

/* Stored visits, marks and visitors are those of one fold over all rows. */
static void
compare(const char *what, int number, const struct gl_row *events, int daily)
{
    static struct model model;
    size_t differ = 0;

    memset(&model, 0, sizeof model);
    model.daily = daily;
    gl_account_rows(account, site_number, 0, INT64_MAX, take_row, &model);
    if (model.rows_n != EVENTS)
        tap_bail("%zu rows", model.rows_n);
    count_people(&model, events);
    for (size_t i = 0; i < EVENTS; i++) {
        const struct gl_row *must = &model.people[i];
        const struct gl_row *is = &model.rows[must->id - model.rows[0].id];

        differ +=
            is->mark != must->mark || is->visitor != must->visitor_before;
    }
    gl_account_visits(account, site_number, 0, INT64_MAX, 0, check_visit,
                      &model);
    tap_ok(differ == 0 && model.wrong == 0 && model.visits_n == 0,
           "%s %d: %zu rows differ, %d visits too many, %zu missing", what,
           number, differ, model.wrong, model.visits_n);
}

/* ---- lives ---- */

static int64_t next_ms; /* of the event to come */

static void
expire(int64_t now_ms)
{
    begin();
    gl_site_expire(site, now_ms, on_closed, NULL);
    commit();
}

/* A step of what goes on beside the events: 1 = a refold is under way. */
static int
step_refold(int under_way, int64_t now_ms)
{
    if (!under_way)
        return begin_late(now_ms);
    if (write_piece(site)) {
        if (tap_below(12) != 0)
            return 1;
        gl_refolded_free(pending.result); /* given up, or a kill */
        if (tap_below(2) == 0)
            rebuild(now_ms, next_ms);
        return 0;
    }
    clear_late();
    if (pending.renamed)
        rebuild(now_ms, next_ms);
    pending.renamed = 0;
    return 0;
}

/* The object has the numbers that one has which is made from the rows. */
static int
live_differs(int64_t now_ms)
{
    struct gl_live_numbers kept, made;

    gl_site_live(site, now_ms, &kept);
    rebuild(now_ms, now_ms);
    gl_site_live(site, now_ms, &made);
    return memcmp(&kept, &made, sizeof kept) != 0;
}

static int
live_life(struct gl_row *events)
{
    int64_t now_ms = START, day = START / GL_DAY_MS;
    int under_way = 0, differs;

    begin();
    rebuild(now_ms, now_ms);
    for (size_t i = 0; i < EVENTS; i++) {
        if (events[i].at_ms > now_ms)
            now_ms = events[i].at_ms;
        next_ms = events[i + (i + 1 < EVENTS)].at_ms;
        if (now_ms / GL_DAY_MS != day) {
            day = now_ms / GL_DAY_MS;
            gl_site_turn_day(site, day * GL_DAY_MS, (day + 1) * GL_DAY_MS);
        }
        begin();
        apply(&events[i]);
        if (tap_below(4) == 0) {
            expire(now_ms);
            under_way = step_refold(under_way, now_ms);
        }
        if (tap_below(60) == 0) {
            expire(now_ms);
            rebuild(now_ms, next_ms);
        }
    }
    expire(now_ms);
    while (under_way || begin_late(now_ms)) {
        under_way = write_piece(site);
        if (!under_way)
            clear_late();
        if (!under_way && pending.renamed)
            rebuild(now_ms, now_ms);
    }
    differs = live_differs(now_ms);
    expire(now_ms + 2 * GL_DAY_MS);
    return differs;
}

static void
import(struct gl_row *events)
{
    begin();
    for (size_t i = 0; i < EVENTS; i++) {
        store(&events[i], &events[i]);
        gl_account_add_dirty(account, site_number,
                             events[i].at_ms / GL_DAY_MS);
    }
    commit();
    refold_dirty(START + 30 * GL_DAY_MS);
}

int
main(void)
{
    static struct gl_row events[EVENTS];
    size_t differ = 0;
    const char *data = tap_dir();

    pool = probe_pool(data, 0, &account);
    gl_account_words(account, &words);
    begin();
    for (uint32_t path = 1; path <= 3; path++) {
        char text[8];
        uint32_t code;

        snprintf(text, sizeof text, "/%u", path);
        gl_account_word(account, GL_WORD_PATH, PROBE_SITE, PROBE_DAY,
                        probe_word(text), &code);
        gl_account_word(account, GL_WORD_HOST, PROBE_SITE, PROBE_DAY,
                        probe_word("a.example"), &code);
    }
    commit();
    for (int round = 0; round < ROUNDS; round++) {
        site_number++;
        make_events(events);
        delay_some(events);
        differ += (size_t) live_life(events);
        compare("live", round, events, 1);
        site_number++;
        import(events);
        compare("import", round, events, 0);
    }
    tap_uint(differ, 0, "live numbers are those of an object made anew");
    tap_ok(pending.skipped > 0, "%zu times a visitor was read again",
           pending.skipped);
    gl_site_free(site);
    gl_accounts_free(pool);
    return tap_done();
}
