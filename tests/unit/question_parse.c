/*
 * Promise: a query of the Stats API v2 is understood as the API has it, and
 * what is no such query is refused with a sentence that names the key and the
 * word.
 */

#include "question/parse.h"
#include "tap.h"

#include <string.h>

#define NOW_MS INT64_C(1795876215000) /* 2026-11-28 14:30:15 UTC */

static struct gl_defined *defined;

/* 0 and *ASKED, or -1 and *WHY.  TEXT is JSON with ' for ". */
static int
parse(const char *text, struct gl_asked *asked, char **why)
{
    struct gl_zone *zone = gl_zone_new("Europe/Berlin");
    struct gl_parse_site site = {7, {zone, NOW_MS, NOW_MS}, defined};
    char *quoted = g_strdelimit(g_strdup(text), "'", '"');
    json_t *json = json_loads(quoted, JSON_DECODE_ANY, NULL);
    int error;

    if (json == NULL)
        tap_bail("no JSON: %s", quoted);
    error = gl_parse(json, &site, asked, why);
    json_decref(json);
    g_free(quoted);
    gl_zone_free(zone);
    return error;
}

/* ---- what is understood ---- */

/* The tree as text: (and (not (is event:page+ "/" "/x"))). */
static void
show(const struct gl_predicate *filter, GString *text)
{
    static const char *const names[] = {"and",      "or",      "not",
                                        "has_done", "is",      "contains",
                                        "matches",  "scrolled"};

    g_string_append_printf(text, "(%s", names[filter->op]);
    if (filter->children == NULL)
        g_string_append_printf(text, " %d%s%s%s", (int) filter->by.what,
                               filter->by.prop == NULL ? "" : "/",
                               filter->by.prop == NULL ? "" : filter->by.prop,
                               filter->any_case ? "~" : "");
    for (guint i = 0; filter->values != NULL && i < filter->values->len; i++)
        g_string_append_printf(text, " '%s'",
                               (char *) g_ptr_array_index(filter->values, i));
    for (guint i = 0; filter->children != NULL && i < filter->children->len;
         i++) {
        g_string_append_c(text, ' ');
        show(g_ptr_array_index(filter->children, i), text);
    }
    g_string_append_c(text, ')');
}

#define HEAD                                                                  \
    "{'site_id': 'a.example', 'metrics': ['visitors'], "                      \
    "'date_range': '7d'"

static void
check_filter(const char *filters, const char *want)
{
    char *text = g_strconcat(HEAD ", 'filters': ", filters, "}", NULL);
    GString *got = g_string_new("");
    struct gl_asked asked;
    char *why = NULL;

    if (parse(text, &asked, &why) == 0) {
        if (asked.question.filter != NULL)
            show(asked.question.filter, got);
        gl_asked_fini(&asked);
    }
    tap_str(why, NULL, "%s is understood", filters);
    tap_str(got->str, want, "%s", filters);
    g_string_free(got, TRUE);
    g_free(text);
    g_free(why);
}

static void
test_filters(void)
{
    char want[128];

    check_filter("[]", "");
    snprintf(want, sizeof want, "(and (is %d '/' '/x'))", GL_DIMENSION_PAGE);
    check_filter("[['is', 'event:page', ['/', '/x']]]", want);
    snprintf(want, sizeof want, "(and (not (contains %d~ 'fire')))",
             GL_DIMENSION_BROWSER);
    check_filter("[['contains_not', 'visit:browser', ['fire'], "
                 "{'case_sensitive': false}]]",
                 want);
    snprintf(want, sizeof want, "(and (matches %d/plan '^a+$'))",
             GL_DIMENSION_PROP);
    check_filter("[['matches', 'event:props:plan', ['^a+$'], "
                 "{'case_sensitive': true}]]",
                 want);
    snprintf(want, sizeof want, "(and (is %d '' 'Google') (is %d ''))",
             GL_DIMENSION_SOURCE, GL_DIMENSION_UTM_TERM);
    check_filter("[['is', 'visit:source', ['Direct / None', 'Google']], "
                 "['is', 'visit:utm_term', ['(not set)']]]",
                 want);
    snprintf(want, sizeof want,
             "(and (or (not (is %d 'DE')) (not (has_done (is %d 'a')))))",
             GL_DIMENSION_COUNTRY, GL_DIMENSION_NAME);
    check_filter("[['or', [['not', ['is', 'visit:country', ['DE']]], "
                 "['has_not_done', ['is', 'event:name', ['a']]]]]]",
                 want);
}

