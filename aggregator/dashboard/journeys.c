/* Where visits went from a page, or came from; see lists.h. */

#include "dashboard/lists.h"

#include <string.h>

#include "dashboard/filter_text.h"

/* What stands for no page: the visit began there, or ended. */
static const char entered[] = "(entry)";
static const char left[] = "(exit)";

/* Towards the beginning. */
static int
is_back(const struct gl_page *page)
{
    return g_strcmp0(gl_address_get(page->address, "way"), "back") == 0;
}

/* Its pages so far, in the order of the visit; NULL: it has not begun. */
static json_t *
pages_of(const struct gl_page *page)
{
    const char *text = gl_address_get(page->address, "journey");

    return text == NULL ? NULL : gl_filter_text_split(text);
}

json_t *
gl_journey_query(const struct gl_page *page)
{
    struct gl_list open = gl_list_open(page, GL_CARD_BEHAVIOUR);
    json_t *pages = pages_of(page);

    if (pages == NULL || strcmp(open.key, "journeys") != 0) {
        json_decref(pages);
        return NULL;
    }
    return json_pack("{s:s, s:o, s:o, s:{s:o, s:s}, s:{s:i}}", "site_id",
                     page->domain, "date_range",
                     gl_period_range(&page->period), "filters",
                     gl_page_filters(page), "journey", "from", pages,
                     "direction", is_back(page) ? "previous" : "next",
                     "pagination", "limit", GL_PAGE_ROWS);
}

/* The address of the journey of PAGES, taken; the caller's. */
static char *
href_of(const struct gl_page *page, json_t *pages)
{
    g_autofree char *text = gl_filter_text_values(pages);
    char *href = gl_address_with(page->address, "behaviour", "journeys",
                                 "journey", text, NULL);

    json_decref(pages);
    return href;
}

/* ---- before it begins ---- */

static void
set_beginnings(const struct gl_page *page, json_t *rows)
{
    json_t *row;
    size_t i;

    json_array_foreach (rows, i, row) {
        g_autofree char *href =
            href_of(page, json_pack("[O]", json_object_get(row, "text")));

        json_object_set_new(row, "href", json_string(href));
    }
}

/* Pages that are no filter here: all of them are with the others. */
static void
set_more(const struct gl_page *page, json_t *view)
{
    g_autofree char *more =
        gl_address_with(page->address, "detail", "pages", NULL);

    json_object_set_new(view, "more", json_string(more));
}

/* ---- on the way ---- */

static json_t *
step_view(const struct gl_page *page, const json_t *row, json_int_t most)
{
    const char *next = json_string_value(
        json_array_get(json_object_get(row, "dimensions"), 0));
    const json_t *metrics = json_object_get(row, "metrics");
    json_int_t n = json_integer_value(json_array_get(metrics, 0));
    g_autofree char *share =
        gl_figure_text(GL_FIGURE_SHARE, json_array_get(metrics, 2));
    g_autofree char *count =
        gl_figure_text(GL_FIGURE_COUNT, json_array_get(metrics, 0));
    json_t *view = json_pack(
        "{s:s, s:n, s:o, s:[{s:s}, {s:s, s:b}]}", "text", gl_say_english(next),
        "href", "share",
        json_sprintf("%.0f",
                     most == 0 ? 0 : 100.0 * (double) n / (double) most),
        "cells", "text", count, "text", share, "small", 1);

    if (strcmp(next, entered) != 0 && strcmp(next, left) != 0) {
        json_t *pages = pages_of(page);

        json_array_insert_new(pages,
                              is_back(page) ? 0 : json_array_size(pages),
                              json_string(next));
        g_autofree char *href = href_of(page, pages);
        json_object_set_new(view, "href", json_string(href));
    }
    return view;
}

static json_t *
steps_view(const struct gl_page *page, const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results"), *row;
    json_int_t most = 0;
    json_t *rows = json_array();
    size_t i;

    json_array_foreach (results, i, row) {
        if (i == 0)
            most = json_integer_value(
                json_array_get(json_object_get(row, "metrics"), 0));
        json_array_append_new(rows, step_view(page, row, most));
    }
    return rows;
}

/* Its pages, each with the journey up to it. */
static json_t *
way_view(const struct gl_page *page)
{
    json_t *way = json_array();
    json_auto_t *pages = pages_of(page);
    size_t n = json_array_size(pages);

    for (size_t i = 0; i < n; i++) {
        json_t *part = json_array();

        for (size_t k = is_back(page) ? i : 0; k < (is_back(page) ? n : i + 1);
             k++)
            json_array_append(part, json_array_get(pages, k));
        g_autofree char *href = href_of(page, part);
        json_array_append_new(way, json_pack("{s:O, s:s}", "text",
                                             json_array_get(pages, i), "href",
                                             href));
    }
    return way;
}

static json_t *
ways_view(const struct gl_page *page)
{
    g_autofree char *next = gl_address_with(page->address, "way", NULL, NULL);
    g_autofree char *back =
        gl_address_with(page->address, "way", "back", NULL);
    g_autofree char *again =
        gl_address_with(page->address, "journey", NULL, "way", NULL, NULL);
    return json_pack("{s:[{s:s, s:s, s:b}, {s:s, s:s, s:b}, {s:s, s:s, s:b}]}",
                     "list", "text", gl_say(GL_SAY_CAME_NEXT), "href", next,
                     "current", !is_back(page), "text",
                     gl_say(GL_SAY_CAME_BEFORE), "href", back, "current",
                     is_back(page), "text", gl_say(GL_SAY_BEGIN_OTHER), "href",
                     again, "current", 0);
}

void
gl_journey_view(const struct gl_page *page, const json_t *answer, json_t *view)
{
    if (answer == NULL) {
        set_beginnings(page, json_object_get(view, "rows"));
        json_object_set_new(view, "noun",
                            json_string(gl_say(GL_SAY_BEGIN_PAGE)));
        set_more(page, view);
        return;
    }
    json_object_set_new(view, "subs", ways_view(page));
    json_object_set_new(view, "journey",
                        json_pack("{s:o, s:s, s:[{s:s}, {s:s, s:b}], s:o}",
                                  "way", way_view(page), "noun",
                                  gl_say(is_back(page) ? GL_SAY_PAGE_BEFORE
                                                       : GL_SAY_NEXT_PAGE),
                                  "heads", "text", gl_say(GL_SAY_VISITORS),
                                  "text", gl_say(GL_SAY_PERCENT), "small", 1,
                                  "rows", steps_view(page, answer)));
}
