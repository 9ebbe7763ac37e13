/* Questions as SQL; see recount_sql.h. */

#include "recount/recount_sql_internal.h"

#include "columns/money.h"
#include "query/plan/plan.h"
#include "question/terms.h"

/* ---- what counts ---- */

/* Events that do, with their visits. */
static void
add_events(const struct gl_asking *asking)
{
    gl_recount_add_(asking,
                    " FROM temp.e AS e JOIN temp.v AS v ON v.id = e.visit"
                    " WHERE e.counts AND e.at >= ?1 AND e.at < ?2");
    if (asking->question->filter == NULL)
        return;
    gl_recount_add_(asking, " AND ");
    gl_recount_add_filter_(asking, asking->question->filter);
}

/* Visits that do. */
static void
add_visits(const struct gl_asking *asking)
{
    gl_recount_add_(asking,
                    " v.at >= ?1 AND v.at < ?2 AND v.id IN (SELECT e.visit");
    add_events(asking);
    gl_recount_add_(asking, ")");
}

/* "... AS k0, ... AS k1, ": of what happened at WHEN. */
static void
add_keys(const struct gl_asking *asking, int grouped, const char *when)
{
    const struct gl_question *question = asking->question;

    for (size_t i = 0; grouped && i < question->by_n; i++) {
        if (question->by[i].what == GL_DIMENSION_TIME) {
            gl_recount_add_(asking,
                            "(SELECT bucket FROM temp.b WHERE since <= ");
            gl_recount_add_(asking, when);
            gl_recount_add_(asking, " ORDER BY since DESC LIMIT 1)");
        } else {
            gl_recount_add_text_(asking, &question->by[i]);
        }
        g_string_append_printf(asking->sql->text, " AS k%zu, ", i);
    }
}

/* By the keys, after FIRST, which may be "". */
static void
add_groups(const struct gl_asking *asking, int grouped, const char *first)
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
add_paid(const struct gl_asking *asking, const char *sum)
{
    char code[4];

    gl_currency_code(asking->question->currency, code);
    gl_recount_add_(asking, sum);
    gl_recount_add_(asking, "(iif(e.currency = ");
    gl_recount_add_parameter_(asking, g_strdup(code));
    gl_recount_add_(asking, ", thousandths(e.amount), NULL))");
}

static void
add_of_events(const struct gl_asking *asking, int grouped)
{
    gl_recount_add_(asking, "SELECT ");
    add_keys(asking, grouped, "e.at");
    gl_recount_add_(asking,
                    "count(DISTINCT e.visitor) AS s0, 0 AS s1,"
                    " sum(e.kind = 1) AS s2, count(*) AS s3, 0 AS s4, 0 AS s5,"
                    " 0 AS s6, 0 AS s7, ");
    add_paid(asking, "count");
    gl_recount_add_(asking, " AS s8, ");
    add_paid(asking, "sum");
    gl_recount_add_(asking, " AS s9, 0 AS s10, 0 AS s11, 0 AS s12, 0 AS s13");
    add_events(asking);
    add_groups(asking, grouped, "");
}

/* By what each event has, once for each that it has. */
static void
add_of_visits(const struct gl_asking *asking, int grouped, int of_event)
{
    gl_recount_add_(asking, " UNION ALL SELECT ");
    add_keys(asking, grouped, "v.at");
    gl_recount_add_(
        asking, "0, count(DISTINCT v.id), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0");
    if (grouped && of_event) {
        add_events(asking);
        gl_recount_add_(asking, " AND");
    } else {
        gl_recount_add_(asking, " FROM temp.v AS v WHERE");
    }
    add_visits(asking);
    add_groups(asking, grouped, "");
}

static void
add_of_entries(const struct gl_asking *asking, int grouped, int of_event)
{
    struct gl_asking entered = *asking;

    entered.entry = 1;
    gl_recount_add_(asking, " UNION ALL SELECT ");
    add_keys(&entered, grouped, "v.at");
    gl_recount_add_(asking,
                    "0, 0, 0, 0, count(*), sum(v.bounced), sum(v.seconds),"
                    " sum(v.views), 0, 0, 0, 0, 0, 0 FROM temp.v AS v WHERE");
    add_visits(grouped && of_event ? &entered : asking);
    add_groups(asking, grouped, "");
}

