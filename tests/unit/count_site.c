/*
 * Promise: visits, refreshes and live numbers are a function of the set of
 * rows.  The live fold, with events late, doubled in time, and the site
 * rebuilt from rows at random moments, and the slow path both give what a
 * plain and slow twin makes of the sorted rows; whatever the live fold cannot
 * know it reports as late.
 */

#include "../lib/count_world.h"
#include "count/count.h"
#include "count/fold.h"
#include "count/site.h"

/* ---- the twin: one visitor after another, straight from the rules ---- */

struct twin {
    struct gl_visit visits[ROWS_MAX];
    size_t n;
    struct gl_row rows[ROWS_MAX];
};

static int
twin_order(const void *left, const void *right)
{
    const struct gl_row *a = left, *b = right;
    int64_t x[] = {(int64_t) a->visitor,
                   a->server,
                   a->at_ms,
                   a->kind == GL_ENGAGEMENT ? 0 : a->kind,
                   a->host,
                   a->path,
                   a->id};
    int64_t y[] = {(int64_t) b->visitor,
                   b->server,
                   b->at_ms,
                   b->kind == GL_ENGAGEMENT ? 0 : b->kind,
                   b->host,
                   b->path,
                   b->id};

    for (int i = 0; i < 7; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static void
twin_pageview(struct gl_visit *v, struct gl_row *row, int64_t window_ms)
{
    int seen_one = v->pageviews > 0;

    if (seen_one && v->exit_host == row->host && v->exit_path == row->path) {
        int within =
            row->at_ms - v->start_ms - v->viewed[0].after_ms < window_ms;

        v->refreshes++;
        row->mark = within ? 3 : 1;
        v->pageviews += !within;
    } else {
        v->pageviews++;
    }
    if (!seen_one) {
        v->entry_host = row->host;
        v->entry_path = row->path;
    }
    v->exit_host = row->host;
    v->exit_path = row->path;
    v->last_ms = row->at_ms;
    v->viewed[0].after_ms = (uint32_t) (row->at_ms - v->start_ms);
}

static void
twin_fold(struct twin *t, const struct world *w)
{
    struct gl_visit *v = NULL;

    memcpy(t->rows, w->rows, w->n * sizeof *t->rows);
    qsort(t->rows, w->n, sizeof *t->rows, twin_order);
    t->n = 0;
    for (size_t i = 0; i < w->n; i++) {
        struct gl_row *row = &t->rows[i];
        int goes_on = v != NULL && v->visitor == row->visitor &&
                      v->server == row->server &&
                      row->at_ms <= v->seen_ms + 30 * MINUTE &&
                      row->at_ms <= v->start_ms + 24 * 60 * MINUTE;

        row->mark = 0;
        if (!goes_on && row->kind == GL_ENGAGEMENT) {
            row->mark = 2;
            continue;
        }
        if (!goes_on) {
            v = &t->visits[t->n++];
            memset(v, 0, sizeof *v);
            v->id = row->id;
            v->visitor = row->visitor;
            v->server = row->server;
            v->start_ms = row->at_ms;
        }
        v->seen_ms = row->at_ms;
        if (row->kind == GL_PAGEVIEW) {
            twin_pageview(v, row, w->rules.refresh_window_ms);
        } else if (row->kind == GL_CUSTOM) {
            v->events++;
            v->interactive += !row->passive;
            v->last_ms = row->at_ms;
        } else {
            v->engagement_ms += row->engagement_ms;
        }
    }
}

/* ---- making events ---- */

static struct gl_row
random_event(int64_t now_ms, uint64_t visitors)
{
    struct gl_row row = {.at_ms = now_ms,
                         .visitor = 1 + tap_below(visitors),
                         .host = 1,
                         .path = 1 + (uint32_t) tap_below(3),
                         .server = tap_below(10) == 0};
    uint64_t kind = tap_below(10);

    row.kind = kind < 6 ? GL_PAGEVIEW : kind < 8 ? GL_CUSTOM : GL_ENGAGEMENT;
    row.passive = row.kind == GL_CUSTOM && tap_below(3) == 0;
    row.engagement_ms =
        row.kind == GL_ENGAGEMENT ? (uint32_t) tap_below(9000) : 0;
    return row;
}

/* Throw the site away and make it again from what would be on disk. */
static void
rebuild(struct world *w, int64_t now_ms)
{
    struct twin *t = malloc(sizeof *t);
    int64_t from = INT64_MAX;
    int visits = 0;

    gl_site_expire(w->site, now_ms, closed, w);
    gl_site_free(w->site);
    w->site = gl_site_new(&words, &w->rules, 0, GL_DAY_MS,
                          now_ms - GL_VISIT_KEPT_MS);
    twin_fold(t, w);
    for (size_t i = 0; i < t->n; i++) {
        int known = 0;

        visits += t->visits[i].start_ms < GL_DAY_MS;
        for (size_t j = 0; j < w->done_n; j++)
            known |= w->done[j].id == t->visits[i].id;
        if (known)
            continue;
        gl_site_restore_visit(w->site, &t->visits[i]);
        if (t->visits[i].id < from)
            from = t->visits[i].id;
    }
    gl_site_recount(w->site, 0, visits, 0);
    for (size_t i = 0; i < w->n; i++)
        if (w->rows[i].id >= from || w->rows[i].at_ms < GL_DAY_MS)
            gl_site_replay(w->site, &w->rows[i]);
    free(t);
}

/* ---- checks ---- */

static int
visitor_was_late(const struct world *w, const struct gl_visit *v)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->late[i] && w->rows[i].visitor == v->visitor &&
            w->rows[i].server == v->server)
            return 1;
    return 0;
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
           a->entry_host == b->entry_host && a->entry_path == b->entry_path &&
           a->exit_host == b->exit_host && a->exit_path == b->exit_path;
}

