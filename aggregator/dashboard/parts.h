/*
 * The parts of a site's page: what each asks of the rows, and what it shows of
 * the answers, as objects for the templates.  Each function returns what is
 * the caller's.  Query thread.
 */

#ifndef GL_DASHBOARD_PARTS_H
#define GL_DASHBOARD_PARTS_H

#include <jansson.h>

#include "dashboard/address.h"
#include "dashboard/figures.h"
#include "dashboard/period.h"
#include "answer/asking.h"

/* What one page is of. */
struct gl_page {
    const char *domain;
    int64_t segment; /* visits in it alone, whatever is chosen; 0 = all */
    const struct gl_range_site *when;
    struct gl_address *address;
    struct gl_period period;
    json_t *offers;            /* offers.h */
    json_t *keys;              /* "event:props:plan", ... of this time, what
                                  most events have first; NULL: not shown */
    struct gl_figures figures; /* of the headline */
    int imports;               /* totals of another product are there */
    int alone;                 /* there are pages served, and no event */
    int by_server;             /* pages served are shown first */
};

/* ---- page.c ---- */

/* The page that QUERY, an address, wants of SITE, BY (render.h), with what
 * must be asked before anything else: 200 and *PAGE, or a status and
 * *ANSWER. */
int gl_page_init(const struct gl_query_view *view,
                 const struct gl_asking *asking,
                 const struct gl_meta_site *site, const json_t *by,
                 const char *query, struct gl_page *page, json_t **answer);
void gl_page_fini(struct gl_page *page);

/* ---- queries.c: what a page asks ---- */

enum gl_card {
    GL_CARD_SOURCES,
    GL_CARD_PAGES,
    GL_CARD_PLACES,
    GL_CARD_DEVICES,
    GL_CARD_BEHAVIOUR,
    GL_CARDS_N
};

/* Which of a page's queries is what; of the last card there may be none.  What
 * is a part alone has no chart, but cards from there on. */
enum { GL_PAGE_HEADLINE, GL_PAGE_CHART, GL_PAGE_CARDS };

#define GL_PAGE_ROWS 9        /* of a card */
#define GL_PAGE_MAP_ROWS 4    /* below the map */
#define GL_PAGE_COUNTRIES 300 /* on it: more than there are */

/* All of them, to be asked together. */
json_t *gl_page_query(const struct gl_page *page);
/* Their "filters". */
json_t *gl_page_filters(const struct gl_page *page);
/* Of gl_asking_keys(), the caller's; NULL: no property is shown. */
json_t *gl_page_keys_query(const struct gl_page *page);
/* The word of what is compared with, "off" = nothing. */
const char *gl_page_compare(const struct gl_page *page);

/* How far apart the points of the chart may be: [{text, href, current}]. */
json_t *gl_intervals_view(const struct gl_page *page);

/* ---- detail.c: all of a list ---- */

/* A row of lists.def.  DIMENSION: as the API has it, NULL = nothing can be
 * asked. */
struct gl_list {
    enum gl_card card;
    const char *key;
    enum gl_say tab;
    const char *under, *with, *dimension, *after;
};

json_t *gl_detail_query(const struct gl_page *page, const struct gl_list *list,
                        int as_file);
json_t *gl_detail_view(const struct gl_page *page, const struct gl_list *list,
                       const json_t *answer);
/* CSV (RFC 4180), inert in a spreadsheet. */
char *gl_detail_file(const struct gl_page *page, const struct gl_list *list,
                     const json_t *answer);

/* ---- headline.c ---- */

/* [{text, href, current, value, change?: {text, up, good, ...}, was}] */
json_t *gl_headline_view(const struct gl_page *page, const json_t *answer);

/* How the metric I of ROW, which is FIGURE, differs from its comparison:
 * {text, up, down, good, bad}; null: it was nothing. */
json_t *gl_change_view(const struct gl_figure *figure, const json_t *row,
                       size_t i);

/* ---- chart.c ---- */

json_t *gl_chart_view(const struct gl_page *page, const json_t *answer);

/* ---- spans.c ---- */

/* From where to where points called LABELS are, as an address says it: [{from,
 * to}], dates or times. */
json_t *gl_spans(const struct gl_page *page, const json_t *labels);

/* ---- notes.c ---- */

/* Annotations of this time: {list: [{n, x, day, text}]}; null: there is none.
 * ANSWER: as of the chart. */
json_t *gl_notes_view(const struct gl_page *page, const json_t *answer);

/* ---- choices.c: what a page lets one choose ---- */

/* Into VIEW: period, compare and chips. */
void gl_choices_view(const struct gl_page *page, json_t *view);
/* The days that are compared with, as ANSWER, one that was, has them: 1; 0:
 * none are. */
int gl_choice_before_days(const json_t *answer, int64_t *first, int64_t *last);
/* What is compared with, as ANSWER, one that was, has it: "1 – 28 Oct 2026";
 * NULL: nothing. */
char *gl_choice_before(const json_t *answer);

#endif
