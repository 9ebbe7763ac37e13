/*
 * Promise: several questions in one body are understood as each of them alone
 * with what they have in common; one that is wrong is refused by its number,
 * and so is a body that says twice what is common.
 */

#include "question/parse.h"
#include "tap.h"

#include <string.h>

#define NOW_MS INT64_C(1795876215000) /* 2026-11-28 14:30:15 UTC */

static const char head[] = "'site_id': 'a.example', 'date_range': '7d', "
                           "'filters': [['is', 'visit:os', ['Mac']]]";
static struct gl_parse_site site = {7, {NULL, NOW_MS, NOW_MS}, NULL};

/* TEXT is JSON with ' for "; the caller's. */
static json_t *
json_of(const char *text)
{
    char *quoted = g_strdelimit(g_strdup(text), "'", '"');
    json_t *json = json_loads(quoted, JSON_DECODE_ANY, NULL);

    if (json == NULL)
        tap_bail("no JSON: %s", quoted);
    g_free(quoted);
    return json;
}

/* ASKED is what is understood of QUERY, its own keys, alone. */
static void
check_one(const struct gl_asked *asked, const char *query)
{
    char *text = g_strdup_printf("{%s, %s}", head, query);
    json_t *json = json_of(text);
    struct gl_asked alone;
    char *why = NULL;

    if (gl_parse(json, &site, &alone, &why) != 0)
        tap_bail("%s: %s", text, why);
    tap_ok(json_equal(asked->query, alone.query), "as alone: %s", query);
    tap_ok(asked->question.from_ms == alone.question.from_ms &&
               asked->question.metrics == alone.question.metrics &&
               asked->question.by_n == alone.question.by_n &&
               asked->limit == alone.limit,
           "and the question is that one");
    gl_asked_fini(&alone);
    json_decref(json);
    g_free(text);
}

static void
test_understood(void)
{
    static const char *const queries[] = {
        "'metrics': ['visitors'], 'dimensions': ['time:day']",
        "'metrics': ['visits', 'pageviews'], 'dimensions': ['event:page'], "
        "'pagination': {'limit': 9}, 'order_by': [['visits', 'asc']]",
        "'metrics': ['bounce_rate'], 'include': {'comparisons': "
        "{'mode': 'previous_period'}, 'cost': true}",
    };
    char *text = g_strdup_printf("{%s, 'queries': [{%s}, {%s}, {%s}]}", head,
                                 queries[0], queries[1], queries[2]);
    json_t *json = json_of(text);
    struct gl_asked_all all;
    char *why = NULL;

    tap_int(gl_parse_all(json, &site, &all, &why), 0, "three at once");
    tap_str(why, NULL, "no sentence");
    tap_ok(all.is_list && all.n == 3, "in a list");
    for (size_t i = 0; i < all.n; i++)
        check_one(&all.one[i], queries[i]);
    gl_asked_all_fini(&all);
    json_decref(json);
    g_free(text);
}

static void
test_alone(void)
{
    char *text = g_strdup_printf("{%s, 'metrics': ['visits']}", head);
    json_t *json = json_of(text);
    struct gl_asked_all all;
    char *why = NULL;

    tap_int(gl_parse_all(json, &site, &all, &why), 0, "one without a list");
    tap_ok(!all.is_list && all.n == 1, "is no list");
    check_one(&all.one[0], "'metrics': ['visits']");
    gl_asked_all_fini(&all);
    json_decref(json);
    g_free(text);
}

static void
check_refused(const char *text, const char *sentence)
{
    char *want = g_strdelimit(g_strdup(sentence), "'", '"');
    json_t *json = json_of(text);
    struct gl_asked_all all;
    char *why = NULL;

    tap_int(gl_parse_all(json, &site, &all, &why), -1, "refused: %.200s",
            text);
    tap_str(why, want, "by name");
    g_free(why);
    json_decref(json);
    g_free(want);
}

/* QUERIES, and MORE keys, after what is common. */
static void
check_list(const char *queries, const char *more, const char *sentence)
{
    char *text = g_strdup_printf("{%s, 'queries': %s%s}", head, queries, more);

    check_refused(text, sentence);
    g_free(text);
}

static void
test_refused(void)
{
    GString *many = g_string_new("[");

    check_list("[]", "", "'queries' is a list of 1 to 20 queries");
    check_list("{}", "", "'queries' is a list of 1 to 20 queries");
    for (int i = 0; i <= GL_PARSE_QUERIES_MAX; i++)
        g_string_append_printf(many, "%s{'metrics': ['visits']}",
                               i == 0 ? "" : ", ");
    check_list(g_string_append_c(many, ']')->str, "",
               "'queries' is a list of 1 to 20 queries");
    check_list("[{'metrics': ['visits']}]", ", 'metrics': ['visits']",
               "'metrics' goes into each of 'queries'");
    check_list("[{'metrics': ['visits']}]", ", 'x': 1",
               "'x' goes into each of 'queries'");
    check_list("[7]", "", "'queries': number 1: is a JSON object");
    check_list("[{'metrics': ['visits']}, {'metrics': ['x']}]", "",
               "'queries': number 2: 'metrics': there is no metric 'x'");
    check_list("[{'metrics': ['visits'], 'site_id': 'b.example'}]", "",
               "'queries': number 1: 'site_id' is the same for all of them "
               "and stands beside 'queries'");
    check_list("[{'metrics': ['visits'], 'filters': []}]", "",
               "'queries': number 1: 'filters' is the same for all of them "
               "and stands beside 'queries'");
    check_list("[{'queries': [{'metrics': ['visits']}]}]", "",
               "'queries': number 1: 'queries' is not a key of a query");
    check_refused("{'site_id': 'a', 'queries': [{'metrics': ['visits']}]}",
                  "'queries': number 1: 'date_range' is missing");
    check_refused("[]", "the query is a JSON object");
    g_string_free(many, TRUE);
}

int
main(void)
{
    struct gl_zone *zone = gl_zone_new("Europe/Berlin");

    site.range.zone = zone;
    test_understood();
    test_alone();
    test_refused();
    gl_zone_free(zone);
    return tap_done();
}
