/* Questions as SQL; see recount_sql.h. */

#include "recount/recount_sql.h"

#include "columns/money.h"
#include "query/plan.h"
#include "question/terms.h"

/* ---- texts ---- */

/* '@' is the event. */
#define WORD(table, column, code)                                             \
    "ifnull((SELECT " column " FROM main." table " WHERE code = " code "), "  \
    "'')"
#define OF_REFERRER(column) WORD("referrers", column, "v.referrer")
#define OF_AGENT(column) WORD("agents", column, "v.agent")
#define OF_PLACE(column) WORD("places", column, "v.place")
#define OF_VIEW(table, column, view)                                          \
    WORD(table, "text",                                                       \
         "(SELECT " column " FROM temp.e WHERE id = v." view ")")
#define ENTRY_PAGE OF_VIEW("paths", "path", "entry")

static const char *const text_of[GL_DIMENSION_N] = {
    [GL_DIMENSION_PAGE] = WORD("paths", "text", "@.path"),
    [GL_DIMENSION_HOSTNAME] = WORD("hosts", "text", "@.host"),
    [GL_DIMENSION_NAME] =
        "iif(@.kind = 1, 'pageview', " WORD("names", "text", "@.name") ")",
    [GL_DIMENSION_ENTRY_PAGE] = ENTRY_PAGE,
    [GL_DIMENSION_EXIT_PAGE] = OF_VIEW("paths", "path", "exit"),
    [GL_DIMENSION_ENTRY_HOSTNAME] = OF_VIEW("hosts", "host", "entry"),
    [GL_DIMENSION_EXIT_HOSTNAME] = OF_VIEW("hosts", "host", "exit"),
    [GL_DIMENSION_REFERRER] = OF_REFERRER("referrer"),
    [GL_DIMENSION_SOURCE] = OF_REFERRER("source"),
    [GL_DIMENSION_CHANNEL] = "ifnull((SELECT channel FROM main.referrers"
                             " WHERE code = v.referrer), 'Direct')",
    [GL_DIMENSION_UTM_SOURCE] = OF_REFERRER("utm_source"),
    [GL_DIMENSION_UTM_MEDIUM] = OF_REFERRER("utm_medium"),
    [GL_DIMENSION_UTM_CAMPAIGN] = OF_REFERRER("utm_campaign"),
    [GL_DIMENSION_UTM_CONTENT] = OF_REFERRER("utm_content"),
    [GL_DIMENSION_UTM_TERM] = OF_REFERRER("utm_term"),
    [GL_DIMENSION_BROWSER] = OF_AGENT("browser"),
    [GL_DIMENSION_BROWSER_VERSION] = OF_AGENT("browser_version"),
    [GL_DIMENSION_OS] = OF_AGENT("os"),
    [GL_DIMENSION_OS_VERSION] = OF_AGENT("os_version"),
    [GL_DIMENSION_DEVICE] = OF_AGENT("device"),
    [GL_DIMENSION_SCREEN] = WORD("screens", "text", "v.screen"),
    [GL_DIMENSION_LANGUAGE] = WORD("languages", "text", "v.language"),
    [GL_DIMENSION_COUNTRY] = OF_PLACE("country"),
    [GL_DIMENSION_REGION] = OF_PLACE("region"),
    [GL_DIMENSION_CITY] = OF_PLACE("city"),
    [GL_DIMENSION_COUNTRY_NAME] = "place_name(" OF_PLACE("country") ")",
    [GL_DIMENSION_REGION_NAME] = "place_name(" OF_PLACE("region") ")",
    [GL_DIMENSION_CITY_NAME] = OF_PLACE("city"),
};

struct asking {
    const struct gl_question *question;
    struct gl_recount_sql *sql;
    const char *event; /* its table's name in the statement */
    int entry;         /* pages and hosts are where the visit was entered */
};

static void
add(const struct asking *asking, const char *sql)
{
    for (; *sql != '\0'; sql++)
        if (*sql == '@')
            g_string_append(asking->sql->text, asking->event);
        else
            g_string_append_c(asking->sql->text, *sql);
}

/* "?7", which is VALUE (taken). */
static void
add_parameter(const struct asking *asking, char *value)
{
    g_ptr_array_add(asking->sql->parameters, value);
    g_string_append_printf(asking->sql->text, "?%u",
                           2 + asking->sql->parameters->len);
}

