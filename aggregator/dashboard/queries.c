/* What a page asks: all of it together, in one pass; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

#include "dashboard/cells.h"
#include "dashboard/lists.h"

/* ---- what is compared with ---- */

const char *
gl_page_compare(const struct gl_page *page)
{
    static const char *const modes[] = {"off", "previous_period",
                                        "year_over_year", "custom"};
    const char *word = gl_address_get(page->address, "compare");
    int64_t date;

    if (g_strcmp0(gl_address_get(page->address, "period"), "all") == 0)
        return modes[0]; /* there is nothing before */
    for (size_t i = 0; word != NULL && i < G_N_ELEMENTS(modes); i++)
        if (strcmp(modes[i], word) == 0 &&
            (strcmp(word, "custom") != 0 ||
             (gl_range_read_date(gl_address_get(page->address, "compare_from")
                                     ?: "",
                                 &date) &&
              gl_range_read_date(
                  gl_address_get(page->address, "compare_to") ?: "", &date))))
            return modes[i];
    return modes[1];
}

/* "comparisons", or NULL. */
static json_t *
comparisons(const struct gl_page *page)
{
    const char *mode = gl_page_compare(page);

    if (strcmp(mode, "off") == 0)
        return NULL;
    if (strcmp(mode, "custom") == 0)
        return json_pack("{s:s, s:[s, s]}", "mode", mode, "date_range",
                         gl_address_get(page->address, "compare_from"),
                         gl_address_get(page->address, "compare_to"));
    json_t *json = json_pack("{s:s}", "mode", mode);
    if (gl_address_get(page->address, "weekdays") != NULL)
        json_object_set_new(json, "match_day_of_week", json_true());
    return json;
}

/* ---- the queries ---- */

/* ["is", "segment", ["3"]], whose ids are numbers in the API. */
static void
number_values(json_t *filter)
{
    json_t *values = json_array_get(filter, 2), *value;
    size_t i;

    json_array_foreach (values, i, value)
        json_array_set_new(
            values, i,
            json_integer(g_ascii_strtoll(json_string_value(value), NULL, 10)));
}

/* Filter I as the API takes it. */
static json_t *
filter_json(const struct gl_page *page, size_t i)
{
    json_t *filter = gl_address_filter(page->address, i);
    const char *how = json_string_value(json_array_get(filter, 0));
    const char *what = json_string_value(json_array_get(filter, 1));

    /* what one looks for by hand */
    if (g_str_has_prefix(how, "contains"))
        json_array_append_new(filter, json_pack("{s:b}", "case_sensitive", 0));
    if (strcmp(what, "segment") == 0)
        number_values(filter);
    return filter;
}

json_t *
gl_page_filters(const struct gl_page *page)
{
    json_t *list = json_array(), *any;
    json_auto_t *groups = json_object();
    const char *key;

    for (size_t i = 0; i < gl_address_filters(page->address); i++) {
        char group[] = {(char) ('0' + gl_address_group(page->address, i)), 0};

        any = json_object_get(groups, group);
        if (any == NULL && group[0] != '0')
            json_object_set_new(groups, group, any = json_array());
        json_array_append_new(any == NULL ? list : any, filter_json(page, i));
    }
    json_object_foreach (groups, key, any)
        json_array_append_new(list, json_pack("[s, O]", "or", any));
    if (page->segment != 0)
        json_array_append_new(list, json_pack("[s, s, [I]]", "is", "segment",
                                              (json_int_t) page->segment));
    return list;
}

static json_t *
query(const struct gl_page *page, json_t *metrics, json_t *dimensions,
      json_t *include)
{
    if (page->imports)
        json_object_set_new(include, "imports", json_true());
    return json_pack("{s:o, s:o, s:o}", "metrics", metrics, "dimensions",
                     dimensions, "include", include);
}

static json_t *
with_comparisons(const struct gl_page *page, json_t *include)
{
    json_t *json = comparisons(page);

    if (json != NULL)
        json_object_set_new(include, "comparisons", json);
    return include;
}

/* ---- the points of the chart ---- */

#define DAY_H 24

