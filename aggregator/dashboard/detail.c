/* All of a list: its rows a page at a time, searched, in another order, or as
 * a file; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

#include "dashboard/figures.h"
#include "dashboard/names.h"

#define ROWS 50
#define ROWS_OF_FILE 10000 /* GL_PARSE_LIMIT_MAX */

/* The columns behind the name. */
static const struct column {
    const char *metric, *text;
    enum gl_figure_kind kind;
} columns[] = {
    {"visitors", "Visitors", GL_FIGURE_COUNT},
    {"pageviews", "Pageviews", GL_FIGURE_COUNT},
    {"bounce_rate", "Bounce rate", GL_FIGURE_SHARE},
    {"visit_duration", "Visit duration", GL_FIGURE_SECONDS},
};

/* ---- the query ---- */

/* What is looked for, or NULL. */
static const char *
search_of(const struct gl_page *page)
{
    return gl_address_get(page->address, "q");
}

/* From 0. */
static int64_t
number_of(const struct gl_page *page)
{
    const char *text = gl_address_get(page->address, "page");
    int64_t n = text == NULL ? 1 : g_ascii_strtoll(text, NULL, 10);

    return CLAMP(n, 1, 1000000) - 1;
}

/* The column that the rows are in order of; one behind the last: their names.
 */
static size_t
sort_of(const struct gl_page *page)
{
    const char *word = gl_address_get(page->address, "sort");
    size_t i = 0;

    if (word == NULL)
        return 0;
    while (i < G_N_ELEMENTS(columns) && strcmp(columns[i].metric, word) != 0)
        i++;
    return i == G_N_ELEMENTS(columns) && strcmp(word, "name") != 0 ? 0 : i;
}

static json_t *
search_filter(const struct gl_list *list, const char *search)
{
    json_t *codes = gl_name_search(list->dimension, search);

    return codes != NULL
               ? json_pack("[s, s, o]", "is", list->dimension, codes)
               : json_pack("[s, s, [s], {s:b}]", "contains", list->dimension,
                           search, "case_sensitive", 0);
}

json_t *
gl_detail_query(const struct gl_page *page, const struct gl_list *list,
                int as_file)
{
    size_t sort = sort_of(page);
    json_t *metrics = json_array(), *filters = gl_page_filters(page);
    int by_name = sort == G_N_ELEMENTS(columns);

    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        json_array_append_new(metrics, json_string(columns[i].metric));
    if (search_of(page) != NULL)
        json_array_append_new(filters, search_filter(list, search_of(page)));
    return json_pack(
        "{s:s, s:o, s:o, s:o, s:[s], s:[[s, s]], s:{s:b}, s:{s:i, s:I}}",
        "site_id", page->domain, "date_range", gl_period_range(&page->period),
        "filters", filters, "metrics", metrics, "dimensions", list->dimension,
        "order_by", by_name ? list->dimension : columns[sort].metric,
        by_name ? "asc" : "desc", "include", "total_rows", 1, "pagination",
        "limit", as_file ? ROWS_OF_FILE : ROWS, "offset",
        as_file ? (json_int_t) 0 : (json_int_t) (number_of(page) * ROWS));
}

/* ---- the view ---- */

static json_t *
heads(const struct gl_page *page)
{
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        char *href = gl_address_with(page->address, "sort", columns[i].metric,
                                     "page", NULL, NULL);

        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:b}", "text",
                                              columns[i].text, "href", href,
                                              "sorted", sort_of(page) == i,
                                              "extra", i >= 2));
        g_free(href);
    }
    return list;
}

static json_t *
cells(const json_t *metrics)
{
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        char *text =
            gl_figure_text(columns[i].kind, json_array_get(metrics, i));

        json_array_append_new(
            list, json_pack("{s:s, s:b}", "text", text, "extra", i >= 2));
        g_free(text);
    }
    return list;
}

