/* What visitors did: goals, events, properties, funnels; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

#include "dashboard/lists.h"
#include "dashboard/names.h"
#include "dashboard/offers.h"
#include "language/numbers.h"

/* ---- funnels ---- */

/* The funnel that is open, or NULL. */
static const json_t *
open_funnel(const struct gl_page *page)
{
    const char *id = gl_address_get(page->address, "funnel");
    const json_t *named = gl_offer_numbered(page->offers, "funnel", id);
    struct gl_list open = gl_list_open(page, GL_CARD_BEHAVIOUR);

    if (strcmp(open.key, "funnels") != 0)
        return NULL;
    return named != NULL
               ? named
               : json_array_get(json_object_get(page->offers, "funnel"), 0);
}

json_t *
gl_funnel_query(const struct gl_page *page)
{
    const json_t *funnel = open_funnel(page);

    if (funnel == NULL)
        return NULL;
    return json_pack("{s:s, s:o, s:o, s:O}", "site_id", page->domain,
                     "date_range", gl_period_range(&page->period), "filters",
                     gl_page_filters(page), "funnel",
                     json_object_get(funnel, "id"));
}

static json_int_t
metric(const json_t *row, size_t i)
{
    return json_integer_value(
        json_array_get(json_object_get(row, "metrics"), i));
}

static json_t *
percent_text(json_int_t n, json_int_t of)
{
    g_autofree char *text =
        gl_percent_text(of == 0 ? 0 : 100 * (double) n / (double) of,
                        n == of || n == 0 ? 0 : 1);
    return json_string(text);
}

/* N of MOST as a length of the picture. */
static json_t *
length(json_int_t n, json_int_t most)
{
    return json_sprintf("%.2f%%",
                        most == 0 ? 0 : 100 * (double) n / (double) most);
}

/* FIRST: visitors of the first step. */
static json_t *
step_view(const json_t *row, json_int_t first)
{
    json_int_t here = metric(row, 0), dropped = metric(row, 1);
    json_t *view = json_pack(
        "{s:s, s:I, s:o, s:o, s:o, s:n}", "text", gl_list_value(row), "n",
        here, "share", percent_text(here, first), "top",
        length(first - here, first), "height", length(here, first), "lost");

    /* before the first step nobody was on the way */
    if (here < first)
        json_object_set_new(
            view, "lost",
            json_pack("{s:I, s:o, s:o, s:o}", "n", dropped, "share",
                      percent_text(dropped, here + dropped), "top",
                      length(first - here - dropped, first), "height",
                      length(dropped, first)));
    return view;
}

static json_t *
funnel_view(const json_t *funnel, const json_t *answer)
{
    const json_t *results = json_object_get(answer, "results"), *row;
    json_int_t first = metric(json_array_get(results, 0), 0), last = 0;
    json_t *steps = json_array();
    size_t i;

    json_array_foreach (results, i, row) {
        json_array_append_new(steps, step_view(row, first));
        last = metric(row, 0);
    }
    return json_pack(
        "{s:O, s:o, s:I, s:I, s:o, s:O}", "text",
        json_object_get(funnel, "name"), "steps", steps, "first", first,
        "last", last, "share", percent_text(last, first), "all",
        json_object_get(json_object_get(answer, "meta"), "visitors"));
}

/* ---- what is chosen below a tab ---- */

static void
add_sub(json_t *list, char *href, const char *text, int current)
{
    json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "text", text,
                                          "href", href, "current", current));
    g_free(href);
}

static json_t *
keys_view(const struct gl_page *page, const char *open)
{
    json_t *list = json_array();
    const json_t *key;
    size_t i;

    json_array_foreach (page->keys, i, key) {
        const char *word = json_string_value(key);
        const char *name = gl_name_of_dimension(word);

        add_sub(list,
                gl_address_with(page->address, "behaviour", "properties",
                                "prop", name, NULL),
                name, strcmp(word, open) == 0);
    }
    return json_pack("{s:o}", "list", list);
}

static json_t *
funnels_view(const struct gl_page *page, const json_t *open)
{
    const json_t *funnels = json_object_get(page->offers, "funnel"), *one;
    json_t *list = json_array();
    size_t i;

    json_array_foreach (funnels, i, one) {
        char id[24];

        g_snprintf(id, sizeof id, "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(one, "id")));
        add_sub(list,
                gl_address_with(page->address, "behaviour", "funnels",
                                "funnel", id, NULL),
                json_string_value(json_object_get(one, "name")), one == open);
    }
    return json_pack("{s:o}", "list", list);
}

/* ---- the card ---- */

/* There is nothing of the open tab, and its owner can do something: into VIEW
 * {KEY: true}, instead of a list without a row; else null. */
static void
advise(const struct gl_list *open, json_t *view)
{
    int none = strcmp(open->key, "events") == 0
                   ? json_array_size(json_object_get(view, "rows")) == 0
                   : open->dimension == NULL;

    json_object_set_new(view, "advice",
                        none ? json_pack("{s:b}", open->key, 1) : json_null());
    if (none)
        json_object_del(view, "more");
}

json_t *
gl_behaviour_view(const struct gl_page *page, const json_t *answer,
                  const json_t *steps)
{
    json_t *view = gl_card_view(page, GL_CARD_BEHAVIOUR, answer);
    struct gl_list open = gl_list_open(page, GL_CARD_BEHAVIOUR);
    const json_t *one = open_funnel(page);

    json_object_set_new(view, "wide", json_true());
    if (open.dimension != NULL && strcmp(open.key, "properties") == 0)
        json_object_set_new(view, "subs", keys_view(page, open.dimension));
    if (one != NULL) {
        json_object_set_new(view, "subs", funnels_view(page, one));
        json_object_set_new(view, "funnel", funnel_view(one, steps));
    }
    if (strcmp(open.key, "journeys") == 0)
        gl_journey_view(page, steps, view);
    else if (one == NULL)
        advise(&open, view);
    gl_retention_view(page, steps, view);
    gl_uncounted_view(page, steps, view);
    gl_served_view(page, steps, view);
    return view;
}
