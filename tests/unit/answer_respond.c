/*
 * Promise: counts become the Stats API's answer: each metric rounded as it
 * says, rows in the order asked for and whole pages of them, fillers for what
 * is not set, and no row in which nothing that was asked for was counted.
 *
 * The counts are made by hand: what counts them is tested elsewhere.
 */

#include "answer/respond.h"
#include "tap.h"

#include <string.h>

/* Answer to QUERY (JSON with ' for ") as text, "query" left out, and ' for ".
 * The caller's. */
static char *
answer(const char *query, const struct gl_counted *counted,
       const struct gl_counted *before)
{
    struct gl_zone *zone = gl_zone_new("UTC");
    struct gl_parse_site site = {1, {zone, INT64_C(1795876215000), 0}, NULL};
    char *text = g_strdelimit(
        g_strdup_printf("{'site_id': 'a', 'date_range': 'day', %s}", query),
        "'", '"');
    json_t *json = json_loads(text, 0, NULL), *got;
    struct gl_asked asked;
    char *why = NULL;

    g_free(text);
    if (json == NULL || gl_parse(json, &site, &asked, &why) != 0)
        tap_bail("%s: %s", query, why);
    got = gl_respond(&asked, counted, before, 1.234);
    tap_ok(json_equal(json_object_get(got, "query"), asked.query),
           "the query comes back");
    json_object_del(got, "query");
    text = json_dumps(got, JSON_COMPACT | JSON_REAL_PRECISION(15));
    gl_asked_fini(&asked);
    json_decref(got);
    json_decref(json);
    gl_zone_free(zone);
    return g_strdelimit(text, "\"", '\'');
}

static void
check(const char *query, const struct gl_counted *counted, const char *want)
{
    char *got = answer(query, counted, NULL);

    tap_str(got, want, "%s", query);
    free(got);
}

static void
test_numbers(void)
{
    struct gl_counted counted = {.all = {.sums = {[GL_SUM_VISITORS] = 5,
                                                  [GL_SUM_VISITS] = 6,
                                                  [GL_SUM_PAGEVIEWS] = 10,
                                                  [GL_SUM_EVENTS] = 11,
                                                  [GL_SUM_ENTRIES] = 6,
                                                  [GL_SUM_BOUNCES] = 4,
                                                  [GL_SUM_SECONDS] = 99,
                                                  [GL_SUM_VIEWS] = 10}},
                                 .rows = 17,
                                 .without_imports = "no_imported_data"};
    struct gl_counted none = {0};

    check("'metrics': ['visitors', 'visits', 'pageviews', 'events', "
          "'views_per_visit', 'bounce_rate', 'visit_duration']",
          &counted,
          "{'results':[{'metrics':[5,6,10,11,1.67,67,17],'dimensions':[]}],"
          "'meta':{}}");
    check("'metrics': ['visit_duration', 'views_per_visit', 'visitors']",
          &none,
          "{'results':[{'metrics':[0,0.0,0],'dimensions':[]}],'meta':{}}");
    check("'metrics': ['visitors'], 'include': {'cost': true, "
          "'total_rows': true, 'imports': true}",
          &counted,
          "{'results':[{'metrics':[5],'dimensions':[]}],'meta':{"
          "'imports_included':false,"
          "'imports_skip_reason':'no_imported_data',"
          "'total_rows':1,'rows_scanned':17,'milliseconds':1.23}}");
    check("'metrics': ['visitors'], 'include': {'imports': true}", &none,
          "{'results':[{'metrics':[0],'dimensions':[]}],'meta':{"
          "'imports_included':true}}");
}

/* ---- groups ---- */

struct row {
    const char *values[2];
    uint32_t hour;
    uint64_t visitors, entries, bounces;
};

static const struct row rows[] = {
    {{"Google", "/b"}, 3, 7, 4, 1}, {{"", "/a"}, 1, 9, 4, 2},
    {{"Bing", "/b"}, 1, 7, 0, 0},   {{"Bing", "/a"}, 2, 1, 1, 1},
    {{"Yahoo", "/"}, 2, 0, 0, 0},   {{"Google", "/a"}, 0, 7, 2, 2},
};

/* ROWS by BY_N of (source, page), or with time as the second. */
static struct gl_counted
count(struct gl_group groups[6], size_t by_n, int by_time)
{
    struct gl_counted counted = {0};

    counted.groups = g_array_new(FALSE, FALSE, sizeof(struct gl_group));
    for (size_t i = 0; i < by_n; i++)
        counted.values[i] = g_ptr_array_new();
    for (uint32_t i = 0; i < 6; i++) {
        groups[i] =
            (struct gl_group){.keys = {i, by_time ? rows[i].hour : i},
                              .sums = {[GL_SUM_VISITORS] = rows[i].visitors,
                                       [GL_SUM_EVENTS] = rows[i].visitors,
                                       [GL_SUM_ENTRIES] = rows[i].entries,
                                       [GL_SUM_BOUNCES] = rows[i].bounces}};
        for (size_t k = 0; k < by_n; k++)
            g_ptr_array_add(counted.values[k],
                            (gpointer) (uintptr_t) rows[i].values[k]);
        counted.all.sums[GL_SUM_VISITORS] += rows[i].visitors;
    }
    g_array_append_vals(counted.groups, groups, 6);
    return counted;
}

