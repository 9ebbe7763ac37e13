/* Questions of a summary, and their answers; see questions.h. */

#include "summary/questions.h"

#include <stdio.h>
#include <string.h>

#include "gl_assert.h"
#include "question/range.h"

#define EPOCH_JULIAN 719163 /* of GDate: 1970-01-01 */
#define NOT_SET "(not set)"

static const char *const dimensions[GL_SUMMARY_BY_N] = {
    [GL_SUMMARY_CAMPAIGN] = "visit:utm_campaign",
    [GL_SUMMARY_SOURCE] = "visit:source",
    [GL_SUMMARY_PAGE] = "event:page",
    [GL_SUMMARY_COUNTRY] = "visit:country",
    [GL_SUMMARY_CHANNEL] = "visit:channel",
    [GL_SUMMARY_GOAL] = "event:goal"};

const char *
gl_summary_dimension(enum gl_summary_by by)
{
    return dimensions[by];
}

/* ---- weeks ---- */

char *
gl_summary_week_text(int64_t monday)
{
    GDate date;

    /* the year of a week is that of its Thursday */
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32) (monday + 3 + EPOCH_JULIAN));
    return g_strdup_printf("%04d-W%02u", g_date_get_year(&date),
                           g_date_get_iso8601_week_of_year(&date));
}

int
gl_summary_week_read(const char *text, int64_t *monday)
{
    unsigned year, week;
    char first[16], end;
    int64_t date;

    if (sscanf(text, "%4u-W%2u%c", &year, &week, &end) != 2 || week < 1)
        return 0;
    snprintf(first, sizeof first, "%04u-01-04", year % 10000);
    if (!gl_range_read_date(first, &date))
        return 0;
    /* 1970-01-01 was a Thursday */
    *monday = date - (date + 3) % 7 + 7 * (int64_t) (week - 1);
    g_autofree char *again = gl_summary_week_text(*monday);
    return strcmp(again, text) == 0;
}

/* "date_range" from DATE on, so many days. */
static json_t *
range_json(int64_t date, int64_t days)
{
    g_autofree char *first = gl_range_date_text(date);
    g_autofree char *last = gl_range_date_text(date + days - 1);
    return json_pack("[s, s]", first, last);
}

static json_t *
week_range(const struct gl_summary_of *of, int week)
{
    return range_json(of->monday - 7 * week, 7);
}

/* ---- questions ---- */

static json_t *
with_imports(const struct gl_summary_of *of, json_t *query)
{
    if (of->imports)
        json_object_set_new(query, "include",
                            json_pack("{s:b}", "imports", 1));
    return query;
}

/* One of several; METRICS are taken. */
static json_t *
part(const struct gl_summary_of *of, json_t *metrics, const char *dimension,
     int limit)
{
    json_t *query = json_pack("{s:o}", "metrics", metrics);

    if (dimension != NULL)
        json_object_set_new(query, "dimensions", json_pack("[s]", dimension));
    if (limit > 0)
        json_object_set_new(query, "pagination",
                            json_pack("{s:i}", "limit", limit));
    return with_imports(of, query);
}

static json_t *
several(const struct gl_summary_of *of, json_t *range, json_t *queries)
{
    return json_pack("{s:s, s:o, s:o}", "site_id", of->domain, "date_range",
                     range, "queries", queries);
}

json_t *
gl_summary_week_question(const struct gl_summary_of *of, int week)
{
    json_t *queries = json_array();

    json_array_append_new(
        queries,
        part(of, json_pack("[s, s, s]", "visitors", "visits", "pageviews"),
             NULL, 0));
    for (int by = 0; by < GL_SUMMARY_BY_N; by++)
        if (dimensions[by] != NULL && (by != GL_SUMMARY_GOAL || of->goals > 0))
            json_array_append_new(queries,
                                  part(of, json_pack("[s]", "visitors"),
                                       dimensions[by], GL_SUMMARY_VALUES));
    return several(of, week_range(of, week), queries);
}

json_t *
gl_summary_time_question(const struct gl_summary_of *of)
{
    json_t *queries = json_array();
    json_t *hours = part(of, json_pack("[s]", "pageviews"), "time:hour", 0);
    json_t *include = json_object_get(hours, "include");

    if (include == NULL)
        json_object_set_new(hours, "include", include = json_object());
    json_object_set_new(include, "time_labels", json_true());
    json_array_append_new(queries, hours);
    json_array_append_new(
        queries, part(of, json_pack("[s]", "visitors"), "time:day", 0));
    return several(of,
                   range_json(of->monday - 7 * (of->weeks - 1), 7 * of->weeks),
                   queries);
}

json_t *
gl_summary_receipt(const struct gl_summary_of *of, int week,
                   const char *metric, const char *dimension)
{
    json_t *query = part(of, json_pack("[s]", metric), dimension, 0);

    json_object_set_new(query, "site_id", json_string(of->domain));
    json_object_set_new(query, "date_range", week_range(of, week));
    return query;
}

