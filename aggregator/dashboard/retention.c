/* Who came again in which week; see lists.h. */

#include "dashboard/lists.h"

#include <string.h>

#include "language/dates.h"
#include "language/numbers.h"

/* 104 weeks are what is answered (query/walk/retention.h); a range may begin
 * and end inside of one. */
#define HOURS_MAX (102 * 7 * 24)
#define LEVELS 5 /* of the tint of a cell */

static int
is_open(const struct gl_page *page)
{
    struct gl_list open = gl_list_open(page, GL_CARD_BEHAVIOUR);

    return strcmp(open.key, "retention") == 0;
}

json_t *
gl_retention_query(const struct gl_page *page)
{
    if (!is_open(page) || gl_period_hours(&page->period) > HOURS_MAX)
        return NULL;
    return json_pack("{s:s, s:o, s:o, s:s}", "site_id", page->domain,
                     "date_range", gl_period_range(&page->period), "filters",
                     gl_page_filters(page), "retention", "week");
}

static const json_t *
metric(const json_t *row, size_t i)
{
    return json_array_get(json_object_get(row, "metrics"), i);
}

static const char *
cohort_of(const json_t *row)
{
    return json_string_value(
        json_array_get(json_object_get(row, "dimensions"), 0));
}

/* The week of ROW: all who were there first. */
static json_t *
week_view(const json_t *row)
{
    int64_t date;
    g_autofree char *day = gl_range_read_date(cohort_of(row), &date)
                               ? gl_date_text(date, GL_DATE_FULL)
                               : g_strdup(cohort_of(row));
    g_autofree char *n = gl_figure_text(GL_FIGURE_COUNT, metric(row, 0));
    return json_pack("{s:s, s:s, s:[]}", "day", day, "n", n, "cells");
}

static json_t *
cell_view(const json_t *row)
{
    double percent = gl_figure_number(metric(row, 1));
    int level = percent <= 0 ? 0 : 1 + (int) (percent / 100 * (LEVELS - 1));
    g_autofree char *n = gl_figure_text(GL_FIGURE_COUNT, metric(row, 0));
    g_autofree char *text =
        gl_percent_text(percent, percent > 0 && percent < 9.95 ? 1 : 0);
    return json_pack("{s:s, s:s, s:o}", "text", text, "n", n, "level",
                     json_sprintf("%d", MIN(level, LEVELS)));
}

/* [{day, n, cells: [{text, n, level}]}]: a row of ANSWER is a cell, by
 * cohort. */
static json_t *
weeks_view(const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results"), *row;
    const char *cohort = "";
    json_t *weeks = json_array(), *week = NULL;
    size_t i;

    json_array_foreach (results, i, row) {
        if (strcmp(cohort_of(row), cohort) != 0) {
            cohort = cohort_of(row);
            week = week_view(row);
            json_array_append_new(weeks, week);
        }
        json_array_append_new(json_object_get(week, "cells"), cell_view(row));
    }
    return weeks;
}

/* As many weeks later as the first one has. */
static json_t *
heads_view(const json_t *weeks)
{
    size_t n =
        json_array_size(json_object_get(json_array_get(weeks, 0), "cells"));
    json_t *heads = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            heads, json_pack("{s:o}", "text", json_sprintf("%zu", i)));
    return heads;
}

void
gl_retention_view(const struct gl_page *page, const json_t *answer,
                  json_t *view)
{
    const json_t *meta = json_object_get(answer, "meta");
    const json_t *one_day = json_object_get(meta, "visitors_of_one_day");

    if (!is_open(page))
        return;
    if (answer == NULL) {
        json_object_set_new(view, "advice", json_pack("{s:b}", "too_long", 1));
        return;
    }
    json_auto_t *weeks = weeks_view(answer);
    if (json_array_size(weeks) == 0) {
        json_object_set_new(view, "advice",
                            json_pack("{s:b}", "retention", 1));
    } else {
        json_object_set_new(view, "advice", json_null());
        json_object_set_new(
            view, "retention",
            json_pack("{s:O, s:o, s:O?}", "weeks", weeks, "heads",
                      heads_view(weeks), "one_day",
                      json_integer_value(one_day) > 0 ? one_day : NULL));
    }
}