static void
end(struct gl_counted *counted, size_t by_n)
{
    g_array_free(counted->groups, TRUE);
    for (size_t i = 0; i < by_n; i++)
        g_ptr_array_free(counted->values[i], TRUE);
}

#define BY2 "'dimensions': ['visit:source', 'event:page']"

static void
test_order(void)
{
    struct gl_group groups[6];
    struct gl_counted counted = count(groups, 2, 0);

    check("'metrics': ['visitors'], " BY2, &counted,
          "{'results':[{'metrics':[9],'dimensions':['Direct / None','/a']},"
          "{'metrics':[7],'dimensions':['Bing','/b']},"
          "{'metrics':[7],'dimensions':['Google','/a']},"
          "{'metrics':[7],'dimensions':['Google','/b']},"
          "{'metrics':[1],'dimensions':['Bing','/a']}],'meta':{}}");
    check("'metrics': ['visitors'], " BY2 ", 'order_by': "
          "[['event:page', 'desc'], ['visitors', 'asc']], "
          "'pagination': {'limit': 2, 'offset': 1}, "
          "'include': {'total_rows': true}",
          &counted,
          "{'results':[{'metrics':[7],'dimensions':['Google','/b']},"
          "{'metrics':[1],'dimensions':['Bing','/a']}],"
          "'meta':{'total_rows':5}}");
    check("'metrics': ['visitors'], " BY2 ", 'pagination': {'offset': 5}",
          &counted, "{'results':[],'meta':{}}");
    /* of visits: where none was entered, there is nothing to tell */
    check("'metrics': ['bounce_rate'], " BY2, &counted,
          "{'results':[{'metrics':[100],'dimensions':['Bing','/a']},"
          "{'metrics':[100],'dimensions':['Google','/a']},"
          "{'metrics':[50],'dimensions':['Direct / None','/a']},"
          "{'metrics':[25],'dimensions':['Google','/b']}],'meta':{}}");
    check("'metrics': ['percentage'], " BY2 ", 'pagination': {'limit': 2}",
          &counted,
          "{'results':[{'metrics':[29.03],'dimensions':['Direct / None',"
          "'/a']},{'metrics':[22.58],'dimensions':['Bing','/b']}],"
          "'meta':{}}");
    end(&counted, 2);
}

static void
test_time(void)
{
    struct gl_group groups[6];
    struct gl_counted counted = count(groups, 1, 1);
    char *got;

    check("'metrics': ['visitors'], 'dimensions': ['visit:source', 'time']",
          &counted,
          "{'results':["
          "{'metrics':[7],'dimensions':['Google','2026-11-28 00:00:00']},"
          "{'metrics':[9],'dimensions':['Direct / None',"
          "'2026-11-28 01:00:00']},"
          "{'metrics':[7],'dimensions':['Bing','2026-11-28 01:00:00']},"
          "{'metrics':[1],'dimensions':['Bing','2026-11-28 02:00:00']},"
          "{'metrics':[7],'dimensions':['Google','2026-11-28 03:00:00']}],"
          "'meta':{}}");
    got = answer("'metrics': ['visitors'], 'dimensions': ['visit:source', "
                 "'time'], 'include': {'time_labels': true}",
                 &counted, NULL);
    tap_ok(strstr(got, "'meta':{'time_labels':['2026-11-28 00:00:00',") !=
                   NULL &&
               strstr(got, "'2026-11-28 23:00:00']}") != NULL,
           "all labels of time, in order");
    free(got);
    end(&counted, 1);
}

/* ---- beside an earlier time ---- */

static void
check_beside(const char *query, const struct gl_counted *counted,
             const struct gl_counted *before, const char *want)
{
    char *full = g_strconcat(
        query, ", 'include': {'comparisons': {'mode': 'previous_period'}}",
        NULL);
    char *got = answer(full, counted, before);

    tap_str(got, want, "%s beside", query);
    g_free(full);
    free(got);
}

