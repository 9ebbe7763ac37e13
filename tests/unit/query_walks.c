/*
 * Promise: who came again when, and which pages visits took one after the
 * other, is exact.  Whatever happened on a site, in whatever order it came,
 * late rows folded or not, visits open, days sealed and changed again, it is
 * what one plain SQL statement over what happened says.
 *
 * Guards: visits over midnight, weeks that begin within a day and within a
 * visit, imported ids on several days, events of one millisecond, pages that
 * come again at once, sets that are lent without their times.
 *
 * QUERY_WALKS=N asks at least N times.
 */

#include "query/walk/journey.h"
#include "query/walk/retention.h"

#include "../lib/query_world.h"
#include "../lib/query_reference.h"
#include "../lib/seal_now.h"

#define QUESTIONS 1200

static int asked_n, differ_n, sealed_n;
static struct gl_shelf *shelf;

/* ---- what is asked ---- */

static struct gl_predicate *
leaf(enum gl_dimension what, const char *value)
{
    struct gl_predicate *p = g_new0(struct gl_predicate, 1);

    p->op = GL_PREDICATE_IS;
    p->by.what = what;
    p->values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(p->values, g_strdup(value));
    return p;
}

static const struct {
    enum gl_dimension what;
    const char *value, *sql;
} filters[] = {
    {GL_DIMENSION_N, NULL, "1"},
    {GL_DIMENSION_COUNTRY, "DE", "v.country = 'DE'"},
    {GL_DIMENSION_PAGE, "/a", "e.page = '/a'"},
    {GL_DIMENSION_BROWSER, "Firefox", "v.browser = 'Firefox'"},
};

/* A range of some hours of some days; *SQL, borrowed, is its filter. */
static struct gl_question
some_question(int64_t site, const char **sql)
{
    struct gl_question q = {.site = site, .by_n = 1};
    size_t which = tap_below(N(filters));

    q.from_ms = START + (int64_t) tap_below(3 * 24 * 4) * 15 * MINUTE;
    q.to_ms = q.from_ms + (int64_t) (1 + tap_below(4 * 24 * 4)) * 15 * MINUTE;
    if (tap_below(4) == 0) {
        q.from_ms = START - GL_DAY_MS;
        q.to_ms = START + 9 * GL_DAY_MS;
    }
    if (filters[which].value != NULL)
        q.filter = leaf(filters[which].what, filters[which].value);
    *sql = filters[which].sql;
    return q;
}

static int
by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *) left, *(char *const *) right);
}

/* LINES, taken, in order. */
static char *
join(GPtrArray *lines)
{
    char *text;

    if (lines->len > 0)
        qsort(lines->pdata, lines->len, sizeof *lines->pdata, by_text);
    g_ptr_array_add(lines, NULL);
    text = g_strjoinv("\n", (char **) (void *) lines->pdata);
    g_ptr_array_free(lines, TRUE);
    return text;
}

static char *
slow_answer(const char *sql)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *ask;

    if (sqlite3_prepare_v2(reference, sql, -1, &ask, NULL) != SQLITE_OK)
        tap_bail("%s: %s", sqlite3_errmsg(reference), sql);
    while (sqlite3_step(ask) == SQLITE_ROW)
        g_ptr_array_add(lines,
                        g_strdup((const char *) sqlite3_column_text(ask, 0)));
    sqlite3_finalize(ask);
    return join(lines);
}

/* Both are taken. */
static void
compare(char *fast, char *sql)
{
    char *slow = slow_answer(sql);

    asked_n++;
    if (strcmp(fast, slow) != 0 && differ_n++ < 3)
        tap_diag("question %d: %s\nis:\n%s\nmust be:\n%s", asked_n, sql, fast,
                 slow);
    g_free(slow);
    g_free(fast);
    g_free(sql);
}

static void
walk(struct gl_account *reader, const struct gl_question *q,
     void (*each)(void *arg, const struct gl_walk *walk), void *arg)
{
    struct gl_execution run = {
        .reader = reader, .rules = rules, .shelf = shelf};
    const struct gl_question *list[] = {q};

    if (gl_execute_walk(&run, list, 1, each, arg) != GL_EXECUTED)
        tap_bail("not executed: %s", run.why);
}

/* ---- retention: "weeks" of some hours ---- */

static GArray *
some_edges(const struct gl_question *q)
{
    GArray *edges = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int64_t at = q->from_ms;

    g_array_append_val(edges, at);
    run_sql("DELETE FROM b");
    while (at < q->to_ms) {
        int64_t to = at + (int64_t) (1 + tap_below(300)) * 15 * MINUTE;
        char *sql;

        to = MIN(to, q->to_ms);
        sql = g_strdup_printf("INSERT INTO b VALUES (%u, %" G_GINT64_FORMAT
                              ", %" G_GINT64_FORMAT ")",
                              edges->len - 1, at, to);
        run_sql(sql);
        g_free(sql);
        g_array_append_val(edges, to);
        at = to;
    }
    return edges;
}