static json_t *
row_view(const struct gl_page *page, const struct gl_list *list,
         const json_t *row)
{
    const char *value = json_string_value(
        json_array_get(json_object_get(row, "dimensions"), 0));
    char *href = gl_address_filtered(page->address, list->dimension, value);
    char *flag = gl_name_flag(list->dimension, value);
    json_t *view =
        json_pack("{s:s, s:s, s:s?, s:o}", "href", href, "text",
                  gl_name_of_value(list->dimension, value), "flag", flag,
                  "cells", cells(json_object_get(row, "metrics")));

    g_free(flag);
    g_free(href);
    return view;
}

static void
set_text(json_t *view, const char *key, char *text)
{
    json_object_set_new(view, key,
                        text == NULL ? json_null() : json_string(text));
    g_free(text);
}

/* The address of page N, from 0. */
static char *
page_href(const struct gl_page *page, int64_t n)
{
    char number[24];

    g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, n + 1);
    return gl_address_with(page->address, "page", n == 0 ? NULL : number,
                           NULL);
}

static void
set_paging(const struct gl_page *page, json_int_t total, json_int_t shown,
           json_t *view)
{
    int64_t n = number_of(page);

    set_text(view, "earlier", n > 0 ? page_href(page, n - 1) : NULL);
    set_text(view, "later",
             (n + 1) * ROWS < total ? page_href(page, n + 1) : NULL);
    if (shown > 0) {
        json_object_set_new(view, "first", json_integer(n * ROWS + 1));
        json_object_set_new(view, "last", json_integer(n * ROWS + shown));
        json_object_set_new(view, "total", json_integer(total));
    }
}

json_t *
gl_detail_view(const struct gl_page *page, const struct gl_list *list,
               const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results"), *row;
    json_t *rows = json_array();
    json_t *view =
        json_pack("{s:s, s:s, s:s?, s:o, s:o, s:b, s:o}", "title", list->tab,
                  "noun", gl_name_of_dimension(list->dimension), "search",
                  search_of(page), "heads", heads(page), "rows", rows,
                  "by_name", sort_of(page) == G_N_ELEMENTS(columns), "fields",
                  gl_address_fields(page->address, "q", "page", NULL));
    size_t i;

    json_array_foreach(results, i, row)
        json_array_append_new(rows, row_view(page, list, row));
    set_text(
        view, "href",
        gl_address_with(page->address, "sort", "name", "page", NULL, NULL));
    set_text(view, "back",
             gl_address_with(page->address, "detail", NULL, "q", NULL, "sort",
                             NULL, "page", NULL, NULL));
    set_text(view, "file", gl_address_with(page->address, "page", NULL, NULL));
    set_paging(page,
               json_integer_value(json_object_get(
                   json_object_get(answer, "meta"), "total_rows")),
               (json_int_t) json_array_size(results), view);
    return view;
}

/* ---- the file ---- */

/* In quotes; what a spreadsheet takes for a formula has a ' before it. */
static void
append_cell(GString *text, const char *cell)
{
    static const char *const formulas[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                           "\n", "＝", "＋", "－", "＠"};

    g_string_append_c(text, '"');
    for (size_t i = 0; i < G_N_ELEMENTS(formulas); i++)
        if (g_str_has_prefix(cell, formulas[i])) {
            g_string_append_c(text, '\'');
            break;
        }
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            g_string_append_c(text, '"');
        g_string_append_c(text, *cell);
    }
    g_string_append_c(text, '"');
}

static void
append_row(GString *text, const json_t *row)
{
    const json_t *metrics = json_object_get(row, "metrics");

    append_cell(text, json_string_value(json_array_get(
                          json_object_get(row, "dimensions"), 0)));
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        g_string_append_printf(text, ",%" JSON_INTEGER_FORMAT,
                               json_integer_value(json_array_get(metrics, i)));
    g_string_append(text, "\r\n");
}

char *
gl_detail_file(const struct gl_list *list, const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results"), *row;
    GString *text = g_string_new("");
    size_t i;

    append_cell(text, gl_name_of_dimension(list->dimension));
    for (i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_string_append_c(text, ',');
        append_cell(text, columns[i].metric);
    }
    g_string_append(text, "\r\n");
    json_array_foreach(results, i, row) append_row(text, row);
    return g_string_free(text, FALSE);
}
