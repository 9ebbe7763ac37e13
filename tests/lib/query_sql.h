/*
 * A question as one plain SQL statement over the tables of query_reference.h;
 * part of unit/query_exact.c.
 */

#include "columns/money.h"

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
    [GL_DIMENSION_LANGUAGE] = "v.language",
    [GL_DIMENSION_COUNTRY] = "v.country",
    [GL_DIMENSION_REGION] = "v.region",
    [GL_DIMENSION_CITY] = "v.city",
    [GL_DIMENSION_COUNTRY_NAME] = "CASE v.country WHEN 'DE' THEN 'Germany' "
                                  "WHEN 'NP' THEN 'Nepal' ELSE '' END",
    [GL_DIMENSION_REGION_NAME] = "CASE v.region WHEN 'DE-BE' THEN 'Berlin' "
                                 "WHEN 'DE-BY' THEN 'Bayern' ELSE '' END",
    [GL_DIMENSION_CITY_NAME] = "v.city",
};

static int
is_event_dimension(enum gl_dimension what)
{
    return what <= GL_DIMENSION_PROP; /* those that come in questions */
}

static void
append_column(GString *sql, const struct gl_by *by, const char *e, int entry)
{
    if (by->what == GL_DIMENSION_PROP)
        g_string_append_printf(sql, "%s.%s", e, by->prop);
    else if (by->what == GL_DIMENSION_PAGE && entry)
        g_string_append(sql, "v.entry_page");
    else if (by->what == GL_DIMENSION_HOSTNAME && entry)
        g_string_append(sql, "v.entry_host");
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

    if (p->op == GL_PREDICATE_SCROLLED) {
        g_string_append_printf(sql, "%s.depth > %u", e, p->scroll);
        return;
    }
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

/* What more of events is asked for. */
#define MORE 6

static void
append_more(GString *sql, const struct gl_question *q)
{
    char code[4] = "no";

    if (q->currency != 0)
        gl_currency_code(q->currency, code);
    g_string_append_printf(
        sql,
        ", sum(currency = '%s') AS s8, sum(CASE WHEN "
        "currency = '%s' THEN amount ELSE 0 END) AS s9, "
        "sum(ms) AS s10, count(DISTINCT CASE WHEN ms > 0 OR "
        "depth > 0 THEN visit END) AS s11, 0 AS s12, "
        "0 AS s13",
        code, code);
}

/* How deep each visit went in each group. */
static void
append_depths(GString *sql, const struct gl_question *q)
{
    g_string_append(sql, " UNION ALL SELECT ");
    for (size_t i = 0; i < q->by_n; i++)
        g_string_append_printf(sql, "k%zu, ", i);
    g_string_append(sql, "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(deep - 1), "
                         "count(*) FROM (SELECT ");
    append_keys(sql, q, "e.at", 0);
    g_string_append(sql, "v.visit, max(depth) AS deep");
    append_events(sql, q, 0);
    g_string_append(sql, " GROUP BY ");
    for (size_t i = 0; i < q->by_n; i++)
        g_string_append_printf(sql, "k%zu, ", i);
    g_string_append(sql, "v.visit HAVING max(depth) > 0)");
    append_grouped(sql, q);
}

/* The kinds of sums, each with zeros for the others. */
static void
append_sums(GString *sql, const struct gl_question *q)
{
    int of_event = 0, entries = 1;

    for (size_t i = 0; i < q->by_n; i++) {
        int event = is_event_dimension(q->by[i].what);

        of_event |= event;
        entries &= !event || q->by[i].what == GL_DIMENSION_PAGE ||
                   q->by[i].what == GL_DIMENSION_HOSTNAME;
    }
    g_string_append(sql, "SELECT ");
    append_keys(sql, q, "e.at", 0);
    g_string_append(sql, "count(DISTINCT visitor) AS s0, 0 AS s1, sum(viewed) "
                         "AS s2, count(*) AS s3, 0 AS s4, 0 AS s5, 0 AS s6, "
                         "0 AS s7");
    append_more(sql, q);
    append_events(sql, q, 0);
    append_grouped(sql, q);
    g_string_append(sql, " UNION ALL SELECT ");
    append_keys(sql, q, "v.start", 0);
    g_string_append(
        sql, "0, count(DISTINCT v.visit), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0");

    if (of_event) {
        append_events(sql, q, 0);
        g_string_append(sql, " AND ");
    } else {
        g_string_append(sql, " FROM v WHERE ");
    }
    append_visits(sql, q, 0);
    append_grouped(sql, q);
    append_depths(sql, q);
    if (!entries)
        return;
    g_string_append(sql, " UNION ALL SELECT ");
    append_keys(sql, q, "v.start", 1);
    g_string_append(sql, "0, 0, 0, 0, count(*), sum(bounced), sum(seconds), "
                         "sum(views), 0, 0, 0, 0, 0, 0 FROM v WHERE ");
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
    for (int i = 0; i < GL_SUM_N + MORE; i++)
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
