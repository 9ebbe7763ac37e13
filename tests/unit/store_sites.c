/*
 * A site can be moved to another account's file and deleted from the first:
 * after it every row says the same words, whatever the codes, and other sites
 * are as before.  Each step may be followed by a crash and begun again.
 */

#include <stdio.h>
#include <string.h>

#include "count/count.h"
#include "store/account/accounts.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"
#include "store/rows/visits.h"
#include "store/site/copy.h"
#include "store/site/sites.h"
#include "store/words/words.h"
#include "store_probe.h"

#define ROWS 25000 /* three steps */
#define STEP 10000
#define OTHER_ID "bbbbbbbbbbbb"

static const struct gl_store_bot google = {"bot_agent", "G", "", "", "", ""};

/* The rows of a site in words: what must be the same before and after. */
static const char events_sql[] =
    "SELECT group_concat(line, x'0a') FROM (SELECT quote(at) || kind || "
    "quote(visitor) || quote(mark) || quote(hosts.text) || quote(paths.text) "
    "|| quote(referrers.source) || quote(browser) || quote(country) || "
    "quote(names.text) || quote(titles.text) || quote(languages.text) || "
    "quote(screens.text) || quote(scroll_depth) || quote(engagement) || "
    "quote(server) || quote(passive) || quote(evidence) || quote(amount) || "
    "quote(currency) || quote((SELECT group_concat(key || value) FROM "
    "(SELECT key, value FROM event_props p WHERE p.id = events.id ORDER BY "
    "key))) AS line FROM events "
    "LEFT JOIN hosts ON hosts.code = host LEFT JOIN paths ON paths.code = "
    "path "
    "LEFT JOIN referrers ON referrers.code = events.referrer "
    "LEFT JOIN agents ON agents.code = agent "
    "LEFT JOIN places ON places.code = place "
    "LEFT JOIN names ON names.code = name "
    "LEFT JOIN titles ON titles.code = title "
    "LEFT JOIN languages ON languages.code = language "
    "LEFT JOIN screens ON screens.code = screen "
    "WHERE site = 7 AND at / 20000 % 1201 = 0 ORDER BY events.id)";
static const char visits_sql[] =
    "SELECT group_concat(line, x'0a') FROM (SELECT quote(visitor) || "
    "quote(start) || quote(open) || quote(pageviews) || quote(paths.text) || "
    "quote(referrers.source) || quote(screens.text) AS line FROM sessions "
    "LEFT JOIN paths ON paths.code = entry_path "
    "LEFT JOIN referrers ON referrers.code = sessions.referrer "
    "LEFT JOIN screens ON screens.code = screen "
    "WHERE site = 7 AND start / 20000 % 211 = 0 ORDER BY sessions.id)";
/* All of them, and what changes. */
static const char all_visits[] =
    "SELECT count(*) || ' ' || sum(open) || ' ' || sum(pageviews * (start % "
    "1009)) FROM sessions WHERE site = 7";
static const char counts_sql[] =
    "SELECT (SELECT count(*) FROM events WHERE site = 7) || ' ' || "
    "(SELECT count(*) FROM sessions WHERE site = 7) || ' ' || "
    "(SELECT sum(n) FROM bots WHERE site = 7) || ' ' || "
    "(SELECT sum(n) FROM drops WHERE site = 7) || ' ' || "
    "(SELECT sum(day) FROM dirty_days WHERE site = 7) || ' ' || "
    "(SELECT sum(lines) FROM imports WHERE site = 7) || ' ' || "
    "(SELECT sum(n) FROM new_words WHERE site = 7)";

static void
check(int rc, struct gl_account *account)
{
    if (rc != 0)
        tap_bail("%s", gl_account_why(account));
}

static uint32_t
word(struct gl_account *account, enum gl_word kind, const char *text, int n)
{
    char numbered[64];
    uint32_t code = 0;
    snprintf(numbered, sizeof numbered, "%s%d", text, n);
    check(gl_account_word(account, kind, PROBE_SITE, PROBE_DAY,
                          probe_word(numbered), &code),
          account);
    return code;
}

