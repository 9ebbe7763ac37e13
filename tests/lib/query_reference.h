/*
 * The slow, obvious answer: what happened as two plain tables of texts, visits
 * made by one loop over each person's events, and one SQL statement for each
 * kind of sum; part of unit/query_exact.c.  Nothing of the engine is used.
 */

#include "query/question.h"
#include "store/db.h"

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
            "os, os_version, device, screen, country, region, city);"
            "CREATE TABLE e (visit, at, viewed, page, host, name, plan, "
            "size); CREATE INDEX e_visit ON e (visit);"
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

        h->visit = h->repeat = 0;
        if (h->row.server || (!goes_on && h->row.kind == GL_ENGAGEMENT))
            continue;
        if (!goes_on) {
            if (sum.first != NULL)
                put_visit(put, number++, &sum);
            sum = (struct sum){.first = h};
        }
        h->visit = number;
        add(&sum, h, &viewed_ms);
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
                       "?,?,?,?,?,?,?,?,?,?,?,?)",
                       -1, &visit, NULL);
    sqlite3_prepare_v2(reference, "INSERT INTO e VALUES (?,?,?,?,?,?,?,?)", -1,
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

/* ---- questions in SQL ---- */

/* Columns, by GL_DIMENSION_*; E is an alias of e, v is joined. */
static const char *const column_of[GL_DIMENSION_N] = {
    [GL_DIMENSION_PAGE] = "page",
    [GL_DIMENSION_HOSTNAME] = "host",
    [GL_DIMENSION_NAME] = "name",
    [GL_DIMENSION_ENTRY_PAGE] = "v.entry_page",
    [GL_DIMENSION_EXIT_PAGE] = "v.exit_page",
    [GL_DIMENSION_ENTRY_HOSTNAME] = "v.entry_host",
    [GL_DIMENSION_EXIT_HOSTNAME] = "v.exit_host",
    [GL_DIMENSION_REFERRER] = "v.referrer",
    [GL_DIMENSION_SOURCE] = "v.source",
    [GL_DIMENSION_CHANNEL] = "v.channel",
    [GL_DIMENSION_UTM_SOURCE] = "v.utm_source",
    [GL_DIMENSION_UTM_MEDIUM] = "v.utm_medium",
    [GL_DIMENSION_UTM_CAMPAIGN] = "v.utm_campaign",
    [GL_DIMENSION_UTM_CONTENT] = "v.utm_content",
    [GL_DIMENSION_UTM_TERM] = "v.utm_term",
    [GL_DIMENSION_BROWSER] = "v.browser",
    [GL_DIMENSION_BROWSER_VERSION] = "v.browser_version",
    [GL_DIMENSION_OS] = "v.os",
    [GL_DIMENSION_OS_VERSION] = "v.os_version",
    [GL_DIMENSION_DEVICE] = "v.device",
    [GL_DIMENSION_SCREEN] = "v.screen",
    [GL_DIMENSION_COUNTRY] = "v.country",
    [GL_DIMENSION_REGION] = "v.region",
    [GL_DIMENSION_CITY] = "v.city",
};

static int
is_event_dimension(enum gl_dimension what)
{
    return what <= GL_DIMENSION_PROP;
}

static void
append_column(GString *sql, const struct gl_by *by, const char *e, int entry)
{
    if (by->what == GL_DIMENSION_PROP)
        g_string_append_printf(sql, "%s.%s", e, by->prop);
    else if (by->what == GL_DIMENSION_PAGE && entry)
        g_string_append(sql, "v.entry_page");
    else if (is_event_dimension(by->what))
        g_string_append_printf(sql, "%s.%s", e, column_of[by->what]);
    else
        g_string_append(sql, column_of[by->what]);
}

/* Expressions that are asked, and GLOB's way to say the same. */
static const struct {
    const char *pattern, *glob;
} patterns[] = {{"^/a", "/a*"},       {"b$", "*b"},     {"o.*e", "*o*e*"},
                {"^[A-F]", "[A-F]*"}, {"^$", ""},       {"1[12]", "*1[12]*"},
                {"e", "*e*"},         {"^/.*b", "/*b*"}};

static void
append_value(GString *sql, const struct gl_predicate *leaf, const char *column,
             const char *value)
{
    const char *text = column;
    char *folded = g_strdup_printf("lower(%s)", column);
    char *low = g_utf8_strdown(value, -1);

    if (leaf->any_case)
        text = folded;
    for (size_t i = 0; i < N(patterns); i++)
        if (leaf->op == GL_PREDICATE_MATCHES &&
            strcmp(value, patterns[i].pattern) == 0)
            g_string_append_printf(sql, "%s GLOB '%s'", column,
                                   patterns[i].glob);
    if (leaf->op == GL_PREDICATE_IS)
        g_string_append_printf(sql, "%s = '%s'", text,
                               leaf->any_case ? low : value);
    if (leaf->op == GL_PREDICATE_CONTAINS)
        g_string_append_printf(sql, "instr(%s, '%s') > 0", text,
                               leaf->any_case ? low : value);
    g_free(folded);
    g_free(low);
}

static void
append_leaf(GString *sql, const struct gl_predicate *leaf, const char *e,
            int entry)
{
    GString *column = g_string_new(NULL);

    append_column(column, &leaf->by, e, entry);
    g_string_append_c(sql, '(');
    for (guint i = 0; i < leaf->values->len; i++) {
        g_string_append(sql, i > 0 ? " OR " : "");
        append_value(sql, leaf, column->str, leaf->values->pdata[i]);
    }
    g_string_append_c(sql, ')');
    g_string_free(column, TRUE);
}

static void
append_filter(GString *sql, const struct gl_question *q,
              const struct gl_predicate *p, const char *e, int entry)
{
    const char *word = p->op == GL_PREDICATE_OR ? " OR " : " AND ";

    if (p->op >= GL_PREDICATE_IS) {
        append_leaf(sql, p, e, entry);
        return;
    }
    if (p->op == GL_PREDICATE_HAS_DONE) {
        g_string_append_printf(
            sql,
            "EXISTS (SELECT 1 FROM e AS d WHERE d.visit = v.visit AND d.at >= "
            "%" G_GINT64_FORMAT " AND d.at < %" G_GINT64_FORMAT " AND ",
            q->from_ms, q->to_ms);
        append_filter(sql, q, p->children->pdata[0], "d", 0);
        g_string_append(sql, ")");
        return;
    }
    g_string_append(sql, p->op == GL_PREDICATE_NOT ? "NOT (" : "(");
    for (guint i = 0; i < p->children->len; i++) {
        g_string_append(sql, i > 0 ? word : "");
        append_filter(sql, q, p->children->pdata[i], e, entry);
    }
    g_string_append(sql, ")");
}

/* "k0, k1": of an event, or (WHEN "v.start") of a visit. */
static void
append_keys(GString *sql, const struct gl_question *q, const char *when,
            int entry)
{
    for (size_t i = 0; i < q->by_n; i++) {
        g_string_append(sql, i > 0 ? ", " : "");
        if (q->by[i].what == GL_DIMENSION_TIME)
            g_string_append_printf(sql,
                                   "(SELECT bucket FROM b WHERE since <= %s "
                                   "AND until > %s)",
                                   when, when);
        else
            append_column(sql, &q->by[i], "e", entry);
        g_string_append_printf(sql, " AS k%zu", i);
    }
    g_string_append(sql, q->by_n > 0 ? ", " : "");
}

/* Events that count, with their visits. */
static void
append_events(GString *sql, const struct gl_question *q, int entry)
{
    g_string_append_printf(sql,
                           " FROM e JOIN v USING (visit) WHERE e.at >= "
                           "%" G_GINT64_FORMAT " AND e.at < %" G_GINT64_FORMAT,
                           q->from_ms, q->to_ms);
    if (q->filter == NULL)
        return;
    g_string_append(sql, " AND ");
    append_filter(sql, q, q->filter, "e", entry);
}

/* The visits that count. */
static void
append_visits(GString *sql, const struct gl_question *q, int entry)
{
    g_string_append(sql, "v.visit IN (SELECT visit");
    append_events(sql, q, entry);
    g_string_append_printf(sql,
                           ") AND v.start >= %" G_GINT64_FORMAT
                           " AND v.start < %" G_GINT64_FORMAT,
                           q->from_ms, q->to_ms);
}

static void
append_grouped(GString *sql, const struct gl_question *q)
{
    g_string_append(sql, q->by_n > 0 ? " GROUP BY " : "");
    for (size_t i = 0; i < q->by_n; i++)
        g_string_append_printf(sql, "%sk%zu", i > 0 ? ", " : "", i);
}

/* The three kinds of sums, each with zeros for the others. */
static void
append_sums(GString *sql, const struct gl_question *q)
{
    int of_event = 0, entries = 1;

    for (size_t i = 0; i < q->by_n; i++) {
        int event = is_event_dimension(q->by[i].what);

        of_event |= event;
        entries &= !event || q->by[i].what == GL_DIMENSION_PAGE;
    }
    g_string_append(sql, "SELECT ");
    append_keys(sql, q, "e.at", 0);
    g_string_append(sql, "count(DISTINCT visitor) AS s0, 0 AS s1, sum(viewed) "
                         "AS s2, count(*) AS s3, 0 AS s4, 0 AS s5, 0 AS s6, "
                         "0 AS s7");
    append_events(sql, q, 0);
    append_grouped(sql, q);
    g_string_append(sql, " UNION ALL SELECT ");
    append_keys(sql, q, "v.start", 0);
    g_string_append(sql, "0, count(DISTINCT v.visit), 0, 0, 0, 0, 0, 0");
    if (of_event) {
        append_events(sql, q, 0);
        g_string_append(sql, " AND ");
    } else {
        g_string_append(sql, " FROM v WHERE ");
    }
    append_visits(sql, q, 0);
    append_grouped(sql, q);
    if (!entries)
        return;
    g_string_append(sql, " UNION ALL SELECT ");
    append_keys(sql, q, "v.start", 1);
    g_string_append(sql, "0, 0, 0, 0, count(*), sum(bounced), sum(seconds), "
                         "sum(views) FROM v WHERE ");
    append_visits(sql, q, of_event);
    append_grouped(sql, q);
}

/* One line a group: "key|key|sum|sum...", in any order. */
static char *
question_sql(const struct gl_question *q)
{
    GString *sql = g_string_new("SELECT ");

    for (size_t i = 0; i < q->by_n; i++)
        g_string_append_printf(sql, "k%zu || '|' || ", i);
    for (int i = 0; i < GL_SUM_N; i++)
        g_string_append_printf(sql, "%scoalesce(sum(s%d), 0)",
                               i > 0 ? " || '|' || " : "", i);
    g_string_append(sql, " FROM (");
    append_sums(sql, q);
    g_string_append(sql, ") WHERE 1");
    for (size_t i = 0; i < q->by_n; i++)
        g_string_append_printf(sql, " AND k%zu IS NOT NULL", i);
    append_grouped(sql, q);
    return g_string_free(sql, FALSE);
}