static void
add_text(const struct asking *asking, const struct gl_by *by)
{
    if (by->what == GL_DIMENSION_PROP) {
        add(asking,
            "ifnull((SELECT w.text FROM json_each(@.props) j"
            " JOIN main.prop_keys k ON k.code = CAST(j.key AS INTEGER)"
            " JOIN main.prop_values w ON w.code = j.value WHERE k.text = ");
        add_parameter(asking, g_strdup(by->prop));
        add(asking, "), '')");
    } else if (gl_term_has_entry(by->what) && asking->entry) {
        add(asking, text_of[by->what == GL_DIMENSION_PAGE
                                ? GL_DIMENSION_ENTRY_PAGE
                                : GL_DIMENSION_ENTRY_HOSTNAME]);
    } else {
        add(asking, text_of[by->what]);
    }
}

/* ---- filters ---- */

static char *
values_text(const struct gl_predicate *leaf)
{
    json_t *values = json_array();
    char *text, *copy;

    for (guint i = 0; i < leaf->values->len; i++)
        json_array_append_new(values, json_string(leaf->values->pdata[i]));
    text = json_dumps(values, JSON_COMPACT);
    copy = g_strdup(text);
    free(text);
    json_decref(values);
    return copy;
}

/* One of its values does. */
static void
add_leaf(const struct asking *asking, const struct gl_predicate *leaf)
{
    static const char *const ops[][2][2] = {
        [GL_PREDICATE_IS] = {{"", " = given.value"},
                             {"folded(", ") = folded(given.value)"}},
        [GL_PREDICATE_CONTAINS] = {{"instr(", ", given.value) > 0"},
                                   {"instr(folded(",
                                    "), folded(given.value)) > 0"}},
        [GL_PREDICATE_MATCHES] = {{"matches(0, given.value, ", ")"},
                                  {"matches(1, given.value, ", ")"}}};
    const char *const *op = ops[leaf->op][leaf->any_case != 0];

    add(asking, "EXISTS (SELECT 1 FROM json_each(");
    add_parameter(asking, values_text(leaf));
    add(asking, ") AS given WHERE ");
    add(asking, op[0]);
    add_text(asking, &leaf->by);
    add(asking, op[1]);
    add(asking, ")");
}

static void add_filter(const struct asking *asking,
                       const struct gl_predicate *filter);

/* The visit has such an event in the range. */
static void
add_has_done(const struct asking *asking, const struct gl_predicate *filter)
{
    struct asking inner = *asking;

    inner.event = "d";
    inner.entry = 0;
    add(&inner, "EXISTS (SELECT 1 FROM temp.e AS d WHERE d.visit = v.id"
                " AND d.counts AND d.at >= ?1 AND d.at < ?2 AND ");
    add_filter(&inner, filter->children->pdata[0]);
    add(&inner, ")");
}

/* A page was scrolled down so far. */
static void
add_scrolled(const struct asking *asking, uint32_t percent)
{
    add(asking, "ifnull(@.depth, -1) >= ");
    g_string_append_printf(asking->sql->text, "%u", percent);
}

/* Of nothing AND is true, OR and NOT are not.  A goal's pages are none where a
 * visit was entered. */
static void
add_children(const struct asking *asking, const struct gl_predicate *filter)
{
    static const char *const begin[] = {[GL_PREDICATE_AND] = "(1",
                                        [GL_PREDICATE_OR] = "(0",
                                        [GL_PREDICATE_NOT] = "NOT (0"};
    struct asking inner = *asking;

    inner.entry &= !filter->of_goal;
    add(asking, begin[filter->op]);
    for (guint i = 0; i < filter->children->len; i++) {
        add(asking, filter->op == GL_PREDICATE_AND ? " AND " : " OR ");
        add_filter(&inner, filter->children->pdata[i]);
    }
    add(asking, ")");
}

static void
add_filter(const struct asking *asking, const struct gl_predicate *filter)
{
    if (filter->op == GL_PREDICATE_SCROLLED)
        add_scrolled(asking, filter->scroll);
    else if (filter->op >= GL_PREDICATE_IS)
        add_leaf(asking, filter);
    else if (filter->op == GL_PREDICATE_HAS_DONE)
        add_has_done(asking, filter);
    else
        add_children(asking, filter);
}

/* ---- what counts ---- */

/* Events that do, with their visits. */
static void
add_events(const struct asking *asking)
{
    add(asking, " FROM temp.e AS e JOIN temp.v AS v ON v.id = e.visit"
                " WHERE e.counts AND e.at >= ?1 AND e.at < ?2");
    if (asking->question->filter == NULL)
        return;
    add(asking, " AND ");
    add_filter(asking, asking->question->filter);
}

