/* The cards of a page, each with a list, the map and what visitors did; see
 * parts.h.  Query thread. */

#ifndef GL_DASHBOARD_LISTS_H
#define GL_DASHBOARD_LISTS_H

#include "dashboard/parts.h"

/* ---- lists.c ---- */

/* The open tab of CARD. */
struct gl_list gl_list_open(const struct gl_page *page, enum gl_card card);
/* "dimensions" of a query, the caller's. */
json_t *gl_list_dimensions(const struct gl_list *list);
/* The same for its card: without what a filter says of all rows, since one
 * dimension costs half of what two do. */
json_t *gl_list_of_card(const struct gl_page *page,
                        const struct gl_list *list);
/* 1: it is drawn, too. */
int gl_list_is_map(const struct gl_list *list);
/* What a row of ANSWER is of. */
const char *gl_list_value(const json_t *row);
/* The first cell of ROW, a view that has "cells", leads to its receipt. */
void gl_list_prove(json_t *row);
/* {text, href, flag?} of ROW; null: it is none that is shown. */
json_t *gl_list_row(const struct gl_page *page, const struct gl_list *list,
                    const json_t *row);

/* {key, title, noun, tabs: [{text, href, current}], subs: {list: [same]}?,
 *  heads, rows: [{text, flag?, href, share, cells}], total?, more?};
 *  ANSWER NULL: there is none */
json_t *gl_card_view(const struct gl_page *page, enum gl_card card,
                     const json_t *answer);

/* The list that the address wants all of: 1, or 0. */
int gl_list_whole(const struct gl_page *page, struct gl_list *list);

/* ---- map.c ---- */

/* Countries of LIST, {list: [{code, href, text, n, level}]}, level 1 to
 * GL_MAP_LEVELS. */
#define GL_MAP_LEVELS 5
json_t *gl_map_view(const struct gl_page *page, const struct gl_list *list,
                    const json_t *answer);

/* ---- journeys.c ---- */

/* Of gl_asking_ask(), the caller's; NULL: none is open that has begun. */
json_t *gl_journey_query(const struct gl_page *page);

/* Into VIEW, that of the card: pages to begin with; of a journey that has
 * begun, as ANSWER tells, its pages and where visits went from there. */
void gl_journey_view(const struct gl_page *page, const json_t *answer,
                     json_t *view);

/* ---- retention.c ---- */

/* Of gl_asking_ask(), the caller's; NULL: it is not open, or the time is too
 * long for it. */
json_t *gl_retention_query(const struct gl_page *page);
/* Into VIEW, that of the card, when it is open; ANSWER NULL: it was not
 * asked. */
void gl_retention_view(const struct gl_page *page, const json_t *answer,
                       json_t *view);

/* ---- uncounted.c: bots and events that were left out, by reason ---- */

#define GL_LIST_UNCOUNTED "uncounted"
/* 200, and *TOLD when its tab is open; or a status and *ANSWER.  A page of a
 * segment alone has no such tab. */
int gl_uncounted_ask(const struct gl_asking *asking,
                     const struct gl_page *page, int64_t site, json_t **told,
                     json_t **answer);
/* Into VIEW, that of the card, when it is open. */
void gl_uncounted_view(const struct gl_page *page, const json_t *told,
                       json_t *view);

/* ---- served.c: pages that nginx served, beside what scripts tell ---- */

#define GL_LIST_SERVED "served"
/* As gl_uncounted_ask(). */
int gl_served_ask(const struct gl_asking *asking, const struct gl_page *page,
                  int64_t site, json_t **told, json_t **answer);
/* Of the time of PAGE, all that were served a page, {numbers, href}, beside
 * those of the days with which ANSWER, the headline's, compares; NULL: PAGE
 * does not show it, or the file cannot be read. */
json_t *gl_served_headline(const struct gl_asking *asking,
                           const struct gl_page *page, int64_t site,
                           const json_t *answer);
/* Into VIEW, that of the card, when it is open. */
void gl_served_view(const struct gl_page *page, const json_t *told,
                    json_t *view);

/* ---- behaviour.c: what visitors did ---- */

/* Of gl_asking_ask(), the caller's; NULL: no funnel is open. */
json_t *gl_funnel_query(const struct gl_page *page);

/* As gl_card_view(), with {wide, funnel: {text, steps, ...}?,
 * journey: {way, noun, heads, rows}?, advice?}.  STEPS: the answer about the
 * funnel or journey that is open, or NULL. */
json_t *gl_behaviour_view(const struct gl_page *page, const json_t *answer,
                          const json_t *steps);

#endif
