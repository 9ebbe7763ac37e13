/* The cards of a page, each with a list; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

#include "dashboard/cells.h"
#include "dashboard/lists.h"
#include "dashboard/names.h"

static const struct gl_list lists[] = {
#define LIST(card, key, tab, under, with, dimension, after)                   \
    {GL_CARD_##card, key, GL_SAY_##tab, under, with, dimension, after},
#include "dashboard/lists.def"
#undef LIST
};

/* As enum gl_card; also the key of the address. */
static const char *const cards[GL_CARDS_N] = {"sources", "pages", "places",
                                              "devices", "behaviour"};
static const enum gl_say titles[GL_CARDS_N] = {GL_SAY_SOURCES, GL_SAY_PAGES,
                                               GL_SAY_PLACES, GL_SAY_DEVICES,
                                               GL_SAY_BEHAVIOUR};
/* Rows that are no answer to what a card asks: what is no custom event, and
 * what has not the property. */
static const char none_of_events[] = "pageview";
static const char none_of_property[] = "(none)";

/* ---- which is open ---- */

/* The list that KEY names, or NULL. */
static const struct gl_list *
find(const char *key)
{
    for (size_t i = 0; key != NULL && i < G_N_ELEMENTS(lists); i++)
        if (strcmp(lists[i].key, key) == 0)
            return &lists[i];
    return NULL;
}

static int
has_goals(const struct gl_page *page)
{
    return json_array_size(json_object_get(page->offers, "goal")) > 0;
}

/* Where the address names none. */
static const struct gl_list *
usual(const struct gl_page *page, enum gl_card card)
{
    const struct gl_list *found = NULL;

    if (card == GL_CARD_BEHAVIOUR && page->alone)
        return find(GL_LIST_SERVED);
    if (card == GL_CARD_BEHAVIOUR && !has_goals(page))
        return find("events");
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (lists[i].card == card && lists[i].after != NULL &&
            (lists[i].after[0] == '\0' ||
             gl_address_has(page->address, lists[i].after)))
            found = &lists[i];
    return found;
}

/* The property that the address names, else the first; NULL: there is none. */
static const char *
property(const struct gl_page *page)
{
    const char *named = gl_address_get(page->address, "prop");
    const json_t *key;
    size_t i;

    json_array_foreach (page->keys, i, key)
        if (g_strcmp0(gl_name_of_dimension(json_string_value(key)), named) ==
            0)
            return json_string_value(key);
    return json_string_value(json_array_get(page->keys, 0));
}

/* LIST with the dimension that can be asked by. */
static struct gl_list
resolve(const struct gl_page *page, struct gl_list list)
{
    if (strcmp(list.key, "goals") == 0 && !has_goals(page))
        list.dimension = NULL;
    if (strcmp(list.key, "journeys") == 0 &&
        gl_address_get(page->address, "journey") != NULL)
        list.dimension = NULL; /* it has begun */
    if (strcmp(list.key, "properties") == 0)
        list.dimension = property(page);
    return list;
}

struct gl_list
gl_list_open(const struct gl_page *page, enum gl_card card)
{
    const struct gl_list *named =
        find(gl_address_get(page->address, cards[card]));

    if (named == NULL || named->card != card)
        named = usual(page, card);
    return resolve(page, *named);
}

int
gl_list_whole(const struct gl_page *page, struct gl_list *list)
{
    const struct gl_list *found =
        find(gl_address_get(page->address, "detail"));

    if (found == NULL)
        return 0;
    *list = resolve(page, *found);
    return list->dimension != NULL;
}

int
gl_list_is_map(const struct gl_list *list)
{
    return strcmp(list->key, "map") == 0;
}

/* ---- tabs ---- */

static json_t *
tab(const struct gl_page *page, const struct gl_list *list, const char *text,
    int current)
{
    g_autofree char *href =
        gl_address_with(page->address, cards[list->card], list->key, NULL);
    return json_pack("{s:s, s:s, s:b}", "text", text, "href", href, "current",
                     current);
}

