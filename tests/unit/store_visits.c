/*
 * Rows and visits are found through day_rows as a plain scan of the whole
 * table would find them: random days, sites and order, spans that begin and
 * end anywhere.  Opening, closing and making visits again writes what was
 * said.
 */

#include <stdio.h>
#include <string.h>

#include "count/count.h"
#include "store/account/accounts.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"
#include "store/site/sites.h"
#include "store_probe.h"

#define ROWS 6000
#define SITES 4
#define DAYS 5

struct sum {
    int64_t n, ids, last_id;
    int backwards;
};

static int
add_row(void *arg, const struct gl_row *row)
{
    struct sum *sum = arg;
    sum->n++;
    sum->ids += row->id * (int64_t) (row->host + 1);
    sum->backwards += row->id <= sum->last_id;
    sum->last_id = row->id;
    return 0;
}

static int
add_visit(void *arg, const struct gl_visit *visit, int open)
{
    struct sum *sum = arg;
    sum->n++;
    sum->ids += visit->id * (open + 1) + visit->pageviews;
    return 0;
}

/* Rows of SITES sites; each third a visit, each sixth closed; mostly in order
 * of time, sometimes days away. */
static void
fill(struct gl_account *account)
{
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    for (int i = 0; i < ROWS; i++) {
        int64_t at_ms = PROBE_DAY * GL_DAY_MS + i * (DAYS * GL_DAY_MS / ROWS);
        if (tap_below(20) == 0)
            at_ms = PROBE_DAY * GL_DAY_MS +
                    (int64_t) tap_below(DAYS * (uint64_t) GL_DAY_MS);
        struct gl_store_event event =
            probe_event(at_ms, (tap_random() & 0xff) + 1);
        event.site = i % 2000 < 1000 || tap_below(150) == 0
                         ? (int64_t) tap_below(SITES) + 1
                         : SITES; /* the others are lonely there */
        event.host = (uint32_t) tap_below(3);
        struct gl_visit visit = {.visitor = event.visitor,
                                 .start_ms = at_ms,
                                 .last_ms = at_ms,
                                 .seen_ms = at_ms,
                                 .pageviews = (uint32_t) i};
        int rc = gl_account_next_id(account, &visit.id);
        if (rc == 0 && i % 3 == 0)
            rc = gl_account_open_visit(account, &visit, &event);
        if (rc == 0)
            rc = gl_account_insert(account, &event);
        if (rc == 0 && i % 6 == 0)
            rc = gl_account_close_visit(account, &visit) - 1;
        if (rc != 0)
            tap_bail("fill: %s", gl_account_why(account));
        if (i % 500 == 499) {
            gl_file_commit(gl_account_file(account));
            gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
        }
    }
    gl_file_commit(gl_account_file(account));
}

static int64_t
ask(const char *file, const char *what, const char *table, int64_t site,
    int64_t from, int64_t to, const char *at)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT coalesce(%s, 0) FROM %s WHERE site = %d AND %s >= %lld "
             "AND %s < %lld",
             what, table, (int) site, at, (long long) from, at,
             (long long) to);
    return probe_int(file, sql);
}

static int64_t
some_time(void)
{
    return (PROBE_DAY - 1) * GL_DAY_MS +
           (int64_t) tap_below((DAYS + 2) * (uint64_t) GL_DAY_MS);
}

static void
test_spans(const char *file, struct gl_account *account)
{
    int wrong = 0, backwards = 0;
    for (int i = 0; i < 60; i++) {
        int64_t site = (int64_t) tap_below(SITES) + 1;
        int64_t from = some_time(), to = some_time();
        struct sum rows = {0}, visits = {0};
        uint32_t n = 0;
        wrong += gl_account_rows(account, site, from, to, add_row, &rows) != 0;
        wrong += gl_account_visits(account, site, from, to, 0, add_visit,
                                   &visits) != 0;
        wrong += gl_account_count_visits(account, site, from, to, &n) != 0;
        backwards += rows.backwards;
        wrong +=
            rows.n != ask(file, "count(*)", "events", site, from, to, "at");
        wrong += rows.ids != ask(file, "sum(id * (coalesce(host, 0) + 1))",
                                 "events", site, from, to, "at");
        wrong +=
            n != ask(file, "count(*)", "sessions", site, from, to, "start");
        wrong += visits.n != n;
        wrong += visits.ids != ask(file,
                                   "sum(id * (open + 1) + "
                                   "coalesce(pageviews, 0))",
                                   "sessions", site, from, to, "start");
    }
    tap_int(wrong, 0, "60 spans: as a scan of all rows says");
    tap_int(backwards, 0, "always in rowid order");
}