static void
check_query(const char *text, const char *want)
{
    char *expected = g_strdelimit(g_strdup(want), "'", '"');
    struct gl_asked asked;
    char *why = NULL, *got;

    tap_int(parse(text, &asked, &why), 0, "%s is understood", text);
    if (why != NULL)
        tap_bail("%s", why);
    got = json_dumps(asked.query, JSON_COMPACT);
    tap_str(got, expected, "the query as it was understood");
    free(got);
    g_free(expected);
    gl_asked_fini(&asked);
}

static void
test_understood(void)
{
    check_query(HEAD "}",
                "{'site_id':'a.example','metrics':['visitors'],"
                "'date_range':['2026-11-21T00:00:00+01:00',"
                "'2026-11-27T23:59:59+01:00'],'dimensions':[],'filters':[],"
                "'order_by':[['visitors','desc']],'include':{},"
                "'pagination':{'limit':10000,'offset':0}}");
    check_query("{'site_id': 'a.example', 'metrics': ['visits', 'pageviews'], "
                "'date_range': 'day', 'dimensions': ['visit:source', 'time'], "
                "'pagination': {'limit': 3}, 'include': {'imports': false}}",
                "{'site_id':'a.example','metrics':['visits','pageviews'],"
                "'date_range':['2026-11-28T00:00:00+01:00',"
                "'2026-11-28T23:59:59+01:00'],"
                "'dimensions':['visit:source','time'],'filters':[],"
                "'order_by':[['time','asc'],['visits','desc']],"
                "'include':{'imports':false},"
                "'pagination':{'limit':3,'offset':0}}");
}

static void
test_question(void)
{
    struct gl_asked asked;
    char *why = NULL;

    parse("{'site_id': 'a.example', 'metrics': ['pageviews', 'bounce_rate'], "
          "'date_range': 'day', 'dimensions': ['event:page', 'time'], "
          "'order_by': [['event:page', 'asc'], ['bounce_rate', 'desc']], "
          "'pagination': {'offset': 5}, "
          "'include': {'total_rows': true, 'time_labels': true, "
          "'cost': true}}",
          &asked, &why);
    tap_str(why, NULL, "all keys are understood");
    tap_int(asked.question.site, 7, "the site's id");
    tap_int(asked.question.to_ms - asked.question.from_ms, 86400000, "a day");
    tap_uint(asked.question.metrics,
             1u << GL_METRIC_PAGEVIEWS | 1u << GL_METRIC_BOUNCE_RATE,
             "which metrics");
    tap_int(asked.metrics[0], GL_METRIC_PAGEVIEWS, "in their order");
    tap_int(asked.question.by[1].what, GL_DIMENSION_TIME,
            "time is the second");
    tap_int(asked.question.time.labels->len, 24, "in hours");
    tap_ok(!asked.order[0].is_metric && asked.order[0].at == 0 &&
               !asked.order[0].down,
           "first by the page");
    tap_ok(asked.order[1].is_metric && asked.order[1].at == 1 &&
               asked.order[1].down,
           "then by the bounce rate");
    tap_int((int64_t) asked.offset, 5, "offset");
    tap_int((int64_t) asked.limit, 10000, "limit");
    tap_ok(asked.total_rows && asked.time_labels && asked.cost, "include");
    gl_asked_fini(&asked);
}

/* ---- what is refused ---- */

static void
check_refused(const char *text, const char *sentence)
{
    char *want = g_strdelimit(g_strdup(sentence), "'", '"');
    struct gl_asked asked;
    char *why = NULL;

    tap_int(parse(text, &asked, &why), -1, "refused: %s", text);
    tap_str(why, want, "by name");
    g_free(why);
    g_free(want);
}

