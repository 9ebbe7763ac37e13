/* All of a list: its rows a page at a time, searched, in another order, or as
 * a file; see parts.h. */

#include "dashboard/parts.h"

#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "dashboard/cells.h"
#include "dashboard/lists.h"
#include "dashboard/names.h"
#include "language/countries.h"

#define ROWS 50
#define ROWS_OF_FILE 10000 /* GL_PARSE_LIMIT_MAX */

/* ---- the query ---- */

/* Of goals there are few, and no part of a name finds one. */
static int
may_search(const struct gl_list *list)
{
    return strcmp(list->dimension, "event:goal") != 0;
}

/* What is looked for, or NULL. */
static const char *
search_of(const struct gl_page *page, const struct gl_list *list)
{
    return may_search(list) ? gl_address_get(page->address, "q") : NULL;
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
sort_of(const struct gl_page *page, const struct gl_cells *cells)
{
    const char *word = gl_address_get(page->address, "sort");
    size_t i = 0;

    if (word == NULL)
        return 0;
    while (i < cells->n && strcmp(gl_cell_metric(cells, i), word) != 0)
        i++;
    return i == cells->n && strcmp(word, "name") != 0 ? 0 : i;
}

/* Of all rows those that the list is about. */
static json_t *
filters_of(const struct gl_page *page, const struct gl_list *list)
{
    json_t *filters = gl_page_filters(page);
    const char *search = search_of(page, list);

    if (search != NULL)
        json_array_append_new(filters,
                              gl_name_filter(list->dimension, search));
    if (strcmp(list->dimension, "event:name") == 0)
        json_array_append_new(filters, json_pack("[s, s, [s]]", "is_not",
                                                 list->dimension, "pageview"));
    return filters;
}

/* Countries are in the order of their names, which the rows do not know: all
 * of them are asked for. */
static int
is_sorted_here(const struct gl_page *page, const struct gl_list *list,
               const struct gl_cells *cells)
{
    return strcmp(list->dimension, "visit:country") == 0 &&
           sort_of(page, cells) == cells->n;
}

json_t *
gl_detail_query(const struct gl_page *page, const struct gl_list *list,
                int as_file)
{
    struct gl_cells cells = gl_cells_of_whole(page, list);
    size_t sort = sort_of(page, &cells);
    int by_name = sort == cells.n;
    int all = as_file || is_sorted_here(page, list, &cells);

    return json_pack(
        "{s:s, s:o, s:o, s:o, s:o, s:[[s, s]], s:{s:b, s:b}, s:{s:i, s:I}}",
        "site_id", page->domain, "date_range", gl_period_range(&page->period),
        "filters", filters_of(page, list), "metrics", gl_cell_metrics(&cells),
        "dimensions", gl_list_dimensions(list), "order_by",
        by_name ? list->dimension : gl_cell_metric(&cells, sort),
        by_name ? "asc" : "desc", "include", "total_rows", 1, "imports",
        page->imports, "pagination", "limit", all ? ROWS_OF_FILE : ROWS,
        "offset",
        all ? (json_int_t) 0 : (json_int_t) (number_of(page) * ROWS));
}

/* ---- the view ---- */

static json_t *
heads(const struct gl_page *page, const struct gl_cells *cells)
{
    json_t *list = gl_cell_heads(cells), *head;
    size_t i;

    json_array_foreach (list, i, head) {
        g_autofree char *href =
            gl_address_with(page->address, "sort", gl_cell_metric(cells, i),
                            "page", NULL, NULL);

        json_object_set_new(head, "href", json_string(href));
        json_object_set_new(head, "sorted",
                            json_boolean(sort_of(page, cells) == i));
    }
    return list;
}

static int
compare_names(const void *one, const void *other)
{
    const json_t *const *a = one, *const *b = other;
    int first = gl_country_rank(gl_list_value(*a));
    int second = gl_country_rank(gl_list_value(*b));

    return first < second ? -1 : first > second;
}

/* RESULTS of this page; where they are sorted here, of all.  The caller's. */
static json_t *
results_of(const struct gl_page *page, const struct gl_list *list,
           const struct gl_cells *cells, const json_t *results)
{
    size_t n = json_array_size(results), first = number_of(page) * ROWS;

    if (!is_sorted_here(page, list, cells))
        return json_incref((json_t *) (uintptr_t) results);
    const json_t **rows = g_new(const json_t *, n + 1);
    json_t *sorted = json_array();
    for (size_t i = 0; i < n; i++)
        rows[i] = json_array_get(results, i);
    qsort(rows, n, sizeof rows[0], compare_names);
    for (size_t i = first; i < n && i < first + ROWS; i++)
        json_array_append(sorted, (json_t *) (uintptr_t) rows[i]);
    g_free(rows);
    return sorted;
}

static json_t *
rows_view(const struct gl_page *page, const struct gl_list *list,
          const struct gl_cells *cells, const json_t *results)
{
    json_t *rows = json_array();
    const json_t *row;
    size_t i;

    json_array_foreach (results, i, row) {
        json_auto_t *view = gl_list_row(page, list, row);

        if (!json_is_null(view)) {
            json_object_set_new(
                view, "cells",
                gl_cell_texts(cells, json_object_get(row, "metrics")));
            gl_list_prove(view);
            json_array_append(rows, view);
        }
    }
    return rows;
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
    struct gl_cells cells = gl_cells_of_whole(page, list);
    json_auto_t *results =
        results_of(page, list, &cells, json_object_get(answer, "results"));
    const char *noun = gl_name_of_dimension(list->dimension);
    json_t *view = json_pack(
        "{s:s, s:s, s:s?, s:o, s:o, s:b, s:b, s:o}", "title",
        list->under == NULL ? gl_say(list->tab) : noun, "noun", noun, "search",
        search_of(page, list), "heads", heads(page, &cells), "rows",
        rows_view(page, list, &cells, results), "by_name",
        sort_of(page, &cells) == cells.n, "may_search", may_search(list),
        "fields", gl_address_fields(page->address, "q", "page", NULL));

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

static void
append_char(void *text, char c)
{
    g_string_append_c((GString *) text, c);
}

static void
append_cell(GString *text, const char *cell)
{
    gl_cell_write(cell, append_char, text);
}

/* Nothing for null; of money the amount. */
static void
append_number(GString *text, const json_t *n)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_c(text, ',');
    if (json_is_integer(n))
        g_string_append_printf(text, "%" JSON_INTEGER_FORMAT,
                               json_integer_value(n));
    else if (!json_is_null(n))
        g_string_append(text, g_ascii_formatd(number, sizeof number, "%.2f",
                                              gl_figure_number(n)));
}

static void
append_row(GString *text, const json_t *row)
{
    const json_t *dimensions = json_object_get(row, "dimensions"), *cell;
    const json_t *metrics = json_object_get(row, "metrics");
    size_t i;

    json_array_foreach (dimensions, i, cell) {
        if (i > 0)
            g_string_append_c(text, ',');
        append_cell(text, json_string_value(cell));
    }
    json_array_foreach (metrics, i, cell)
        append_number(text, cell);
    g_string_append(text, "\r\n");
}

char *
gl_detail_file(const struct gl_page *page, const struct gl_list *list,
               const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results"), *row;
    struct gl_cells cells = gl_cells_of_whole(page, list);
    GString *text = g_string_new("");
    size_t i;

    if (list->with != NULL) {
        append_cell(text, gl_name_of_dimension(list->with));
        g_string_append_c(text, ',');
    }
    append_cell(text, gl_name_of_dimension(list->dimension));
    for (i = 0; i < cells.n; i++) {
        g_string_append_c(text, ',');
        append_cell(text, gl_cell_metric(&cells, i));
    }
    g_string_append(text, "\r\n");
    json_array_foreach (results, i, row)
        append_row(text, row);
    return g_string_free(text, FALSE);
}
