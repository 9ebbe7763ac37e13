/*
 * The parts of a site's page: what each asks of the rows, and what it shows of
 * the answers, as objects for the templates.  Each function returns what is
 * the caller's.  Query thread.
 */

#ifndef GL_DASHBOARD_PARTS_H
#define GL_DASHBOARD_PARTS_H

#include <jansson.h>

#include "dashboard/address.h"
#include "dashboard/period.h"
#include "query/range.h"

/* What one page is of. */
struct gl_page {
    const char *domain;
    const struct gl_range_site *when;
    struct gl_address *address;
    struct gl_period period;
};

/* ---- queries.c: what a page asks ---- */

enum gl_card {
    GL_CARD_SOURCES,
    GL_CARD_PAGES,
    GL_CARD_PLACES,
    GL_CARD_DEVICES,
    GL_CARDS_N
};

/* Which of a page's queries is what. */
enum { GL_PAGE_HEADLINE, GL_PAGE_CHART, GL_PAGE_CARDS };

#define GL_PAGE_ROWS 9 /* of a card */

/* All of them, to be asked together. */
json_t *gl_page_query(const struct gl_page *page);
/* Their "filters". */
json_t *gl_page_filters(const struct gl_page *page);
/* The word of what is compared with, "off" = nothing. */
const char *gl_page_compare(const struct gl_page *page);

/* How far apart the points of the chart may be: [{text, href, current}]. */
json_t *gl_intervals_view(const struct gl_page *page);

/* ---- lists.c ---- */

struct gl_list {
    enum gl_card card;
    const char *key, *tab, *dimension;
    int first;
};

/* The open tab of CARD. */
const struct gl_list *gl_list_open(const struct gl_address *address,
                                   enum gl_card card);

/* {name, key, tabs: [{text, href, current}], rows: [{text, flag?, href, n,
 *  share, percent}], total, more?} */
json_t *gl_card_view(const struct gl_page *page, enum gl_card card,
                     const json_t *answer);

/* The list that the address wants all of, or NULL. */
const struct gl_list *gl_list_whole(const struct gl_address *address);

/* ---- detail.c: all of a list ---- */

json_t *gl_detail_query(const struct gl_page *page, const struct gl_list *list,
                        int as_file);
json_t *gl_detail_view(const struct gl_page *page, const struct gl_list *list,
                       const json_t *answer);
/* CSV (RFC 4180), inert in a spreadsheet. */
char *gl_detail_file(const struct gl_list *list, const json_t *answer);

/* ---- headline.c ---- */

/* [{text, href, current, value, change?: {text, up, good, ...}, was}] */
json_t *gl_headline_view(const struct gl_page *page, const json_t *answer);

/* ---- chart.c ---- */

json_t *gl_chart_view(const struct gl_page *page, const json_t *answer);

/* ---- choices.c: what a page lets one choose ---- */

/* Into VIEW: period, compare and chips. */
void gl_choices_view(const struct gl_page *page, json_t *view);
/* What is compared with, as ANSWER, one that was, has it: "1 – 28 Oct 2026";
 * NULL: nothing. */
char *gl_choice_before(const json_t *answer);

#endif