static void
add_rows(struct gl_account *account, int64_t site, int n)
{
    struct gl_store_event event = probe_event(PROBE_AT, 1);
    event.site = site;
    for (int i = 0; i < n; i++)
        if (gl_account_insert(account, &event) != 0)
            tap_bail("insert: %s", gl_account_why(account));
}

static void
drop(struct gl_account *account)
{
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    probe_let_go(account);
}

/* A stretch bridges a few rows of others and no more, over commits too. */
static void
test_stretches(const char *file, struct gl_account *account)
{
    static const char gaps[] =
        "SELECT coalesce(sum(length(gaps)), 0) FROM day_rows WHERE site = 20";
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    add_rows(account, 20, 3);
    add_rows(account, 21, 127);
    add_rows(account, 20, 1);
    gl_file_commit(gl_account_file(account));
    tap_int(probe_int(file, gaps), 0, "127 rows between: one stretch");
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    add_rows(account, 21, 128);
    probe_let_go(account);
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    add_rows(account, 20, 1);
    gl_file_commit(gl_account_file(account));
    tap_int(probe_int(file, gaps), 0, "continued after a rollback");
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    add_rows(account, 21, 128);
    add_rows(account, 20, 1);
    gl_file_commit(gl_account_file(account));
    tap_int(probe_int(file, gaps), 4, "128 rows between: a gap");
}

/* Lonely rows cost a few bytes each, and are found without those between;
 * what is deleted piece by piece leaves the rest where it is. */
static void
test_lonely(const char *file, struct gl_account *account)
{
    struct sum rows = {0};
    for (int i = 0; i < 100; i++) {
        gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
        add_rows(account, 30, 1 + (i == 50));
        add_rows(account, 31, 200);
        gl_file_commit(gl_account_file(account));
        if (i % 7 == 0)
            drop(account);
    }
    tap_int(probe_int(file, "SELECT count(*) FROM day_rows WHERE site = 30"),
            5, "a hundred lonely rows: five spans");
    gl_account_rows(account, 30, 0, INT64_MAX, add_row, &rows);
    tap_int(rows.n + rows.backwards, 101, "all are found, in order");
    struct gl_deleted deleted = {0};
    int steps = 0, wrong = 0;
    for (int64_t left = 101; left > 0 && steps < 200; steps++) {
        gl_account_delete_site(account, 30, 1, &deleted);
        struct sum rest = {0};
        gl_account_rows(account, 30, 0, INT64_MAX, add_row, &rest);
        left -= 1;
        wrong += rest.n != left;
    }
    tap_int(wrong, 0, "deleted one by one: the others stay");
    tap_int(deleted.events, 101, "each was told");
    tap_int(deleted.days, 1, "of the day");
    tap_int(gl_account_any_row(account, 30) +
                gl_account_any_row(account, 31) * 10,
            10, "until there is none");
}

static int
stop_at_third(void *arg, const struct gl_row *row)
{
    (void) row;
    return ++*(int *) arg == 3 ? 42 : 0;
}

static int
count_site(void *arg, int64_t site)
{
    *(int64_t *) arg = *(int64_t *) arg * 10 + site;
    return 0;
}

static int
count_open(void *arg, const struct gl_visit *visit)
{
    *(int64_t *) arg += visit->id + (visit->start_ms == 0);
    return 0;
}

static void
test_lists(const char *file, struct gl_account *account)
{
    int rows = 0;
    int64_t sites = 0, open = 0;
    tap_int(gl_account_rows(account, 1, 0, INT64_MAX, stop_at_third, &rows),
            42, "a scan can be stopped");
    tap_int(rows, 3, "at once");
    gl_account_sites(account, count_site, &sites);
    tap_int(sites, 1234, "the sites that are here");
    sites = 0;
    gl_account_open_sites(account, count_site, &sites);
    tap_int(sites, 1234, "those with open visits");
    gl_account_open_visits(account, 2, count_open, &open);
    tap_int(open,
            probe_int(file, "SELECT sum(id) FROM sessions WHERE "
                            "site = 2 AND open = 1"),
            "open visits of a site");
}

static void
test_delete(const char *file, struct gl_account *account)
{
    int64_t day = PROBE_DAY * GL_DAY_MS;
    int64_t all =
        ask(file, "count(*)", "sessions", 1, day, day + GL_DAY_MS, "start");
    int64_t one =
        ask(file, "min(id)", "sessions", 1, day, day + GL_DAY_MS, "start");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(gl_account_delete_visit(account, 1, day, one), 0,
            "delete a visit");
    gl_file_commit(gl_account_file(account));
    tap_int(
        ask(file, "count(*)", "sessions", 1, day, day + GL_DAY_MS, "start"),
        all - 1, "it went, no other");
}