/* Time adds up, of a visit's depths the greatest holds. */
static void
add_of_engagement(const struct gl_asking *asking, int grouped)
{
    const struct gl_question *question = asking->question;

    gl_recount_add_(asking, " UNION ALL SELECT ");
    for (size_t i = 0; grouped && i < question->by_n; i++)
        g_string_append_printf(asking->sql->text, "k%zu, ", i);
    gl_recount_add_(asking,
                    "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(engaged), count(*),"
                    " sum(depth), count(depth) FROM (SELECT ");
    add_keys(asking, grouped, "e.at");
    gl_recount_add_(asking,
                    "sum(e.engaged) AS engaged, max(e.depth) AS depth");
    add_events(asking);
    gl_recount_add_(asking, " AND e.engaged IS NOT NULL");
    add_groups(asking, grouped, "e.visit");
    gl_recount_add_(asking, ")");
    add_groups(asking, grouped, "");
}

/* A group is there when a sum that is asked for tells of something in it. */
static void
add_having(const struct gl_asking *asking)
{
    static const struct {
        uint32_t metrics;
        const char *sql;
    } asked[] = {
        {GL_METRICS_OF_EVENTS, " OR sum(s3) > 0"},
        {GL_METRIC_BIT(VISITS) | GL_METRIC_BIT(EXIT_RATE), " OR sum(s1) > 0"},
        {GL_METRICS_OF_VISITS, " OR sum(s4) > 0"}};

    gl_recount_add_(asking, " HAVING 0");
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++)
        if (asking->question->metrics & asked[i].metrics)
            gl_recount_add_(asking, asked[i].sql);
}

static struct gl_asking
begin(const struct gl_question *question, struct gl_recount_sql *sql)
{
    sql->text = g_string_new("SELECT ");
    sql->parameters = g_ptr_array_new_with_free_func(g_free);
    return (struct gl_asking){.question = question, .sql = sql, .event = "e"};
}

void
gl_recount_sql_sums(const struct gl_question *question, int grouped,
                    struct gl_recount_sql *sql)
{
    struct gl_asking asking = begin(question, sql);
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
    gl_recount_add_(&asking, " FROM (");
    add_of_events(&asking, grouped);
    add_of_visits(&asking, grouped, of_event);
    if (has_entries || !grouped)
        add_of_entries(&asking, grouped, of_event);
    if (gl_recount_wants_engagement(question))
        add_of_engagement(&asking, grouped);
    gl_recount_add_(&asking, ")");
    add_groups(&asking, grouped, "");
    if (grouped)
        add_having(&asking);
}

/* ---- rows ---- */

void
gl_recount_sql_rows(const struct gl_question *question, int visits, int limit,
                    struct gl_recount_sql *sql)
{
    struct gl_asking asking = begin(question, sql);

    gl_recount_add_(&asking,
                    visits ? "v.at, v.id, v.visitor, NULL, NULL, NULL"
                           : "e.at, e.visit, e.visitor, (SELECT"
                             " json_group_object(k.text, w.text)"
                             " FROM json_each(e.props) j JOIN main.prop_keys k"
                             " ON k.code = CAST(j.key AS INTEGER)"
                             " JOIN main.prop_values w ON w.code = j.value),"
                             " e.amount, e.currency");
    for (int i = 0; i < GL_DIMENSION_N; i++) {
        if (!gl_recount_has_text((enum gl_dimension) i))
            continue;
        gl_recount_add_(&asking, ", ");
        if (visits && gl_term_of((enum gl_dimension) i) == GL_OF_EVENT)
            gl_recount_add_(&asking, "NULL");
        else
            gl_recount_add_text_(
                &asking, &(struct gl_by){.what = (enum gl_dimension) i});
    }
    if (visits) {
        gl_recount_add_(&asking, " FROM temp.v AS v WHERE");
        add_visits(&asking);
        gl_recount_add_(&asking, " ORDER BY v.at, v.id");
    } else {
        add_events(&asking);
        gl_recount_add_(&asking, " ORDER BY e.at, e.id");
    }
    g_string_append_printf(sql->text, " LIMIT %d", limit);
}

void
gl_recount_sql_fini(struct gl_recount_sql *sql)
{
    g_string_free(sql->text, TRUE);
    g_ptr_array_free(sql->parameters, TRUE);
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