/* Of each imported visitor when he was first seen, then in which weeks. */
static char *
retention_sql(const struct gl_question *q, int64_t from_ms, const char *filter)
{
    return g_strdup_printf(
        "WITH s AS (SELECT v.visitor, e.at, (SELECT bucket FROM b WHERE since "
        "<= e.at AND until > e.at) AS week FROM e JOIN v USING (visit) WHERE "
        "e.at < %" G_GINT64_FORMAT " AND (%s)), f AS (SELECT visitor, "
        "min(at) AS first, min(week) AS week FROM s WHERE visitor < 0 GROUP "
        "BY 1) SELECT f.week || ' ' || s.week || ' ' || count(DISTINCT "
        "s.visitor) FROM s JOIN f USING (visitor) WHERE f.first >= "
        "%" G_GINT64_FORMAT " GROUP BY f.week, s.week UNION ALL SELECT "
        "'known ' || count(DISTINCT visitor) FROM s JOIN f USING (visitor) "
        "WHERE f.first >= %" G_GINT64_FORMAT " UNION ALL SELECT 'before ' || "
        "count(DISTINCT visitor) FROM s JOIN f USING (visitor) WHERE f.first "
        "< %" G_GINT64_FORMAT " AND s.week NOT NULL UNION ALL SELECT 'live ' "
        "|| count(DISTINCT visitor) FROM s WHERE visitor > 0 AND week NOT "
        "NULL",
        q->to_ms, filter, from_ms, from_ms, from_ms);
}

static char *
retention_text(const struct gl_retention *retention)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    size_t n = retention->weeks_n;

    for (size_t i = 0; i < n * n; i++)
        if (retention->seen[i] > 0)
            g_ptr_array_add(lines,
                            g_strdup_printf("%zu %zu %" G_GUINT64_FORMAT,
                                            i / n, i % n, retention->seen[i]));
    g_ptr_array_add(lines, g_strdup_printf("known %" G_GUINT64_FORMAT,
                                           retention->known_since));
    g_ptr_array_add(lines, g_strdup_printf("before %" G_GUINT64_FORMAT,
                                           retention->known_before));
    g_ptr_array_add(lines, g_strdup_printf("live %" G_GUINT64_FORMAT,
                                           retention->of_one_day));
    return join(lines);
}

static void
ask_retention(struct life *life, struct gl_account *reader)
{
    const char *filter;
    struct gl_question q = some_question(life->site, &filter);
    int64_t from_ms = q.from_ms;
    struct gl_retention retention;

    q.time.edges = some_edges(&q);
    q.by[0].what = GL_DIMENSION_TIME;
    q.from_ms = MIN(q.from_ms, START - GL_DAY_MS);
    gl_retention_init(&retention, q.time.edges);
    walk(reader, &q, gl_retention_step, &retention);
    gl_retention_end(&retention);
    compare(retention_text(&retention), retention_sql(&q, from_ms, filter));
    gl_retention_fini(&retention);
    g_array_free(q.time.edges, TRUE);
    gl_predicate_free(q.filter);
}

/* ---- journeys ---- */

/* Pages as they come, with those that come again at once left out; then what
 * is behind the first place of the pages asked about. */
static char *
journey_sql(const struct gl_question *q, const struct gl_journey *journey,
            const char *filter)
{
    GString *sql = g_string_new(NULL);
    const char *way = journey->back ? "DESC" : "ASC";

    g_string_append_printf(
        sql,
        "WITH p AS (SELECT e.rowid AS id, visit, visitor, page, lag(page) "
        "OVER (PARTITION BY visit ORDER BY e.rowid) AS before FROM e JOIN v "
        "USING (visit) WHERE viewed AND at >= %" G_GINT64_FORMAT " AND at < "
        "%" G_GINT64_FORMAT " AND (%s)), t AS (SELECT visit, visitor, page, "
        "row_number() OVER (PARTITION BY visit ORDER BY id %s) AS n FROM p "
        "WHERE before IS NULL OR before <> page), h AS (SELECT p0.visit, "
        "p0.visitor, min(p0.n) AS n FROM t p0",
        q->from_ms, q->to_ms, filter, way);
    for (size_t i = 1; i < journey->pages_n; i++)
        g_string_append_printf(sql,
                               " JOIN t p%zu ON p%zu.visit = p0.visit AND "
                               "p%zu.n = p0.n + %zu AND p%zu.page = '%s'",
                               i, i, i, i, i, journey->pages[i]);
    g_string_append_printf(sql, " WHERE p0.page = '%s' GROUP BY 1, 2) SELECT ",
                           journey->pages[0]);
    for (size_t i = 1; i <= journey->steps_n; i++)
        g_string_append_printf(sql, "coalesce(s%zu.page, '-') || '|' || ", i);
    g_string_append(sql,
                    "count(DISTINCT h.visitor) || '|' || count(*) FROM h");
    for (size_t i = 1; i <= journey->steps_n; i++)
        g_string_append_printf(sql,
                               " LEFT JOIN t s%zu ON s%zu.visit = h.visit AND "
                               "s%zu.n = h.n + %zu",
                               i, i, i, journey->pages_n - 1 + i);
    g_string_append(sql, " GROUP BY ");
    for (size_t i = 1; i <= journey->steps_n; i++)
        g_string_append_printf(sql, "s%zu.page, ", i);
    g_string_append(sql, "1=1 UNION ALL SELECT count(DISTINCT visitor) || "
                         "'|' || count(*) FROM h");
    return g_string_free(sql, FALSE);
}