/* Whatever the filters are, it is of the whole site. */
static int
is_of_all(const struct gl_list *list)
{
    return strcmp(list->key, GL_LIST_UNCOUNTED) == 0 ||
           strcmp(list->key, GL_LIST_SERVED) == 0;
}

static json_t *
tabs(const struct gl_page *page, const struct gl_list *open)
{
    const char *key = open->under == NULL ? open->key : open->under;
    json_t *all = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (lists[i].card == open->card && lists[i].under == NULL &&
            (page->segment == 0 || !is_of_all(&lists[i])))
            json_array_append_new(all,
                                  tab(page, &lists[i], gl_say(lists[i].tab),
                                      strcmp(lists[i].key, key) == 0));
    return all;
}

/* What there is below the open tab, that itself first. */
static json_t *
subs(const struct gl_page *page, const struct gl_list *open)
{
    const char *key = open->under == NULL ? open->key : open->under;
    json_t *all = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (strcmp(lists[i].key, key) == 0 ||
            g_strcmp0(lists[i].under, key) == 0)
            json_array_append_new(
                all, tab(page, &lists[i],
                         lists[i].dimension == NULL
                             ? ""
                             : gl_name_of_dimension(lists[i].dimension),
                         strcmp(lists[i].key, open->key) == 0));
    if (json_array_size(all) > 1)
        return json_pack("{s:o}", "list", all);
    json_decref(all);
    return json_null();
}

/* ---- rows ---- */

json_t *
gl_list_dimensions(const struct gl_list *list)
{
    return list->with == NULL
               ? json_pack("[s]", list->dimension)
               : json_pack("[s, s]", list->with, list->dimension);
}

/* What all rows are of, too, because a filter says so; the caller's. */
static char *
known_with(const struct gl_page *page, const struct gl_list *list)
{
    char *value = NULL;

    if (list->with == NULL)
        return NULL;
    for (size_t i = 0; i < gl_address_filters(page->address); i++) {
        json_auto_t *filter = gl_address_filter(page->address, i);
        const char *how, *what;
        json_t *values;

        if (gl_address_group(page->address, i) == 0 && value == NULL &&
            json_unpack(filter, "[s, s, o]", &how, &what, &values) == 0 &&
            strcmp(how, "is") == 0 && strcmp(what, list->with) == 0 &&
            json_array_size(values) == 1)
            value = g_strdup(json_string_value(json_array_get(values, 0)));
    }
    return value;
}

json_t *
gl_list_of_card(const struct gl_page *page, const struct gl_list *list)
{
    g_autofree char *known = known_with(page, list);
    return known == NULL ? gl_list_dimensions(list)
                         : json_pack("[s]", list->dimension);
}

/* The last: "138" of "Chrome", "138". */
const char *
gl_list_value(const json_t *row)
{
    const json_t *dimensions = json_object_get(row, "dimensions");

    return json_string_value(
        json_array_get(dimensions, json_array_size(dimensions) - 1));
}

/* What ROW is of, too; the caller's. */
static char *
with_value(const struct gl_page *page, const struct gl_list *list,
           const json_t *row)
{
    const json_t *dimensions = json_object_get(row, "dimensions");

    return json_array_size(dimensions) == 1
               ? known_with(page, list)
               : g_strdup(json_string_value(json_array_get(dimensions, 0)));
}

/* The address with ROW as a filter; the caller's. */
static char *
row_href(const struct gl_page *page, const struct gl_list *list,
         const json_t *row)
{
    char *href = gl_address_filtered(page->address, list->dimension,
                                     gl_list_value(row));

    if (list->with == NULL)
        return href;
    g_autofree char *with = with_value(page, list, row);
    struct gl_address *one = gl_address_read(href + 1);
    g_free(href);
    href = gl_address_filtered(one, list->with, with);
    gl_address_free(one);
    return href;
}

