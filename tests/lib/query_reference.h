/*
 * The slow, obvious answer: what happened as two plain tables of texts, visits
 * made by one loop over each person's events, and one SQL statement for each
 * kind of sum; part of unit/query_exact.c.  Nothing of the engine is used.
 */

#include "question/question.h"
#include "store/db/db.h"

static sqlite3 *reference;

static void
run_sql(const char *sql)
{
    char *why = NULL;

    if (sqlite3_exec(reference, sql, NULL, NULL, &why) != SQLITE_OK)
        tap_bail("%s: %s", why, sql);
}

static void
open_reference(void)
{
    if (sqlite3_open(":memory:", &reference) != SQLITE_OK)
        tap_bail("no SQLite");
    run_sql("PRAGMA case_sensitive_like = 1;"
            "CREATE TABLE v (visit INTEGER PRIMARY KEY, visitor, start, "
            "seconds, views, bounced, entry_page, exit_page, entry_host, "
            "exit_host, referrer, source, channel, utm_source, utm_medium, "
            "utm_campaign, utm_content, utm_term, browser, browser_version, "
            "os, os_version, device, screen, country, region, city, "
            "language);"
            "CREATE TABLE e (visit, at, viewed, page, host, name, plan, "
            "size, currency, amount, ms, depth); CREATE INDEX e_visit ON e "
            "(visit);"
            "CREATE TABLE b (bucket, since, until)");
}

/* ---- visits, by one loop ---- */

/* A word as text: 0 = none. */
#define TEXT(list, at) ((at) == 0 ? "" : (list)[(at) -1])

static int
rank(const struct happened *h)
{
    return h->row.kind == GL_ENGAGEMENT ? 0 : h->row.kind;
}

/* By person, then as counting sorts events. */
static int
by_person(const void *left, const void *right)
{
    const struct happened *a = left, *b = right;
    int order;

    if (a->imported != b->imported)
        return a->imported - b->imported;
    if (a->row.visitor != b->row.visitor)
        return a->row.visitor < b->row.visitor ? -1 : 1;
    if (a->row.at_ms != b->row.at_ms)
        return a->row.at_ms < b->row.at_ms ? -1 : 1;
    if (rank(a) != rank(b))
        return rank(a) - rank(b);
    if ((order = strcmp(TEXT(hosts, a->more.host),
                        TEXT(hosts, b->more.host))) != 0 ||
        (order = strcmp(TEXT(paths, a->more.path),
                        TEXT(paths, b->more.path))) != 0)
        return order;
    return a->row.id < b->row.id ? -1 : 1;
}

struct sum {
    const struct happened *first, *entry, *exit;
    int64_t seen, last;
    int views, interactive;
};

static void
bind_texts(sqlite3_stmt *put, int at, const char *const *texts, int n)
{
    for (int i = 0; i < n; i++)
        sqlite3_bind_text(put, at + i, texts[i], -1, SQLITE_STATIC);
}

static void
step(sqlite3_stmt *put)
{
    if (sqlite3_step(put) != SQLITE_DONE)
        tap_bail("%s", sqlite3_errmsg(reference));
    sqlite3_reset(put);
}

static void
put_visit(sqlite3_stmt *put, int number, const struct sum *sum)
{
    const struct more *first = &sum->first->more;
    const char *pages[] = {
        sum->entry ? TEXT(paths, sum->entry->more.path) : "",
        sum->exit ? TEXT(paths, sum->exit->more.path) : "",
        sum->entry ? TEXT(hosts, sum->entry->more.host) : "",
        sum->exit ? TEXT(hosts, sum->exit->more.host) : "",
    };
    const char *screen = TEXT(screens, first->screen);
    const char *language = TEXT(languages, first->language);
    const struct gl_row *row = &sum->first->row;

    sqlite3_bind_int(put, 1, number);
    sqlite3_bind_int64(
        put, 2,
        (int64_t) id_at(row->visitor, row->at_ms, sum->first->imported));
    sqlite3_bind_int64(put, 3, row->at_ms);
    sqlite3_bind_int64(put, 4, (sum->last - row->at_ms) / 1000);
    sqlite3_bind_int(put, 5, sum->views);
    sqlite3_bind_int(put, 6, sum->views <= 1 && sum->interactive == 0);
    bind_texts(put, 7, pages, 4);
    bind_texts(put, 11, referrers[first->referrer], 8);
    bind_texts(put, 19, agents[first->agent], 5);
    bind_texts(put, 24, &screen, 1);
    bind_texts(put, 25, places[first->place], 3);
    bind_texts(put, 28, &language, 1);
    step(put);
}