static void
add(struct gl_account *account, int64_t site, int i)
{
    struct gl_store_event event = probe_event(PROBE_AT + i * 20000, 5);
    struct gl_store_referrer from = {.source = probe_word("Google"),
                                     .channel = probe_word("Organic Search")};
    struct gl_store_agent agent = {.browser = probe_word("Firefox")};
    struct gl_store_place place = {.country = probe_word("DE")};
    struct gl_prop props[] = {{probe_word(i % 2 ? "plan" : "tier"),
                               probe_word(i % 3 ? "pro" : "basic")},
                              {probe_word("empty"), {0}}};
    event.site = site;
    event.host = word(account, GL_WORD_HOST, "host", i % 2);
    event.path = word(account, GL_WORD_PATH, "/", i % 3000);
    event.screen = word(account, GL_WORD_SCREEN, "s", i % 7);
    if (i % 5 == 0) {
        event.kind = GL_CUSTOM;
        event.passive = 1;
        event.name = word(account, GL_WORD_NAME, "name", i % 3);
        gl_account_props(account, site, PROBE_DAY, props, 2, &event.props);
        event.amount = probe_word("1.50");
        event.currency = probe_word("EUR");
        event.scroll_depth = 1;
        event.mark = GL_MARK_REFRESH;
        event.title = word(account, GL_WORD_TITLE, "t", i % 11);
        event.language = word(account, GL_WORD_LANGUAGE, "l", i % 11);
        gl_account_referrer(account, site, PROBE_DAY, &from, &event.referrer);
        gl_account_agent(account, site, PROBE_DAY, &agent, &event.agent);
        gl_account_place(account, site, PROBE_DAY, &place, &event.place);
    }
    struct gl_visit visit = {.visitor = 5,
                             .start_ms = event.at_ms,
                             .pageviews = (uint32_t) i,
                             .entry_path = event.path};
    check(gl_account_next_id(account, &visit.id), account);
    if (i % 4 == 0)
        check(gl_account_open_visit(account, &visit, &event), account);
    check(gl_account_insert(account, &event), account);
    if (i % 8 == 0)
        gl_account_close_visit(account, &visit);
}

static void
fill(struct gl_account *account)
{
    struct gl_store_import import = {
        .hash = "abc", .site = PROBE_SITE, .lines = 12, .at_ms = 1};
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    for (int i = 0; i < ROWS; i++) {
        add(account, PROBE_SITE, i);
        if (i % 10 == 0)
            add(account, 8, i);
    }
    check(gl_account_add_bot(account, 7, 1, &google, 3), account);
    check(gl_account_add_bot(account, 7, 1, &google, 4), account);
    check(gl_account_add_bot(account, 8, 1, &google, 100), account);
    check(gl_account_add_drop(account, 7, 1, probe_word("prefetch"), 2),
          account);
    check(gl_account_add_dirty(account, 7, 20000), account);
    check(gl_account_add_dirty(account, 7, 20000), account);
    check(gl_account_put_import(account, &import), account);
    check(gl_file_commit(gl_account_file(account)), account);
}

/* All steps of a copy; stop early after STEPS. */
static int
copy(struct gl_account *to, struct gl_account *from, int steps)
{
    struct gl_copy *copy = gl_copy_new(to, from, PROBE_SITE);
    int rc = 1, n = 0;
    while (rc == 1 && n < steps) {
        rc = gl_copy_step(copy, STEP);
        n++;
    }
    if (rc == 0)
        rc = gl_copy_finish(copy);
    gl_copy_free(copy);
    if (rc < 0)
        tap_bail("copy: %s", gl_account_why(to));
    return n;
}

static const char rows_sql[] = "SELECT count(*) FROM events WHERE site = 7";
static const char days_sql[] =
    "SELECT count(DISTINCT day) FROM day_rows WHERE site = 7";

/* By delete_all(). */
static struct gl_deleted deleted;