static const char all_columns[] =
    "SELECT open || ' ' || quote(alias) || last || seen || pageviews || "
    "refreshes || events || interactive || engagement || entry_host || "
    "entry_path || exit_host || quote(exit_path) FROM sessions "
    "WHERE site = 9";

/* A visit from its first event on; *VISIT is what stands in the file. */
static void
test_open(const char *file, struct gl_account *account, struct gl_visit *visit)
{
    struct gl_store_event event = probe_event(PROBE_AT, 77);
    *visit =
        (struct gl_visit){.visitor = 77, .start_ms = PROBE_AT, .server = 1};
    event.site = 9;
    event.referrer = 11, event.agent = 12, event.place = 13;
    event.language = 14, event.screen = 15, event.server = 2;
    event.scroll_depth = 1;
    event.props.n = 2;
    event.props.codes[0].key = event.props.codes[0].value = UINT32_MAX;
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_next_id(account, &visit->id);
    gl_account_open_visit(account, visit, &event);
    gl_account_insert(account, &event);
    event.props.n = event.scroll_depth = 0;
    gl_account_insert(account, &event);
    visit->alias = 88;
    tap_int(gl_account_alias_visit(account, visit), 1, "alias");
    gl_file_commit(gl_account_file(account));
    tap_str(probe_text(file, "SELECT group_concat(quote(props) || "
                             "quote(scroll_depth)) FROM events "
                             "WHERE site = 9"),
            "'{\"4294967295\":4294967295,\"0\":0}'0,NULLNULL",
            "what one row has the next has not");
    tap_str(probe_text(file, "SELECT visitor || ' ' || alias || server || "
                             "referrer || agent || place || language || "
                             "screen || open FROM sessions WHERE site = 9"),
            "77 881"
            "11"
            "12"
            "13"
            "14"
            "15"
            "1",
            "an open visit");
}

static void
test_close(const char *file, struct gl_account *account,
           struct gl_visit *visit)
{
    int64_t id = visit->id;
    *visit = (struct gl_visit){.id = id,
                               .visitor = 77,
                               .start_ms = PROBE_AT,
                               .last_ms = 1,
                               .seen_ms = 2,
                               .pageviews = 3,
                               .refreshes = 4,
                               .events = 5,
                               .interactive = 6,
                               .engagement_ms = 7000000000, /* > 2^32 */
                               .entry_host = 8,
                               .entry_path = 9,
                               .exit_host = 10};
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(gl_account_close_visit(account, visit), 1, "close");
    visit->id = 999999;
    tap_int(gl_account_close_visit(account, visit), 0, "nothing to close");
    gl_file_commit(gl_account_file(account));
    tap_str(probe_text(file, all_columns), "0 NULL12345670000000008910NULL",
            "a closed one");
    visit->id = id;
}

static void
test_put(const char *file, struct gl_account *account, struct gl_visit *visit)
{
    visit->pageviews = 8;
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(gl_account_put_visit(account, 9, visit, 0), 0, "make it again");
    gl_account_set_mark(account, 9, visit->start_ms, visit->id,
                        GL_MARK_REFRESH);
    gl_file_commit(gl_account_file(account));
    tap_str(probe_text(file, all_columns), "0 NULL12845670000000008910NULL",
            "as said");
    tap_int(probe_int(file, "SELECT referrer || agent || screen FROM sessions "
                            "WHERE site = 9"),
            111215, "with the attributes of its first event");
    tap_int(probe_int(file, "SELECT mark FROM events WHERE site = 9"), 1,
            "marked");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_put_visit(account, 9, visit, 1);
    gl_file_commit(gl_account_file(account));
    tap_int(probe_int(file, "SELECT open + (last IS NULL) FROM sessions "
                            "WHERE site = 9"),
            2, "open again");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(gl_account_put_visit(account, 8, visit, 0), -GL_STORE_DATA,
            "no visit without its first event");
    probe_let_go(account);
}

int
main(void)
{
    const char *data = tap_dir();
    const char *file = probe_file(data);
    struct gl_account *account;
    struct gl_visit visit;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    fill(account);
    test_spans(file, account);
    test_lists(file, account);
    test_delete(file, account);
    test_stretches(file, account);
    test_lonely(file, account);
    test_open(file, account, &visit);
    test_close(file, account, &visit);
    test_put(file, account, &visit);
    gl_accounts_free(pool);
    return tap_done();
}
