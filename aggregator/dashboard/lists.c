/* The cards of a page, each with a list; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

#include "dashboard/names.h"

static const struct gl_list lists[] = {
#define LIST(card, key, tab, dimension, first)                                \
    {GL_CARD_##card, key, tab, dimension, first},
#include "dashboard/lists.def"
#undef LIST
};

/* As enum gl_card; also the key of the address. */
static const char *const cards[GL_CARDS_N] = {"sources", "pages", "places",
                                              "devices"};
static const char *const titles[GL_CARDS_N] = {"Sources", "Pages", "Places",
                                               "Devices"};

/* The list that KEY names, or NULL. */
static const struct gl_list *
find(const char *key)
{
    for (size_t i = 0; key != NULL && i < G_N_ELEMENTS(lists); i++)
        if (strcmp(lists[i].key, key) == 0)
            return &lists[i];
    return NULL;
}

const struct gl_list *
gl_list_open(const struct gl_address *address, enum gl_card card)
{
    const struct gl_list *named = find(gl_address_get(address, cards[card]));
    size_t i = 0;

    if (named != NULL && named->card == card)
        return named;
    while (lists[i].card != card || !lists[i].first)
        i++;
    return &lists[i];
}

static json_t *
tabs(const struct gl_page *page, const struct gl_list *open)
{
    json_t *all = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        char *href;

        if (lists[i].card != open->card)
            continue;
        href = gl_address_with(page->address, cards[open->card], lists[i].key,
                               NULL);
        json_array_append_new(all, json_pack("{s:s, s:s, s:b}", "text",
                                             lists[i].tab, "href", href,
                                             "current", &lists[i] == open));
        g_free(href);
    }
    return all;
}

/* N of MOST as the width of a bar. */
static json_t *
share(json_int_t n, json_int_t most)
{
    return json_sprintf("%.1f",
                        most == 0 ? 0 : 100 * (double) n / (double) most);
}

static json_t *
row_view(const struct gl_page *page, const struct gl_list *list,
         const json_t *row, json_int_t most)
{
    const char *value = json_string_value(
        json_array_get(json_object_get(row, "dimensions"), 0));
    const json_t *metrics = json_object_get(row, "metrics");
    json_int_t n = json_integer_value(json_array_get(metrics, 0));
    char *href = gl_address_filtered(page->address, list->dimension, value);
    char *flag = gl_name_flag(list->dimension, value);
    json_t *view = json_pack(
        "{s:s, s:s, s:s, s:I, s:o, s:o, s:s?}", "href", href, "text",
        gl_name_of_value(list->dimension, value), "value", value, "n", n,
        "share", share(n, most), "percent",
        json_sprintf("%.0f %%", json_number_value(json_array_get(metrics, 1))),
        "flag", flag);

    g_free(flag);
    g_free(href);
    return view;
}

json_t *
gl_card_view(const struct gl_page *page, enum gl_card card,
             const json_t *answer)
{
    const struct gl_list *list = gl_list_open(page->address, card);
    const json_t *results = json_object_get(answer, "results"), *row;
    json_int_t most = 0;
    json_t *rows = json_array(), *view;
    char *more = gl_address_with(page->address, "detail", list->key, NULL);
    size_t i;

    json_array_foreach(results, i, row)
    {
        if (i == 0)
            most = json_integer_value(
                json_array_get(json_object_get(row, "metrics"), 0));
        json_array_append_new(rows, row_view(page, list, row, most));
    }
    view = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:s, s:O}", "key", cards[card], "title",
        titles[card], "noun", gl_name_of_dimension(list->dimension), "tabs",
        tabs(page, list), "rows", rows, "more", more, "total",
        json_object_get(json_object_get(answer, "meta"), "total_rows"));
    g_free(more);
    return view;
}

const struct gl_list *
gl_list_whole(const struct gl_address *address)
{
    return find(gl_address_get(address, "detail"));
}