static int
delete_all(struct gl_account *account)
{
    int rc, n = 0;
    deleted = (struct gl_deleted){0};
    while ((rc = gl_account_delete_site(account, PROBE_SITE, STEP,
                                        &deleted)) == 1)
        n++;
    check(rc, account);
    return n;
}

/* Two of the bots of SITE 7 more. */
static void
add_bots(struct gl_account *account)
{
    check(gl_file_begin(gl_account_file(account), GL_COMMIT_FULL), account);
    check(gl_account_add_bot(account, 7, 1, &google, 2), account);
    check(gl_file_commit(gl_account_file(account)), account);
}

/* Whether either has all rows of the other: "left right". */
static void
test_covers(struct gl_account *left, struct gl_account *right,
            const char *want, const char *when)
{
    char got[16];
    snprintf(got, sizeof got, "%d %d",
             gl_account_covers(left, right, PROBE_SITE),
             gl_account_covers(right, left, PROBE_SITE));
    tap_str(got, want, "who has all: %s", when);
}

static void
test_move(const char *file, const char *other_file, struct gl_account *from,
          struct gl_account *to)
{
    static char events[4096], visits[4096], counts[256];
    snprintf(events, sizeof events, "%s", probe_text(file, events_sql));
    snprintf(visits, sizeof visits, "%s", probe_text(file, visits_sql));
    snprintf(counts, sizeof counts, "%s", probe_text(file, counts_sql));
    /* The receiving file has words of its own, so all codes differ. */
    gl_file_begin(gl_account_file(to), GL_COMMIT_LATER);
    for (int i = 0; i < 500; i++)
        add(to, 8, 4000 - i * 7);
    gl_file_commit(gl_account_file(to));

    struct gl_deleted some = {0};
    test_covers(from, to, "1 0", "before a copy");
    copy(to, from, 2);
    test_covers(from, to, "1 0", "a copy was cut short");
    int64_t rows = probe_int(other_file, rows_sql);
    int64_t days = probe_int(other_file, days_sql);
    tap_ok(delete_all(to) > 0, "a copy that crashed is deleted");
    tap_int(deleted.events, rows, "each of its events is counted");
    tap_int(deleted.days, days, "each day, too");
    tap_ok(rows > STEP && days > 1, "which were many");
    tap_str(probe_text(other_file, "SELECT count(*) || (SELECT count(*) FROM "
                                   "day_rows WHERE site = 7) FROM events"),
            "5000", "in full, and nothing else");
    tap_int(copy(to, from, 100), 3, "the copy takes three steps");
    tap_str(probe_text(other_file, events_sql), events, "same events");
    tap_str(probe_text(other_file, visits_sql), visits, "same visits");
    tap_str(probe_text(other_file, counts_sql), counts, "same counts: %s",
            counts);
    test_covers(from, to, "1 1", "a copy is complete");
    tap_int(gl_account_delete_site(from, PROBE_SITE, STEP, &some), 1,
            "delete some of it");
    test_covers(from, to, "0 1", "some was deleted where it came from");
    tap_ok(delete_all(from) > 0, "delete what was moved");
    tap_int(probe_int(file, "SELECT count(*) FROM events WHERE site = 7"), 0,
            "no events are left");
    tap_int(probe_int(file, "SELECT count(*) FROM sessions WHERE site = 7"), 0,
            "no visits");
    tap_int(probe_int(file, "SELECT count(*) FROM events"), ROWS / 10,
            "the other site's rows are");
    tap_int(probe_int(file, "SELECT sum(n) FROM bots"), 100, "its bots too");
}

struct open {
    int64_t ids[ROWS];
    size_t n;
};

static int
note_open(void *arg, const struct gl_visit *visit)
{
    struct open *open = arg;
    open->ids[open->n++] = visit->id;
    return 0;
}