/* Visits and marks of every visitor without a late event equal the twin's. */
static size_t
differences(struct world *w)
{
    struct twin *t = malloc(sizeof *t);
    size_t wrong = 0, counted = 0;

    gl_site_expire(w->site, INT64_MAX / 2, closed, w);
    twin_fold(t, w);
    for (size_t i = 0; i < t->n; i++) {
        size_t hits = 0;

        if (visitor_was_late(w, &t->visits[i]))
            continue;
        counted++;
        for (size_t j = 0; j < w->done_n; j++)
            hits += same_visit(&t->visits[i], &w->done[j]);
        wrong += hits != 1;
    }
    for (size_t j = 0; j < w->done_n; j++)
        counted -= !visitor_was_late(w, &w->done[j]);
    wrong += counted != 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct gl_row *row = &t->rows[i];
        struct gl_visit owner = {.visitor = row->visitor,
                                 .server = row->server};

        wrong += row->mark != w->rows[row->id - 1].mark &&
                 !visitor_was_late(w, &owner);
    }
    free(t);
    return wrong;
}

/* Trial: random gaps, usually of up to STEP_MS; some events held back for
 * LATE_MS; some rebuilds.  Two of one millisecond, whose order is no order,
 * only where steps are that small. */
static struct world *
trial(uint64_t step_ms, int64_t late_ms, unsigned rebuild_one_in, size_t n)
{
    struct world *w = world_new(tap_below(2) ? 20000 : 0);
    int64_t now_ms = 20 * 60 * MINUTE; /* midnight UTC comes by */
    uint64_t visitors = 1 + tap_below(40);

    for (size_t i = 0; i < n; i++) {
        struct gl_row row;

        now_ms +=
            (int64_t) tap_below(tap_below(8) == 0 ? 40 * MINUTE : step_ms) +
            (step_ms >= 1000);
        row = random_event(now_ms, visitors);
        if (late_ms > 0 && tap_below(12) == 0)
            row.at_ms -= (int64_t) tap_below((uint64_t) late_ms);
        arrive(w, row);
        if (rebuild_one_in > 0 && tap_below(rebuild_one_in) == 0)
            rebuild(w, now_ms);
        else if (tap_below(5) == 0)
            gl_site_expire(w->site, now_ms, closed, w);
    }
    return w;
}

static void
live_fold_is_the_twin(void)
{
    size_t wrong = 0, late = 0, visits = 0;

    for (int i = 0; i < 60; i++) {
        struct world *w = trial(8000, 0, 0, 500);

        wrong += differences(w);
        visits += w->done_n;
        for (size_t j = 0; j < w->n; j++)
            late += w->late[j];
        world_free(w);
    }
    tap_int((int64_t) wrong, 0, "in order: visits and marks equal the twin's");
    tap_int((int64_t) late, 0, "in order: nothing is late");
    tap_ok(visits > 1000, "visits were made");
}

static void
late_is_said_so(void)
{
    size_t wrong = 0, late = 0;

    for (int i = 0; i < 60; i++) {
        struct world *w = trial(i % 2 ? 8000 : 3, 90 * MINUTE, 0, 300);

        wrong += differences(w);
        for (size_t j = 0; j < w->n; j++)
            late += w->late[j];
        world_free(w);
    }
    tap_int((int64_t) wrong, 0,
            "out of order: who was not said to be late is exact");
    tap_ok(late > 100, "some were late");
}

/* Two workers: each event up to 50 ms behind newer ones.  Only pageviews, and
 * what would be a visit's first event, may be late. */