static const struct interval {
    const char *word, *dimension;
    enum gl_say text;
    int64_t least, most; /* hours for which it is offered */
    int64_t usual;       /* hours up to which it is taken by itself */
} intervals[] = {
    {"minute", "time:minute", GL_SAY_MINUTES, 1, 3, 1},
    {"hour", "time:hour", GL_SAY_HOURS, 2, 7 * DAY_H, 2 * DAY_H},
    {"day", "time:day", GL_SAY_DAYS, 2 * DAY_H, 190 * DAY_H, 100 * DAY_H},
    {"week", "time:week", GL_SAY_WEEKS, 15 * DAY_H, 1500 * DAY_H, 0},
    {"month", "time:month", GL_SAY_MONTHS, 60 * DAY_H, INT64_MAX, INT64_MAX}};

static int
is_offered(const struct interval *interval, int64_t hours)
{
    return hours >= interval->least && hours <= interval->most;
}

/* The one that the address names, or the usual one. */
static const struct interval *
interval_of(const struct gl_page *page)
{
    const char *word = gl_address_get(page->address, "interval");
    int64_t hours = gl_period_hours(&page->period);
    size_t i = 0;

    for (; word != NULL && i < G_N_ELEMENTS(intervals); i++)
        if (strcmp(intervals[i].word, word) == 0 &&
            is_offered(&intervals[i], hours))
            return &intervals[i];
    for (i = 0; hours > intervals[i].usual; i++)
        ;
    return &intervals[i];
}

json_t *
gl_intervals_view(const struct gl_page *page)
{
    const struct interval *current = interval_of(page);
    int64_t hours = gl_period_hours(&page->period);
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(intervals); i++) {
        if (!is_offered(&intervals[i], hours))
            continue;
        g_autofree char *href = gl_address_with(page->address, "interval",
                                                intervals[i].word, NULL);
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "text",
                                              gl_say(intervals[i].text),
                                              "href", href, "current",
                                              &intervals[i] == current));
    }
    if (json_array_size(list) < 2)
        json_array_clear(list);
    return list;
}

static json_t *
card_query(const struct gl_page *page, const struct gl_list *list)
{
    struct gl_cells cells = gl_cells_of_card(page, list);
    json_t *json =
        query(page, gl_cell_metrics(&cells), gl_list_of_card(page, list),
              json_pack("{s:b}", "total_rows", 1));

    json_object_set_new(json, "pagination",
                        json_pack("{s:i}", "limit",
                                  gl_list_is_map(list) ? GL_PAGE_COUNTRIES
                                                       : GL_PAGE_ROWS + 1));
    return json;
}

/* What is asked of all that a page shows; QUERIES, taken, may be NULL. */
static json_t *
of_page(const struct gl_page *page, json_t *queries)
{
    json_t *json = json_pack("{s:s, s:o, s:o}", "site_id", page->domain,
                             "date_range", gl_period_range(&page->period),
                             "filters", gl_page_filters(page));

    if (queries != NULL)
        json_object_set_new(json, "queries", queries);
    return json;
}

json_t *
gl_page_query(const struct gl_page *page)
{
    json_t *queries = json_array();

    json_array_append_new(
        queries, query(page, gl_figure_metrics(&page->figures, 0),
                       json_array(), with_comparisons(page, json_object())));
    if (gl_address_part(page->address) != GL_ADDRESS_LISTS)
        json_array_append_new(
            queries, query(page, gl_figure_metrics(&page->figures, 1),
                           json_pack("[s]", interval_of(page)->dimension),
                           with_comparisons(
                               page, json_pack("{s:b}", "time_labels", 1))));
    for (int card = 0; card < GL_CARDS_N; card++) {
        struct gl_list list = gl_list_open(page, (enum gl_card) card);

        if (list.dimension != NULL)
            json_array_append_new(queries, card_query(page, &list));
    }
    return of_page(page, queries);
}

json_t *
gl_page_keys_query(const struct gl_page *page)
{
    struct gl_list open = gl_list_open(page, GL_CARD_BEHAVIOUR);
    const char *whole = gl_address_get(page->address, "detail");

    return strcmp(open.key, "properties") == 0 ||
                   g_strcmp0(whole, "properties") == 0
               ? of_page(page, NULL)
               : NULL;
}