static void
test_changes(void)
{
    static const struct {
        uint64_t now, then;
        const char *change;
    } cases[] = {{12, 8, "50"},   {8, 12, "-33"},  {0, 3, "-100"},
                 {3, 0, "100"},   {0, 0, "0"},     {5, 5, "0"},
                 {201, 200, "1"}, {199, 200, "-1"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gl_counted now = {.all.sums[GL_SUM_VISITORS] = cases[i].now};
        struct gl_counted then = {.all.sums[GL_SUM_VISITORS] = cases[i].then};
        char *want = g_strdup_printf(
            "{'results':[{'metrics':[%d],'dimensions':[],'comparison':"
            "{'metrics':[%d],'change':[%s],'dimensions':[]}}],'meta':{}}",
            (int) cases[i].now, (int) cases[i].then, cases[i].change);

        check_beside("'metrics': ['visitors']", &now, &then, want);
        g_free(want);
    }
}

/* Shares have a difference, and none to what was not there. */
static void
test_shares(void)
{
    struct gl_counted now = {
        .all.sums = {
            [GL_SUM_ENTRIES] = 4, [GL_SUM_BOUNCES] = 1, [GL_SUM_VIEWS] = 9}};
    struct gl_counted then = {
        .all.sums = {
            [GL_SUM_ENTRIES] = 3, [GL_SUM_BOUNCES] = 2, [GL_SUM_VIEWS] = 3}};
    struct gl_counted none = {0};

    check_beside("'metrics': ['bounce_rate', 'views_per_visit']", &now, &then,
                 "{'results':[{'metrics':[25,2.25],'dimensions':[],"
                 "'comparison':{'metrics':[67,1.0],'change':[-42,125],"
                 "'dimensions':[]}}],'meta':{}}");
    check_beside("'metrics': ['bounce_rate', 'views_per_visit']", &now, &none,
                 "{'results':[{'metrics':[25,2.25],'dimensions':[],"
                 "'comparison':{'metrics':[0,0.0],'change':[null,100],"
                 "'dimensions':[]}}],'meta':{}}");
}

/* Rows are found by their texts, not by their numbers in the dictionary. */
static void
test_groups_beside(void)
{
    static const char *const then_sources[] = {"", "Google", "Gone"};
    struct gl_group groups[6], then_groups[3];
    struct gl_counted counted = count(groups, 1, 0), before = {0};

    before.groups = g_array_new(FALSE, FALSE, sizeof(struct gl_group));
    before.values[0] = g_ptr_array_new();
    for (uint32_t i = 0; i < 3; i++) {
        then_groups[i] =
            (struct gl_group){{i, 0},
                              .sums = {[GL_SUM_VISITORS] = 3 * (i + 1),
                                       [GL_SUM_EVENTS] = 3 * (i + 1)}};
        g_ptr_array_add(before.values[0],
                        (gpointer) (uintptr_t) then_sources[i]);
    }
    g_array_append_vals(before.groups, then_groups, 3);
    g_array_set_size(counted.groups, 3); /* Google, none, Bing */
    check_beside("'metrics': ['visitors'], 'dimensions': ['visit:source']",
                 &counted, &before,
                 "{'results':[{'metrics':[9],'dimensions':['Direct / None'],"
                 "'comparison':{'metrics':[3],'change':[200],'dimensions':"
                 "['Direct / None']}},"
                 "{'metrics':[7],'dimensions':['Bing'],'comparison':"
                 "{'metrics':[0],'change':[100],'dimensions':['Bing']}},"
                 "{'metrics':[7],'dimensions':['Google'],'comparison':"
                 "{'metrics':[6],'change':[17],'dimensions':['Google']}}],"
                 "'meta':{}}");
    end(&before, 1);
    end(&counted, 1);
}

/* By time: bucket by bucket; an hour that is empty now is a row when the one
 * before was not; what is still to come has nothing beside it. */
static void
test_time_beside(void)
{
    struct gl_group now[2] = {
        {.keys = {1}, .sums = {[GL_SUM_VISITORS] = 4, [GL_SUM_EVENTS] = 4}},
        {.keys = {23}, .sums = {[GL_SUM_VISITORS] = 1, [GL_SUM_EVENTS] = 1}}};
    struct gl_group then[2] = {
        {.keys = {0}, .sums = {[GL_SUM_VISITORS] = 2, [GL_SUM_EVENTS] = 2}},
        {.keys = {1}, .sums = {[GL_SUM_VISITORS] = 5, [GL_SUM_EVENTS] = 5}}};
    struct gl_counted counted = {0}, before = {0};

    counted.groups = g_array_new(FALSE, FALSE, sizeof(struct gl_group));
    before.groups = g_array_new(FALSE, FALSE, sizeof(struct gl_group));
    g_array_append_vals(counted.groups, now, 2);
    g_array_append_vals(before.groups, then, 2);
    check_beside("'metrics': ['visitors'], 'dimensions': ['time:hour']",
                 &counted, &before,
                 "{'results':[{'metrics':[0],'dimensions':"
                 "['2026-11-28 00:00:00'],'comparison':{'metrics':[2],"
                 "'change':[-100],'dimensions':['2026-11-27 00:00:00']}},"
                 "{'metrics':[4],'dimensions':['2026-11-28 01:00:00'],"
                 "'comparison':{'metrics':[5],'change':[-20],'dimensions':"
                 "['2026-11-27 01:00:00']}},"
                 "{'metrics':[1],'dimensions':['2026-11-28 23:00:00'],"
                 "'comparison':null}],'meta':{}}");
    g_array_free(counted.groups, TRUE);
    g_array_free(before.groups, TRUE);
}

int
main(void)
{
    test_changes();
    test_shares();
    test_groups_beside();
    test_time_beside();
    test_numbers();
    test_order();
    test_time();
    return tap_done();
}