static void
a_little_out_of_order(void)
{
    size_t wrong = 0, late = 0, engagements = 0;

    for (int i = 0; i < 60; i++) {
        struct world *w = trial(60, 50, 0, 300);

        wrong += differences(w);
        for (size_t j = 0; j < w->n; j++) {
            late += w->late[j];
            engagements += w->late[j] && w->rows[j].kind == GL_ENGAGEMENT;
        }
        world_free(w);
    }
    tap_int((int64_t) wrong, 0,
            "a little out of order: who was not said to be late is exact");
    tap_int((int64_t) engagements, 0,
            "a little out of order: no engagement is late");
    tap_diag("a little out of order: %zu late of 18,000", late);
}

/* Many events of a visitor in one millisecond. */
static void
crowded_milliseconds(void)
{
    size_t wrong = 0, late = 0;

    for (int i = 0; i < 60; i++) {
        struct world *w = trial(2, 0, i % 2 ? 40 : 0, 300);

        wrong += differences(w);
        for (size_t j = 0; j < w->n; j++)
            late += w->late[j];
        world_free(w);
    }
    tap_int((int64_t) wrong, 0,
            "same millisecond: who was not said to be late is exact");
    tap_diag("same millisecond: %zu late", late);
}

static void
rebuilds_change_nothing(void)
{
    size_t wrong = 0;

    for (int i = 0; i < 40; i++) {
        struct world *w = trial(8000, 0, 50, 400);

        wrong += differences(w);
        world_free(w);
    }
    tap_int((int64_t) wrong, 0, "rebuilds at random moments change nothing");
}

/* ---- slow path ---- */

static void
collect(void *arg, const struct gl_visit *visit, size_t first, size_t last)
{
    struct world *w = arg;

    (void) first;
    (void) last;
    w->done[w->done_n++] = *visit;
}

static void
slow_path_is_the_twin(void)
{
    size_t wrong = 0;

    for (int i = 0; i < 40; i++) {
        struct world *w = trial(i % 2 ? 8000 : 3, 90 * MINUTE, 0, 400);
        struct twin *t = malloc(sizeof *t);

        twin_fold(t, w);
        w->done_n = 0;
        gl_fold_sort(w->rows, w->n, &words);
        gl_fold(w->rows, w->n, &w->rules, collect, w);
        wrong += w->done_n != t->n;
        for (size_t j = 0; j < t->n && j < w->done_n; j++)
            wrong += !same_visit(&t->visits[j], &w->done[j]);
        for (size_t j = 0; j < w->n; j++)
            wrong += w->rows[j].mark != t->rows[j].mark;
        free(t);
        world_free(w);
    }
    tap_int((int64_t) wrong, 0, "slow path: visits and marks are the twin's");
}

/* ---- live numbers ---- */

static int
last_is_right(const struct world *w, const struct gl_live_numbers *got)
{
    int64_t last_ms = 0;

    for (size_t i = 0; i < w->n; i++)
        if (w->rows[i].kind != GL_ENGAGEMENT && w->rows[i].at_ms > last_ms)
            last_ms = w->rows[i].at_ms;
    return got->last_ms == last_ms;
}

static void
live_numbers_are_counted(void)
{
    struct world *w = world_new(0);
    int64_t now_ms = 10 * 60 * MINUTE;
    size_t wrong = 0, wrong_last = 0;

    for (size_t i = 0; i < 3000; i++) {
        struct gl_live_numbers got;
        uint32_t visitors = 0, minute = 0, today = 0;
        uint8_t active[64] = {0};

        now_ms += (int64_t) tap_below(9000);
        arrive(w, random_event(now_ms, 60));
        if (i % 100 == 50)
            rebuild(w, now_ms);
        if (i % 10 != 0)
            continue;
        gl_site_live(w->site, now_ms, &got);
        for (size_t j = 0; j < w->n; j++) {
            const struct gl_row *row = &w->rows[j];

            if (row->kind != GL_ENGAGEMENT &&
                row->at_ms / 1000 > now_ms / 1000 - 300)
                active[row->visitor] |= row->server ? 2 : 1;
            minute += row->kind == GL_PAGEVIEW &&
                      row->at_ms / MINUTE == now_ms / MINUTE - 1;
            today += row->kind == GL_PAGEVIEW && row->at_ms < GL_DAY_MS;
        }
        for (int v = 0; v < 64; v++)
            visitors += (active[v] & 1) + (active[v] >> 1);
        wrong += visitors != got.visitors;
        wrong += minute != got.pageviews_30m[GL_LIVE_MINUTES - 2];
        wrong += today != got.today_pageviews;
        wrong_last += !last_is_right(w, &got);
    }
    tap_int((int64_t) wrong, 0, "live numbers equal a plain count of rows");
    tap_int((int64_t) wrong_last, 0,
            "so do the newest event and the windows before it");
    world_free(w);
}

int
main(void)
{
    live_fold_is_the_twin();
    late_is_said_so();
    a_little_out_of_order();
    crowded_milliseconds();
    rebuilds_change_nothing();
    slow_path_is_the_twin();
    live_numbers_are_counted();
    return tap_done();
}