static int
is_shown(const struct gl_list *list, const char *value)
{
    if (strcmp(list->dimension, "event:name") == 0)
        return strcmp(value, none_of_events) != 0;
    return !g_str_has_prefix(list->dimension, "event:props:") ||
           strcmp(value, none_of_property) != 0;
}

/* "Firefox 128": VALUE, and WITH, what it is of, or NULL; of what neither is
 * known that once. */
static char *
name_of(const struct gl_list *list, const char *with, const char *value)
{
    g_autofree char *name = gl_name_of_value(list->dimension, value);

    if (with == NULL || strcmp(with, value) == 0)
        return g_steal_pointer(&name);
    g_autofree char *of = gl_name_of_value(list->with, with);
    return g_strdup_printf("%s %s", of, name);
}

json_t *
gl_list_row(const struct gl_page *page, const struct gl_list *list,
            const json_t *row)
{
    const char *value = gl_list_value(row);

    if (!is_shown(list, value))
        return json_null();
    g_autofree char *href = row_href(page, list, row);
    g_autofree char *flag = gl_name_flag(list->dimension, value);
    g_autofree char *with =
        list->with == NULL ? NULL : with_value(page, list, row);
    g_autofree char *text = name_of(list, with, value);
    return json_pack("{s:s, s:s, s:s?}", "href", href, "text", text, "flag",
                     flag);
}

static json_int_t
first_number(const json_t *row)
{
    return json_integer_value(
        json_array_get(json_object_get(row, "metrics"), 0));
}

/* N of MOST as the width of a bar: a class of board.css. */
static json_t *
share(json_int_t n, json_int_t most)
{
    return json_sprintf("%.0f",
                        most == 0 ? 0 : 100 * (double) n / (double) most);
}

static json_t *
rows(const struct gl_page *page, const struct gl_list *list,
     const struct gl_cells *cells, const json_t *results)
{
    size_t end = gl_list_is_map(list) ? GL_PAGE_MAP_ROWS : GL_PAGE_ROWS, i;
    json_t *all = json_array();
    json_int_t most = 0;
    const json_t *row;

    json_array_foreach (results, i, row) {
        json_t *view = gl_list_row(page, list, row);

        if (json_is_null(view) || json_array_size(all) == end) {
            json_decref(view);
            continue;
        }
        if (most == 0)
            most = first_number(row);
        json_object_set_new(view, "share", share(first_number(row), most));
        json_object_set_new(
            view, "cells",
            gl_cell_texts(cells, json_object_get(row, "metrics")));
        gl_list_prove(view);
        json_array_append_new(all, view);
    }
    return all;
}

void
gl_list_prove(json_t *row)
{
    json_t *first = json_array_get(json_object_get(row, "cells"), 0);
    json_t *href = json_object_get(row, "href");

    if (json_is_string(href))
        json_object_set(first, "proof", href);
}

/* ---- a card ---- */

json_t *
gl_card_view(const struct gl_page *page, enum gl_card card,
             const json_t *answer)
{
    struct gl_list list = gl_list_open(page, card);
    const json_t *results = json_object_get(answer, "results");
    json_t *view = json_pack("{s:s, s:s, s:o, s:o}", "key", cards[card],
                             "title", gl_say(titles[card]), "tabs",
                             tabs(page, &list), "subs", subs(page, &list));
    g_autofree char *more = NULL;

    if (list.dimension == NULL)
        return view;
    struct gl_cells cells = gl_cells_of_card(page, &list);
    more =
        gl_address_with(page->address, "detail",
                        gl_list_is_map(&list) ? "countries" : list.key, NULL);
    json_object_update_new(
        view, json_pack("{s:s, s:o, s:o, s:s, s:b}", "noun",
                        gl_name_of_dimension(list.dimension), "heads",
                        gl_cell_heads(&cells), "rows",
                        rows(page, &list, &cells, results), "more", more,
                        "any", json_array_size(results) > 0));
    if (is_shown(&list, none_of_events) && is_shown(&list, none_of_property))
        json_object_set(
            view, "total",
            json_object_get(json_object_get(answer, "meta"), "total_rows"));
    return view;
}
