/*
 * Promise: counts become the Stats API's answer: each metric rounded as it
 * says, rows in the order asked for and whole pages of them, fillers for what
 * is not set, and no row in which nothing that was asked for was counted.
 *
 * The counts are made by hand: what counts them is tested elsewhere.
 */

#include "query/respond.h"
#include "tap.h"

#include <string.h>

/* Answer to QUERY (JSON with ' for ") as text, "query" left out, and ' for ".
 * The caller's. */
static char *
answer(const char *query, const struct gl_counted *counted)
{
    struct gl_zone *zone = gl_zone_new("UTC");
    struct gl_parse_site site = {1, {zone, INT64_C(1795876215000), 0}};
    char *text = g_strdelimit(
        g_strdup_printf("{'site_id': 'a', 'date_range': 'day', %s}", query),
        "'", '"');
    json_t *json = json_loads(text, 0, NULL), *got;
    struct gl_asked asked;
    char *why = NULL;

    g_free(text);
    if (json == NULL || gl_parse(json, &site, &asked, &why) != 0)
        tap_bail("%s: %s", query, why);
    got = gl_respond(&asked, counted, 1.234);
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
    char *got = answer(query, counted);

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
                                 .rows = 17};
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
        groups[i] = (struct gl_group){{i, by_time ? rows[i].hour : i},
                                      {[GL_SUM_VISITORS] = rows[i].visitors,
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
                 &counted);
    tap_ok(strstr(got, "'meta':{'time_labels':['2026-11-28 00:00:00',") !=
                   NULL &&
               strstr(got, "'2026-11-28 23:00:00']}") != NULL,
           "all labels of time, in order");
    free(got);
    end(&counted, 1);
}

int
main(void)
{
    test_numbers();
    test_order();
    test_time();
    return tap_done();
}
