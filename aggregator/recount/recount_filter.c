/* Texts of dimensions and what passes a filter, as SQL. */

#include "recount/recount_sql_internal.h"

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

void
gl_recount_add_(const struct gl_asking *asking, const char *sql)
{
    for (; *sql != '\0'; sql++)
        if (*sql == '@')
            g_string_append(asking->sql->text, asking->event);
        else
            g_string_append_c(asking->sql->text, *sql);
}

/* "?7", which is VALUE (taken). */
void
gl_recount_add_parameter_(const struct gl_asking *asking, char *value)
{
    g_ptr_array_add(asking->sql->parameters, value);
    g_string_append_printf(asking->sql->text, "?%u",
                           2 + asking->sql->parameters->len);
}

void
gl_recount_add_text_(const struct gl_asking *asking, const struct gl_by *by)
{
    if (by->what == GL_DIMENSION_PROP) {
        gl_recount_add_(
            asking,
            "ifnull((SELECT w.text FROM json_each(@.props) j"
            " JOIN main.prop_keys k ON k.code = CAST(j.key AS INTEGER)"
            " JOIN main.prop_values w ON w.code = j.value WHERE k.text = ");
        gl_recount_add_parameter_(asking, g_strdup(by->prop));
        gl_recount_add_(asking, "), '')");
    } else if (gl_term_has_entry(by->what) && asking->entry) {
        gl_recount_add_(asking, text_of[by->what == GL_DIMENSION_PAGE
                                            ? GL_DIMENSION_ENTRY_PAGE
                                            : GL_DIMENSION_ENTRY_HOSTNAME]);
    } else {
        gl_recount_add_(asking, text_of[by->what]);
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
add_leaf(const struct gl_asking *asking, const struct gl_predicate *leaf)
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

    gl_recount_add_(asking, "EXISTS (SELECT 1 FROM json_each(");
    gl_recount_add_parameter_(asking, values_text(leaf));
    gl_recount_add_(asking, ") AS given WHERE ");
    gl_recount_add_(asking, op[0]);
    gl_recount_add_text_(asking, &leaf->by);
    gl_recount_add_(asking, op[1]);
    gl_recount_add_(asking, ")");
}

/* The visit has such an event in the range. */
static void
add_has_done(const struct gl_asking *asking, const struct gl_predicate *filter)
{
    struct gl_asking inner = *asking;

    inner.event = "d";
    inner.entry = 0;
    gl_recount_add_(&inner,
                    "EXISTS (SELECT 1 FROM temp.e AS d WHERE d.visit = v.id"
                    " AND d.counts AND d.at >= ?1 AND d.at < ?2 AND ");
    gl_recount_add_filter_(&inner, filter->children->pdata[0]);
    gl_recount_add_(&inner, ")");
}

/* A page was scrolled down so far. */
static void
add_scrolled(const struct gl_asking *asking, uint32_t percent)
{
    gl_recount_add_(asking, "ifnull(@.depth, -1) >= ");
    g_string_append_printf(asking->sql->text, "%u", percent);
}

/* Of nothing AND is true, OR and NOT are not.  A goal's pages are none where a
 * visit was entered. */
static void
add_children(const struct gl_asking *asking, const struct gl_predicate *filter)
{
    static const char *const begin[] = {[GL_PREDICATE_AND] = "(1",
                                        [GL_PREDICATE_OR] = "(0",
                                        [GL_PREDICATE_NOT] = "NOT (0"};
    struct gl_asking inner = *asking;

    inner.entry &= !filter->of_goal;
    gl_recount_add_(asking, begin[filter->op]);
    for (guint i = 0; i < filter->children->len; i++) {
        gl_recount_add_(asking,
                        filter->op == GL_PREDICATE_AND ? " AND " : " OR ");
        gl_recount_add_filter_(&inner, filter->children->pdata[i]);
    }
    gl_recount_add_(asking, ")");
}

void
gl_recount_add_filter_(const struct gl_asking *asking,
                       const struct gl_predicate *filter)
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

/* ---- what is asked for ---- */

int
gl_recount_has_text(enum gl_dimension dimension)
{
    return text_of[dimension] != NULL;
}