/* REST takes the place of, or follows, what is asked as a rule. */
static void
check_rest(const char *rest, const char *sentence)
{
    char *text = g_strconcat(HEAD ", ", rest, "}", NULL);

    check_refused(text, sentence);
    g_free(text);
}

static void
check_compared(const char *comparisons, const char *why)
{
    char *rest =
        g_strdup_printf("'include': {'comparisons': %s}", comparisons);
    char *sentence = g_strdup_printf("'comparisons': %s", why);

    check_rest(rest, sentence);
    g_free(rest);
    g_free(sentence);
}

static void
test_keys(void)
{
    check_refused("[]", "the query is a JSON object");
    check_refused("{}", "'site_id' is missing");
    check_refused("{'site_id': 7}", "'site_id' is the domain of a site");
    check_refused("{'site_id': 'a'}", "'metrics' is missing");
    check_refused("{'site_id': 'a', 'metrics': ['visits']}",
                  "'date_range' is missing");
    check_rest("'dimension': []", "'dimension' is not a key of a query");
    check_rest("'metrics': []", "'metrics' is a list of at least one metric");
    check_rest("'metrics': 'visits'",
               "'metrics' is a list of at least one metric");
    check_rest("'metrics': [7]", "'metrics' is a list of texts");
    check_rest("'metrics': ['x']", "'metrics': there is no metric 'x'");
    check_rest("'metrics': ['time_on_page']",
               "'metrics': 'time_on_page' goes with 'event:page' in 'filters' "
               "or 'dimensions' only");
    check_rest("'metrics': ['conversion_rate']",
               "'metrics': 'conversion_rate' goes with 'event:goal' in "
               "'filters' or 'dimensions' only");
    check_rest("'metrics': ['group_conversion_rate']",
               "'metrics': 'group_conversion_rate' goes with 'dimensions' "
               "only");
    check_rest("'metrics': ['bounce_rate'], 'dimensions': ['event:goal']",
               "'metrics': 'bounce_rate' is of visits and does not go with "
               "'event:goal'");
    check_rest("'metrics': ['visits', 'visits']",
               "'metrics': 'visits' is there twice");
    check_rest("'metrics': ['percentage']",
               "'metrics': 'percentage' goes with 'dimensions' only");
    check_rest("'metrics': ['bounce_rate'], 'dimensions': ['event:name']",
               "'metrics': 'bounce_rate' is of visits and does not go with "
               "'event:name'");
    check_rest("'dimensions': {}", "'dimensions' is a list");
    check_rest("'dimensions': [7]", "'dimensions' is a list of texts");
    check_rest("'dimensions': ['visit:x']",
               "'dimensions': there is no dimension 'visit:x'");
    check_rest("'dimensions': ['event:props:']",
               "'dimensions': there is no dimension 'event:props:'");
    check_rest("'dimensions': ['visit:os', 'visit:os']",
               "'dimensions': 'visit:os' is there twice");
    check_rest("'dimensions': ['time', 'time:day']",
               "'dimensions': time is there twice");
    check_rest("'dimensions': ['event:page', 'visit:os', 'visit:city', "
               "'visit:region', 'visit:device']",
               "'dimensions': more than 4");
    check_rest("'date_range': ['2020-01-01', '2026-01-01'], 'dimensions': "
               "['time:hour']",
               "'dimensions': 'time:hour' of this 'date_range' is more than "
               "10000 rows");
}