json_t *
gl_summary_past_receipt(const struct gl_summary_of *of)
{
    json_t *query = part(of, json_pack("[s]", "visitors"), "time:week", 0);

    json_object_set_new(query, "site_id", json_string(of->domain));
    json_object_set_new(
        query, "date_range",
        range_json(of->monday - 7 * of->past, 7 * (int64_t) of->past));
    return query;
}

json_t *
gl_summary_past_question(const struct gl_summary_of *of)
{
    return of->past == 0 ? NULL : gl_summary_past_receipt(of);
}

char *
gl_summary_hour_text(const struct gl_summary_of *of, int week, int hour)
{
    g_autofree char *date =
        gl_range_date_text(of->monday - 7 * week + hour / 24);
    return g_strdup_printf("%s %02d:00:00", date, hour % 24);
}

/* ---- answers ---- */

static const json_t *
answer_at(const json_t *answer, size_t at)
{
    return json_object_get(
        json_array_get(json_object_get(answer, "answers"), at), "results");
}

static double
number(const json_t *row, size_t at)
{
    return json_number_value(
        json_array_get(json_object_get(row, "metrics"), at));
}

static const char *
text_of(const json_t *row)
{
    const char *text = json_string_value(
        json_array_get(json_object_get(row, "dimensions"), 0));

    return text == NULL || strcmp(text, NOT_SET) == 0 ? "" : text;
}

void
gl_summary_read_week(const json_t *answer, int week,
                     const struct gl_summary_of *of,
                     struct gl_summary_facts *facts)
{
    const json_t *totals = json_array_get(answer_at(answer, 0), 0), *row;
    size_t at = 1, i;

    facts->visitors[week] = number(totals, 0);
    facts->visits[week] = number(totals, 1);
    facts->pageviews[week] = number(totals, 2);
    for (int by = 0; by < GL_SUMMARY_BY_N; by++) {
        if (dimensions[by] == NULL ||
            (by == GL_SUMMARY_GOAL && of->goals == 0))
            continue;
        json_array_foreach (answer_at(answer, at), i, row) {
            gl_summary_add(facts, (enum gl_summary_by) by, text_of(row), week,
                           number(row, 0));
        }
        at++;
    }
}

/* Of which hour "2026-11-24 10:00:00" is, or day "2026-11-24": 1 and *WEEK and
 * *AT, hours of it; a day's first one. */
static int
place_of(const char *label, const struct gl_summary_of *of, int *week, int *at)
{
    char date[11];
    int64_t day;
    int hour = 0;

    if (label == NULL || strlen(label) < 10)
        return 0;
    memcpy(date, label, 10);
    date[10] = '\0';
    if (!gl_range_read_date(date, &day) ||
        (label[10] == ' ' && sscanf(label + 11, "%2d", &hour) != 1) ||
        hour < 0 || hour > 23)
        return 0;
    day -= of->monday - 7 * (int64_t) (of->weeks - 1);
    if (day < 0 || day >= 7 * of->weeks)
        return 0;
    *week = of->weeks - 1 - (int) (day / 7);
    *at = (int) (day % 7) * 24 + hour;
    return 1;
}

/* An hour that the local clock leaves out has no label: it is no hole. */
static void
read_labels(const json_t *answer, const struct gl_summary_of *of,
            struct gl_summary_facts *facts)
{
    const json_t *first =
        json_array_get(json_object_get(answer, "answers"), 0);
    const json_t *labels = json_object_get(json_object_get(first, "meta"),
                                           "time_labels"),
                 *label;
    size_t i;
    int week, at;

    for (week = 0; week < of->weeks; week++)
        for (at = 0; at < GL_SUMMARY_HOURS; at++)
            facts->hours[week][at] = -1;
    json_array_foreach (labels, i, label)
        if (place_of(json_string_value(label), of, &week, &at))
            facts->hours[week][at] = 0;
}

void
gl_summary_read_time(const json_t *answer, const struct gl_summary_of *of,
                     struct gl_summary_facts *facts)
{
    const json_t *row;
    size_t i;
    int week, at;

    GL_ASSERT(facts->weeks == of->weeks);
    read_labels(answer, of, facts);
    json_array_foreach (answer_at(answer, 0), i, row)
        if (place_of(text_of(row), of, &week, &at))
            facts->hours[week][at] += number(row, 0);
    json_array_foreach (answer_at(answer, 1), i, row)
        if (place_of(text_of(row), of, &week, &at))
            facts->days[week][at / 24] += number(row, 0);
}

void
gl_summary_read_past(const json_t *answer, struct gl_summary_facts *facts)
{
    const json_t *row;
    size_t i;

    json_array_foreach (json_object_get(answer, "results"), i, row) {
        if (number(row, 0) <= facts->most)
            continue;
        facts->most = number(row, 0);
        g_free(facts->most_week);
        facts->most_week = g_strdup(text_of(row));
    }
}