/* "page|page|-|", from the first step on. */
static void
add_pages(const struct gl_journey *journey, uint32_t at, GString *line)
{
    const char *pages[GL_JOURNEY_STEPS_MAX];
    size_t n = 0;

    for (; at != 0;
         at = g_array_index(journey->nodes, struct gl_journey_node, at).before)
        pages[n++] =
            g_array_index(journey->nodes, struct gl_journey_node, at).page;
    for (size_t i = 0; i < journey->steps_n; i++)
        g_string_append_printf(
            line, "%s|",
            i < n && pages[n - 1 - i] != NULL ? pages[n - 1 - i] : "-");
}

static char *
journey_text(const struct gl_journey *journey)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    for (uint32_t at = 0; at < journey->nodes->len; at++) {
        const uint64_t *sums =
            gl_groups_tally(&journey->groups, at)->group.sums;
        GString *line = g_string_new(NULL);

        if (at > 0 && sums[GL_SUM_VISITS] == 0) {
            g_string_free(line, TRUE);
            continue;
        }
        if (at > 0)
            add_pages(journey, at, line);
        g_string_append_printf(line,
                               "%" G_GUINT64_FORMAT "|%" G_GUINT64_FORMAT,
                               sums[GL_SUM_VISITORS], sums[GL_SUM_VISITS]);
        g_ptr_array_add(lines, g_string_free(line, FALSE));
    }
    return join(lines);
}

static void
ask_journey(struct life *life, struct gl_account *reader)
{
    const char *filter;
    struct gl_question q = some_question(life->site, &filter);
    struct gl_journey journey = {.back = (int) tap_below(2),
                                 .steps_n = 1 + tap_below(4),
                                 .pages_n = 1 + tap_below(3)};

    q.by[0].what = GL_DIMENSION_PAGE;
    for (size_t i = 0; i < journey.pages_n; i++)
        journey.pages[i] = paths[tap_below(N(paths))];
    gl_journey_init(&journey);
    walk(reader, &q, gl_journey_step, &journey);
    compare(journey_text(&journey), journey_sql(&q, &journey, filter));
    gl_journey_fini(&journey);
    gl_predicate_free(q.filter);
}

/* ---- lives ---- */

static void
ask(struct life *life)
{
    struct gl_account *reader = gl_account_reader(account);

    if (gl_account_read(reader) != 0)
        tap_bail("%s", gl_account_why(reader));
    fill_reference(life);
    for (int i = 0; i < 3; i++) {
        ask_retention(life, reader);
        ask_journey(life, reader);
    }
    gl_account_reader_free(reader);
}

/* What is over at this moment, and asked with an empty shelf. */
static void
seal_some(void)
{
    int sealed =
        seal_now(account, lives[0].now_ms / GL_DAY_MS, 1 + tap_below(4000));

    if (sealed < 0)
        tap_bail("not sealed: %s", gl_account_why(account));
    sealed_n += sealed;
    gl_shelf_free(shelf);
    shelf = gl_shelf_new(1 << 20);
}

static void
live(struct life *life)
{
    size_t imported = 0;
    int imports = tap_below(3) > 0;

    while (life_go_on(life)) {
        if (imports && tap_below(90) == 0 && imported < EVENTS) {
            import_some(life, imported, imported + EVENTS / 4);
            imported += EVENTS / 4;
        }
        for (int n = (int) tap_below(30); n >= 26; n--)
            refold(life, ask);
        if (tap_below(80) == 0)
            rebuild(life);
        if (tap_below(300) == 0)
            change_rules();
        if (tap_below(40) == 0)
            seal_some();
        if (tap_below(50) == 0)
            ask(life);
    }
    seal_some();
    ask(life);
}

int
main(void)
{
    const char *more = getenv("QUERY_WALKS");
    int questions = more != NULL ? atoi(more) : QUESTIONS;

    pool = probe_pool(tap_dir(), 0, &account);
    gl_account_words(account, &words);
    rules.refresh_window_ms = MINUTE;
    shelf = gl_shelf_new(1 << 20);
    open_reference();
    add_all_words();
    for (int64_t site = PROBE_SITE; asked_n < questions; site += SITES) {
        for (int i = 0; i < SITES; i++)
            life_begin(&lives[i], site + i);
        for (int i = 0; i < SITES; i++)
            live(&lives[i]);
    }
    tap_int(differ_n, 0, "of %d answers differ from plain SQL's", asked_n);
    tap_ok(sealed_n > 0, "%d days were sealed meanwhile", sealed_n);
    for (int i = 0; i < SITES; i++)
        gl_site_free(lives[i].object);
    gl_shelf_free(shelf);
    sqlite3_close(reference);
    gl_accounts_free(pool);
    return tap_done();
}