/* Visits that do. */
static void
add_visits(const struct asking *asking)
{
    add(asking, " v.at >= ?1 AND v.at < ?2 AND v.id IN (SELECT e.visit");
    add_events(asking);
    add(asking, ")");
}

/* "... AS k0, ... AS k1, ": of what happened at WHEN. */
static void
add_keys(const struct asking *asking, int grouped, const char *when)
{
    const struct gl_question *question = asking->question;

    for (size_t i = 0; grouped && i < question->by_n; i++) {
        if (question->by[i].what == GL_DIMENSION_TIME) {
            add(asking, "(SELECT bucket FROM temp.b WHERE since <= ");
            add(asking, when);
            add(asking, " ORDER BY since DESC LIMIT 1)");
        } else {
            add_text(asking, &question->by[i]);
        }
        g_string_append_printf(asking->sql->text, " AS k%zu, ", i);
    }
}

/* By the keys, after FIRST, which may be "". */
static void
add_groups(const struct asking *asking, int grouped, const char *first)
{
    const char *before = first[0] == '\0' ? " GROUP BY " : ", ";

    if (first[0] != '\0')
        g_string_append_printf(asking->sql->text, " GROUP BY %s", first);
    for (size_t i = 0; grouped && i < asking->question->by_n; i++) {
        g_string_append_printf(asking->sql->text, "%sk%zu", before, i);
        before = ", ";
    }
}

/* ---- sums: a part names those it has, in the order of all ---- */

/* Thousandths of what an event brought in the question's currency. */
static void
add_paid(const struct asking *asking, const char *sum)
{
    char code[4];

    gl_currency_code(asking->question->currency, code);
    add(asking, sum);
    add(asking, "(iif(e.currency = ");
    add_parameter(asking, g_strdup(code));
    add(asking, ", thousandths(e.amount), NULL))");
}

static void
add_of_events(const struct asking *asking, int grouped)
{
    add(asking, "SELECT ");
    add_keys(asking, grouped, "e.at");
    add(asking, "count(DISTINCT e.visitor) AS s0, 0 AS s1,"
                " sum(e.kind = 1) AS s2, count(*) AS s3, 0 AS s4, 0 AS s5,"
                " 0 AS s6, 0 AS s7, ");
    add_paid(asking, "count");
    add(asking, " AS s8, ");
    add_paid(asking, "sum");
    add(asking, " AS s9, 0 AS s10, 0 AS s11, 0 AS s12, 0 AS s13");
    add_events(asking);
    add_groups(asking, grouped, "");
}

/* By what each event has, once for each that it has. */
static void
add_of_visits(const struct asking *asking, int grouped, int of_event)
{
    add(asking, " UNION ALL SELECT ");
    add_keys(asking, grouped, "v.at");
    add(asking, "0, count(DISTINCT v.id), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0");
    if (grouped && of_event) {
        add_events(asking);
        add(asking, " AND");
    } else {
        add(asking, " FROM temp.v AS v WHERE");
    }
    add_visits(asking);
    add_groups(asking, grouped, "");
}

static void
add_of_entries(const struct asking *asking, int grouped, int of_event)
{
    struct asking entered = *asking;

    entered.entry = 1;
    add(asking, " UNION ALL SELECT ");
    add_keys(&entered, grouped, "v.at");
    add(asking, "0, 0, 0, 0, count(*), sum(v.bounced), sum(v.seconds),"
                " sum(v.views), 0, 0, 0, 0, 0, 0 FROM temp.v AS v WHERE");
    add_visits(grouped && of_event ? &entered : asking);
    add_groups(asking, grouped, "");
}

/* Time adds up, of a visit's depths the greatest holds. */
static void
add_of_engagement(const struct asking *asking, int grouped)
{
    const struct gl_question *question = asking->question;

    add(asking, " UNION ALL SELECT ");
    for (size_t i = 0; grouped && i < question->by_n; i++)
        g_string_append_printf(asking->sql->text, "k%zu, ", i);
    add(asking, "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(engaged), count(*),"
                " sum(depth), count(depth) FROM (SELECT ");
    add_keys(asking, grouped, "e.at");
    add(asking, "sum(e.engaged) AS engaged, max(e.depth) AS depth");
    add_events(asking);
    add(asking, " AND e.engaged IS NOT NULL");
    add_groups(asking, grouped, "e.visit");
    add(asking, ")");
    add_groups(asking, grouped, "");
}

