/* What a page is of; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

#include "dashboard/lists.h"
#include "dashboard/offers.h"

#define KEYS_MAX 24 /* properties to choose from */

/* FILTER is on a goal that brings money. */
static int
is_of_sales(const struct gl_page *page, const json_t *filter)
{
    const json_t *goal = gl_offer_named(
        page->offers, "goal",
        json_string_value(json_array_get(json_array_get(filter, 2), 0)));

    return strcmp(json_string_value(json_array_get(filter, 1)),
                  "event:goal") == 0 &&
           json_object_get(json_object_get(goal, "body"), "currency") != NULL;
}

static int
filters_sales(const struct gl_page *page)
{
    int found = 0;

    for (size_t i = 0; i < gl_address_filters(page->address); i++) {
        json_auto_t *filter = gl_address_filter(page->address, i);

        found |= is_of_sales(page, filter);
    }
    return found;
}

static enum gl_figures_of
figures_of(const struct gl_page *page)
{
    if (gl_address_has(page->address, "event:goal"))
        return filters_sales(page) ? GL_FIGURES_OF_SALE : GL_FIGURES_OF_GOAL;
    return gl_address_has(page->address, "event:page") ? GL_FIGURES_OF_PAGE
                                                       : GL_FIGURES_OF_SITE;
}

/* Properties that there are, where one of them is shown: 200, or a status. */
static int
ask_keys(const struct gl_asking *asking, struct gl_page *page, json_t **answer)
{
    json_t *told = NULL;
    json_auto_t *query = gl_page_keys_query(page);
    const json_t *row;
    size_t i;

    if (query == NULL)
        return 200;
    int status = gl_asking_keys(asking, query, &told);
    if (status != 200) {
        *answer = told;
        return status;
    }
    const json_t *results = json_object_get(told, "results");
    page->keys = json_array();
    json_array_foreach (results, i, row) {
        const char *key = gl_list_value(row);

        /* a filter of an address has commas between its parts */
        if (json_array_size(page->keys) < KEYS_MAX && strchr(key, ',') == NULL)
            json_array_append_new(page->keys,
                                  json_sprintf("event:props:%s", key));
    }
    json_decref(told);
    return 200;
}

void
gl_page_fini(struct gl_page *page)
{
    gl_address_free(page->address);
    json_decref(page->offers);
    json_decref(page->keys);
}

int
gl_page_init(const struct gl_query_view *view, const struct gl_asking *asking,
             const struct gl_meta_site *site, const json_t *by,
             const char *query, struct gl_page *page, json_t **answer)
{
    *page = (struct gl_page){
        .domain = site->domain,
        .segment = json_integer_value(json_object_get(by, "segment")),
        .when = gl_asking_site(asking),
        .address = gl_address_read(query),
        .imports = gl_asking_has_totals(asking)};

    /* they know neither filters nor segments */
    page->by_server = site->count_served && page->segment == 0 &&
                      gl_address_filters(page->address) == 0;
    int status = gl_offers_read(view, site->id, &page->offers, answer);
    if (status == 200) {
        gl_period_read(page->address, page->when, &page->period);
        page->figures = gl_figures_of(figures_of(page));
        status = ask_keys(asking, page, answer);
    }
    if (status != 200)
        gl_page_fini(page);
    return status;
}