static void
put_event(sqlite3_stmt *put, const struct happened *h)
{
    const char *texts[] = {
        TEXT(paths, h->more.path),
        TEXT(hosts, h->more.host),
        h->row.kind == GL_PAGEVIEW ? "pageview" : TEXT(names, h->more.name),
        TEXT(prop_values, h->more.props[0]),
        TEXT(prop_values, h->more.props[1]),
    };

    if (h->row.server || h->visit == 0 || h->repeat ||
        h->row.kind == GL_ENGAGEMENT)
        return;
    sqlite3_bind_int(put, 1, h->visit);
    sqlite3_bind_int64(put, 2, h->row.at_ms);
    sqlite3_bind_int(put, 3, h->row.kind == GL_PAGEVIEW);
    bind_texts(put, 4, texts, 5);
    sqlite3_bind_text(put, 9,
                      h->more.amount ? currencies[h->more.currency] : "", -1,
                      SQLITE_STATIC);
    sqlite3_bind_int64(
        put, 10, h->more.amount ? amounts[h->more.amount - 1].thousandths : 0);
    sqlite3_bind_int64(put, 11, h->engaged_ms);
    sqlite3_bind_int(put, 12, h->depth);
    step(put);
}

static void
add(struct sum *sum, struct happened *h, int64_t *viewed_ms)
{
    sum->seen = h->row.at_ms;
    if (h->row.kind != GL_ENGAGEMENT)
        sum->last = h->row.at_ms;
    if (h->row.kind == GL_CUSTOM)
        sum->interactive += !h->row.passive;
    if (h->row.kind != GL_PAGEVIEW)
        return;
    h->repeat = sum->exit != NULL && sum->exit->more.host == h->more.host &&
                sum->exit->more.path == h->more.path &&
                h->row.at_ms - *viewed_ms < rules.refresh_window_ms;
    sum->views += !h->repeat;
    *viewed_ms = h->row.at_ms;
    if (sum->entry == NULL)
        sum->entry = h;
    sum->exit = h;
}

/* Engagement number I is of the visit's last pageview of its path. */
static void
tell(struct happened *all, size_t i)
{
    const struct happened *h = &all[i];
    size_t at = i;

    while (at-- > 0) {
        struct happened *viewed = &all[at];

        if (viewed->visit != h->visit || viewed->row.kind != GL_PAGEVIEW ||
            viewed->repeat || viewed->more.path != h->more.path)
            continue;
        if (viewed->more.host == h->more.host) {
            viewed->engaged_ms += h->row.engagement_ms;
            viewed->depth = MAX(viewed->depth, h->more.depth);
        }
        return;
    }
}

/* The visits of one person; the next number for one. */
static int
make_visits(sqlite3_stmt *put, struct happened *all, size_t n, int number)
{
    struct sum sum = {0};
    int64_t viewed_ms = 0;

    for (size_t i = 0; i < n; i++) {
        struct happened *h = &all[i];
        int goes_on = sum.first != NULL &&
                      h->row.at_ms - sum.seen <= 30 * MINUTE &&
                      h->row.at_ms - sum.first->row.at_ms <= GL_DAY_MS;

        h->visit = h->repeat = h->depth = 0;
        h->engaged_ms = 0;
        if (h->row.server || (!goes_on && h->row.kind == GL_ENGAGEMENT))
            continue;
        if (!goes_on) {
            if (sum.first != NULL)
                put_visit(put, number++, &sum);
            sum = (struct sum){.first = h};
        }
        h->visit = number;
        add(&sum, h, &viewed_ms);
        if (h->row.kind == GL_ENGAGEMENT)
            tell(all, i);
    }
    if (sum.first != NULL)
        put_visit(put, number++, &sum);
    return number;
}

static void
fill_reference(const struct life *life)
{
    static struct happened all[2 * EVENTS];
    size_t n = life->happened_n;
    sqlite3_stmt *visit, *event;
    int number = 1;

    memcpy(all, life->happened, n * sizeof *all);
    qsort(all, n, sizeof *all, by_person);
    run_sql("BEGIN; DELETE FROM v; DELETE FROM e");
    sqlite3_prepare_v2(reference,
                       "INSERT INTO v VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
                       "?,?,?,?,?,?,?,?,?,?,?,?,?)",
                       -1, &visit, NULL);
    sqlite3_prepare_v2(reference,
                       "INSERT INTO e VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                       &event, NULL);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && all[to].imported == all[from].imported &&
                            all[to].row.visitor == all[from].row.visitor;)
            to++;
        number = make_visits(visit, &all[from], to - from, number);
    }
    for (size_t i = 0; i < n; i++)
        put_event(event, &all[i]);
    sqlite3_finalize(visit);
    sqlite3_finalize(event);
    run_sql("COMMIT");
}