/* A group is there when a sum that is asked for tells of something in it. */
static void
add_having(const struct asking *asking)
{
    static const struct {
        uint32_t metrics;
        const char *sql;
    } asked[] = {
        {GL_METRICS_OF_EVENTS, " OR sum(s3) > 0"},
        {GL_METRIC_BIT(VISITS) | GL_METRIC_BIT(EXIT_RATE), " OR sum(s1) > 0"},
        {GL_METRICS_OF_VISITS, " OR sum(s4) > 0"}};

    add(asking, " HAVING 0");
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++)
        if (asking->question->metrics & asked[i].metrics)
            add(asking, asked[i].sql);
}

static struct asking
begin(const struct gl_question *question, struct gl_recount_sql *sql)
{
    sql->text = g_string_new("SELECT ");
    sql->parameters = g_ptr_array_new_with_free_func(g_free);
    return (struct asking){.question = question, .sql = sql, .event = "e"};
}

void
gl_recount_sql_sums(const struct gl_question *question, int grouped,
                    struct gl_recount_sql *sql)
{
    struct asking asking = begin(question, sql);
    int of_event = 0, has_entries = 1;

    for (size_t i = 0; i < question->by_n; i++) {
        int event = gl_term_of(question->by[i].what) == GL_OF_EVENT;

        of_event |= event;
        has_entries &= !event || gl_term_has_entry(question->by[i].what);
    }
    for (size_t i = 0; grouped && i < question->by_n; i++)
        g_string_append_printf(sql->text, "k%zu, ", i);
    for (int i = 0; i < GL_SUM_N + GL_RECOUNT_MORE_N; i++)
        g_string_append_printf(sql->text, "%scoalesce(sum(s%d), 0)",
                               i > 0 ? ", " : "", i);
    add(&asking, " FROM (");
    add_of_events(&asking, grouped);
    add_of_visits(&asking, grouped, of_event);
    if (has_entries || !grouped)
        add_of_entries(&asking, grouped, of_event);
    if (gl_recount_wants_engagement(question))
        add_of_engagement(&asking, grouped);
    add(&asking, ")");
    add_groups(&asking, grouped, "");
    if (grouped)
        add_having(&asking);
}

/* ---- rows ---- */

void
gl_recount_sql_rows(const struct gl_question *question, int visits, int limit,
                    struct gl_recount_sql *sql)
{
    struct asking asking = begin(question, sql);

    add(&asking, visits ? "v.at, v.id, v.visitor, NULL, NULL, NULL"
                        : "e.at, e.visit, e.visitor, (SELECT"
                          " json_group_object(k.text, w.text)"
                          " FROM json_each(e.props) j JOIN main.prop_keys k"
                          " ON k.code = CAST(j.key AS INTEGER)"
                          " JOIN main.prop_values w ON w.code = j.value),"
                          " e.amount, e.currency");
    for (int i = 0; i < GL_DIMENSION_N; i++) {
        if (!gl_recount_has_text((enum gl_dimension) i))
            continue;
        add(&asking, ", ");
        if (visits && gl_term_of((enum gl_dimension) i) == GL_OF_EVENT)
            add(&asking, "NULL");
        else
            add(&asking, text_of[i]);
    }
    if (visits) {
        add(&asking, " FROM temp.v AS v WHERE");
        add_visits(&asking);
        add(&asking, " ORDER BY v.at, v.id");
    } else {
        add_events(&asking);
        add(&asking, " ORDER BY e.at, e.id");
    }
    g_string_append_printf(sql->text, " LIMIT %d", limit);
}

void
gl_recount_sql_fini(struct gl_recount_sql *sql)
{
    g_string_free(sql->text, TRUE);
    g_ptr_array_free(sql->parameters, TRUE);
}

/* ---- what is asked for ---- */

int
gl_recount_has_text(enum gl_dimension dimension)
{
    return text_of[dimension] != NULL;
}

static int
filters_scroll(const struct gl_predicate *filter)
{
    int found = 0;

    if (filter == NULL || filter->op >= GL_PREDICATE_IS)
        return filter != NULL && filter->op == GL_PREDICATE_SCROLLED;
    for (guint i = 0; i < filter->children->len; i++)
        found |= filters_scroll(filter->children->pdata[i]);
    return found;
}

int
gl_recount_wants_engagement(const struct gl_question *question)
{
    return (question->metrics &
            (GL_METRIC_BIT(TIME_ON_PAGE) | GL_METRIC_BIT(SCROLL_DEPTH))) ||
           filters_scroll(question->filter);
}