static void
test_rest(void)
{
    check_rest("'order_by': {}", "'order_by' is a list");
    check_rest("'order_by': [['visitors']]",
               "'order_by' is a list of [metric or dimension, 'asc' or "
               "'desc']");
    check_rest("'order_by': [['visitors', 'up']]",
               "'order_by' is a list of [metric or dimension, 'asc' or "
               "'desc']");
    check_rest("'order_by': [['visits', 'asc']]",
               "'order_by': 'visits' is neither among 'metrics' nor "
               "'dimensions'");
    check_rest("'order_by': [['visitors', 'asc'], ['visitors', 'asc']]",
               "'order_by': 'visitors' is there twice");
    check_rest("'include': []", "'include' is an object");
    check_rest("'include': {'x': true}", "'include': there is no part 'x'");
    check_compared("[]", "is an object with a 'mode'");
    check_compared("{}", "'mode' is previous_period, year_over_year or "
                         "custom");
    check_compared("{'mode': 'x'}", "'mode' is previous_period, "
                                    "year_over_year or custom");
    check_compared("{'mode': 'custom', 'x': 1}",
                   "has 'mode', 'date_range' and 'match_day_of_week', nothing "
                   "else");
    check_compared("{'mode': 'previous_period', 'match_day_of_week': 1}",
                   "'match_day_of_week' is true or false");
    check_compared("{'mode': 'previous_period', 'date_range': ['2026-01-01', "
                   "'2026-01-02']}",
                   "'date_range' goes with 'custom' only");
    check_compared("{'mode': 'custom'}",
                   "with 'custom', 'date_range' is a list of two dates or of "
                   "two times with an offset");
    check_compared("{'mode': 'custom', 'date_range': '7d'}",
                   "with 'custom', 'date_range' is a list of two dates or of "
                   "two times with an offset");
    check_compared("{'mode': 'custom', 'date_range': ['2026-01-01', "
                   "'2026-01-02'], 'match_day_of_week': true}",
                   "'match_day_of_week' does not go with 'custom'");
    check_rest("'include': {'total_rows': 1}",
               "'include': 'total_rows' is true or false");
    check_rest("'include': {'time_labels': true}",
               "'include': 'time_labels' goes with time in 'dimensions' "
               "only");
    check_rest("'pagination': []",
               "'pagination' is an object of 'limit' and 'offset'");
    check_rest("'pagination': {'limit': 1, 'page': 1}",
               "'pagination' is an object of 'limit' and 'offset'");
    check_rest("'pagination': {'limit': 0}",
               "'pagination': 'limit' is a whole number from 1 to 10000");
    check_rest("'pagination': {'limit': 10001}",
               "'pagination': 'limit' is a whole number from 1 to 10000");
    check_rest("'pagination': {'offset': -1}",
               "'pagination': 'offset' is a whole number from 0 to "
               "2147483647");
}

static void
check_bad_filter(const char *filters, const char *sentence)
{
    char *rest = g_strconcat("'filters': ", filters, NULL);
    char *whole = g_strconcat("'filters'", sentence, NULL);

    check_rest(rest, whole);
    g_free(whole);
    g_free(rest);
}

static void
test_bad_filters(void)
{
    check_bad_filter("{}", " is a list of filters");
    check_bad_filter("['is', 'event:page', ['/']]",
                     ": a filter is a list that begins with 'is', "
                     "'contains', 'and' and so on");
    check_bad_filter("[['like', 'event:page', ['/']]]",
                     ": there is no 'like'");
    check_bad_filter("[['is']]", ": a filter is [how, dimension, [value]]");
    check_bad_filter("[['is', 'event:pages', ['/']]]",
                     ": there is no dimension 'event:pages'");
    check_bad_filter("[['is', 'event:goal', ['Sign']]]",
                     ": the site has no goal 'Sign'");
    check_bad_filter("[['is_not', 'event:goal', ['Signup']]]",
                     ": 'event:goal' goes with 'is' and 'contains' only, not "
                     "with 'is_not'");
    check_bad_filter("[['not', ['is', 'event:goal', ['Signup']]]]",
                     ": 'event:goal' stands at the top or in 'has_done' only");
    check_bad_filter("[['is', 'segment', [7]]]",
                     ": the site has no such segment");
    check_bad_filter("[['is', 'time:day', ['2026-01-01']]]",
                     ": time is filtered by 'date_range'");
    check_bad_filter("[['is', 'event:page', '/']]",
                     ": 'is' takes a list of 1 to 1000 values");
    check_bad_filter("[['is', 'event:page', []]]",
                     ": 'is' takes a list of 1 to 1000 values");
    check_bad_filter("[['is', 'event:page', [7]]]", ": values are texts");
    check_bad_filter("[['is', 'event:page', ['/'], {}]]",
                     ": what may follow the values is {'case_sensitive': "
                     "true or false}");
    check_bad_filter("[['is', 'event:page', ['/'], {'case_sensitive': true}, "
                     "7]]",
                     ": 'is' is followed by too much");
    check_bad_filter("[['and', []]]",
                     ": 'and' is followed by a list of filters");
    check_bad_filter("[['not', ['is', 'event:page', ['/']], 7]]",
                     ": 'not' is followed by one thing");
    check_bad_filter("[['has_done', ['not', ['has_done', ['is', 'event:page', "
                     "['/']]]]]]",
                     ": 'has_done' within another one");
}