/* Any N of OPEN are over. */
static void
close_some(struct gl_account *account, struct open *open, size_t n)
{
    struct gl_visit visit = {.visitor = 5, .entry_path = 1};
    for (; n > 0 && open->n > 0; n--) {
        size_t at = (size_t) tap_below((uint32_t) open->n);
        visit.id = open->ids[at];
        visit.pageviews++;
        open->ids[at] = open->ids[--open->n];
        gl_account_close_visit(account, &visit);
    }
}

/* The copy goes on while rows come and visits are closed. */
static void
test_meanwhile(const char *file, const char *other_file,
               struct gl_account *from, struct gl_account *to)
{
    static char events[4096], visits[4096];
    static struct open open;
    struct gl_copy *copy = gl_copy_new(from, to, PROBE_SITE);
    int steps = 0, rc = 1;
    gl_account_open_visits(to, PROBE_SITE, note_open, &open);
    for (; rc == 1 && steps < 1000; steps++) {
        check(gl_file_begin(gl_account_file(to), GL_COMMIT_FULL), to);
        add(to, PROBE_SITE, 30000 + steps);
        close_some(to, &open, 40);
        check(gl_file_commit(gl_account_file(to)), to);
        rc = gl_copy_step(copy, 500);
    }
    check(rc, from);
    tap_ok(steps > 50 && open.n > 900, "%d steps, %zu visits stay open", steps,
           open.n);
    check(gl_copy_finish(copy), from);
    gl_copy_free(copy);
    snprintf(events, sizeof events, "%s", probe_text(other_file, events_sql));
    snprintf(visits, sizeof visits, "%s", probe_text(other_file, all_visits));
    tap_str(probe_text(file, events_sql), events, "same events again");
    tap_str(probe_text(file, all_visits), visits, "visits as they are: %s",
            visits);
    test_covers(from, to, "1 1", "all came along");
}

static int
sum_ids(void *arg, const struct gl_row *row)
{
    *(int64_t *) arg += row->id;
    return 0;
}

static void
test_after(const char *file, struct gl_account *to)
{
    int64_t sum = 0;
    gl_account_rows(to, PROBE_SITE, 0, INT64_MAX, sum_ids, &sum);
    tap_int(sum, probe_int(file, "SELECT sum(id) FROM events WHERE site = 7"),
            "all moved rows are found by day");
    gl_file_begin(gl_account_file(to), GL_COMMIT_FULL);
    add(to, PROBE_SITE, 3);
    gl_file_commit(gl_account_file(to));
    sum = 0;
    gl_account_rows(to, PROBE_SITE, 0, INT64_MAX, sum_ids, &sum);
    tap_int(sum, probe_int(file, "SELECT sum(id) FROM events WHERE site = 7"),
            "and the next one");
}

/* Rows of their own on both sides, and counts. */
static void
test_apart(struct gl_account *from, struct gl_account *to)
{
    add_bots(from);
    test_covers(from, to, "0 1", "two bots, where the other has seven");
    for (int i = 0; i < 3; i++)
        add_bots(from);
    test_covers(from, to, "0 0", "eight, where the other has seven");
    add_bots(to);
    test_covers(from, to, "0 1", "nine again");
    gl_file_begin(gl_account_file(from), GL_COMMIT_FULL);
    add(from, PROBE_SITE, 1);
    add(from, PROBE_SITE, 1);
    gl_file_commit(gl_account_file(from));
    test_covers(from, to, "0 0", "one event twice");
}

int
main(void)
{
    char other_file[512];
    const char *data = tap_dir();
    struct gl_account *from, *to;
    struct gl_accounts *pool = probe_pool(data, 0, &from);
    check(gl_accounts_create(pool, OTHER_ID), from);
    to = gl_accounts_get(pool, OTHER_ID);
    snprintf(other_file, sizeof other_file, "%s/acct/%s.db", data, OTHER_ID);
    fill(from);
    test_move(probe_file(data), other_file, from, to);
    test_after(other_file, to);
    test_meanwhile(probe_file(data), other_file, from, to);
    delete_all(from);
    test_apart(from, to);
    gl_accounts_free(pool);
    return tap_done();
}