/* DEPTH times "not", before a filter. */
static char *
deep(int depth)
{
    GString *text = g_string_new("'filters': [");

    for (int i = 0; i < depth; i++)
        g_string_append(text, "['not', ");
    g_string_append(text, "['is', 'event:page', ['/']]");
    for (int i = 0; i < depth; i++)
        g_string_append_c(text, ']');
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

static void
test_bounds(void)
{
    char *text = deep(GL_QUESTION_DEPTH_MAX - 1);
    GString *many = g_string_new("'filters': [");
    struct gl_asked asked;
    char *why = NULL;
    char *fits = deep(GL_QUESTION_DEPTH_MAX - 2);
    char *whole = g_strconcat(HEAD ", ", fits, "}", NULL);

    check_rest(text, "'filters': deeper than 8");
    tap_int(parse(whole, &asked, &why), 0, "as deep as may be");
    gl_asked_fini(&asked);
    for (int i = 0; i < GL_QUESTION_FILTERS_MAX; i++)
        g_string_append_printf(many, "%s['is', 'event:page', ['/']]",
                               i == 0 ? "" : ", ");
    g_string_append_c(many, ']');
    check_rest(many->str, "'filters': more than 64, a not among them");
    g_string_free(many, TRUE);
    g_free(whole);
    g_free(fits);
    g_free(text);
}

static void
test_pattern(void)
{
    struct gl_asked asked;
    char *why = NULL;

    tap_int(parse(HEAD ", 'filters': [['matches', 'event:page', ['a(b']]]}",
                  &asked, &why),
            -1, "no regular expression");
    tap_ok(why != NULL &&
               g_str_has_prefix(why, "\"filters\": \"a(b\" is not a regular "
                                     "expression: "),
           "%s", why);
    g_free(why);
}

static void
test_goals(void)
{
    check_filter("[['is', 'event:goal', ['Signup']]]",
                 "(and (or (and (is 2 'Signup'))))");
    check_filter("[['is', 'event:goal', ['visit /B*', 'SIGNUP'], "
                 "{'case_sensitive': false}]]",
                 "(and (or (and (is 2 'Signup')) (and (is 2 'pageview') "
                 "(matches 0 '^/b[^/]*\\z'))))");
    check_filter("[['has_done', ['contains', 'event:goal', ['75%']]]]",
                 "(and (has_done (or (and (is 2 'pageview') "
                 "(matches 0 '^/a/.*/b\\z') (is 3/plan 'pro') "
                 "(scrolled 2)))))");
    check_filter("[['contains', 'event:goal', ['x']]]", "(and (or))");
}

int
main(void)
{
    defined = gl_defined_new();
    gl_defined_add(defined, 1, "goal", "Signup", "{\"event\": \"Signup\"}");
    gl_defined_add(defined, 2, "goal", "Visit /b*", "{\"page\": \"/b*\"}");
    gl_defined_add(defined, 3, "goal", "Scroll 75% on it",
                   "{\"page\": \"/a/**/b\", \"scroll\": 75, "
                   "\"props\": {\"plan\": \"pro\"}}");
    gl_defined_add(defined, 4, "goal", "bad", "{\"page\": 7}");
    test_goals();
    test_filters();
    test_understood();
    test_question();
    test_keys();
    test_rest();
    test_bad_filters();
    test_bounds();
    test_pattern();
    gl_defined_free(defined);
    return tap_done();
}
