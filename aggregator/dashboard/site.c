/* A site's page, from its address to its HTML; see site.h. */

#include "dashboard/site.h"

#include <stdlib.h>

#include "calls/answer.h"
#include "dashboard/lists.h"
#include "dashboard/parts.h"
#include "dashboard/render.h"
#include "answer/asking.h"
#include "store/rows/served.h"

/* A page whose live numbers are not known yet, after a start, waits no longer
 * for its report: with them it is asked for again. */
#define FIRST_MS 100

/* Somebody is there now, or was today. */
static int
has_live(const json_t *live)
{
    const json_t *today = json_object_get(live, "today");

    return json_integer_value(json_object_get(live, "visitors")) > 0 ||
           json_integer_value(json_object_get(today, "pageviews")) > 0;
}

/* The headline and the lists are all that is wanted. */
static int
is_lists(const struct gl_page *page)
{
    return gl_address_part(page->address) == GL_ADDRESS_LISTS;
}

/* What was told of CARD, or NULL. */
static const json_t *
card_answer(const struct gl_page *page, enum gl_card card,
            const json_t *answers)
{
    size_t first = is_lists(page) ? GL_PAGE_CHART : GL_PAGE_CARDS;

    return json_array_get(answers, first + card);
}

static json_t *
card_view(const struct gl_page *page, enum gl_card card, const json_t *answers)
{
    const json_t *answer = card_answer(page, card, answers);
    struct gl_list list = gl_list_open(page, card);
    json_t *view = gl_card_view(page, card, answer);

    if (gl_list_is_map(&list))
        json_object_set_new(view, "map", gl_map_view(page, &list, answer));
    return view;
}

/* What the answers show: of a page, or of a part. */
static json_t *
report_view(const struct gl_page *page, const json_t *answers,
            const json_t *steps)
{
    json_t *cards = json_array();

    for (int card = 0; card < GL_CARD_BEHAVIOUR; card++)
        json_array_append_new(cards,
                              card_view(page, (enum gl_card) card, answers));
    json_array_append_new(
        cards,
        gl_behaviour_view(page, card_answer(page, GL_CARD_BEHAVIOUR, answers),
                          steps));
    return json_pack(
        "{s:i, s:o, s:o, s:b}", "figures", (int) page->figures.n, "headline",
        gl_headline_view(page, json_array_get(answers, GL_PAGE_HEADLINE)),
        "cards", cards, "part", is_lists(page));
}

static json_t *
text_or_null(char *text)
{
    json_t *json = text == NULL ? json_null() : json_string(text);

    g_free(text);
    return json;
}

/* Whether totals of another product are in, as ANSWER says: {included} or
 * {left: by the filters}; null: there are none of this time. */
static json_t *
imported_view(const json_t *answer)
{
    const json_t *meta = json_object_get(answer, "meta");
    const char *why =
        json_string_value(json_object_get(meta, "imports_skip_reason"));

    if (json_is_true(json_object_get(meta, "imports_included")))
        return json_pack("{s:b}", "included", 1);
    return g_strcmp0(why, "unsupported_query") == 0
               ? json_pack("{s:b}", "left", 1)
               : json_null();
}

/* What is of a page alone. */
static void
add_rest(const struct gl_asking *asking, const struct gl_page *page,
         int64_t site, const json_t *answers, json_t *report)
{
    const json_t *headline = json_array_get(answers, GL_PAGE_HEADLINE);
    json_t *first = gl_served_headline(asking, page, site, headline);

    json_object_set_new(
        report, "chart",
        gl_chart_view(page, json_array_get(answers, GL_PAGE_CHART)));
    json_object_set_new(report, "first", first == NULL ? json_null() : first);
    json_object_set_new(report, "open",
                        json_boolean(gl_period_is_open(&page->period)));
    gl_choices_view(page, report);
    json_object_set_new(report, "imported", imported_view(headline));
    json_object_set_new(json_object_get(report, "compare"), "before",
                        text_or_null(gl_choice_before(headline)));
}

/* About the funnel, the journey, the retention or what SITE did not count, if
 * one is open. */
static int
ask_steps(const struct gl_asking *asking, const struct gl_page *page,
          int64_t site, json_t **told, json_t **answer)
{
    json_t *query = gl_funnel_query(page);

    if (query == NULL)
        query = gl_journey_query(page);
    if (query == NULL)
        query = gl_retention_query(page);
    if (query != NULL)
        return gl_asking_take(asking, query, told, answer);
    int status = gl_served_ask(asking, page, site, told, answer);
    return status != 200 || *told != NULL
               ? status
               : gl_uncounted_ask(asking, page, site, told, answer);
}

/* Of a site of which nginx has served pages, and no script has told: how a
 * script tells, and what there is without. */
static json_t *
alone_view(const struct gl_page *page, const json_t *answers,
           const json_t *steps)
{
    json_t *view = json_pack(
        "{s:b, s:b, s:[o]}", "empty", 1, "alone", 1, "cards",
        gl_behaviour_view(page, card_answer(page, GL_CARD_BEHAVIOUR, answers),
                          steps));

    gl_choices_view(page, view);
    json_object_set_new(view, "compare", json_null());
    json_object_set_new(view, "filter", json_null());
    return view;
}

/* 200 and *REPORT, or a status. */
static int
ask_page(const struct gl_asking *asking, const struct gl_page *page,
         int64_t site, json_t **report, json_t **answer)
{
    json_auto_t *steps = NULL;
    json_auto_t *told = NULL;
    int status = gl_asking_take(asking, gl_page_query(page), &told, answer);
    const json_t *answers = json_object_get(told, "answers");

    if (status == 200)
        status = ask_steps(asking, page, site, &steps, answer);
    if (status == 200) {
        *report = page->alone ? alone_view(page, answers, steps)
                              : report_view(page, answers, steps);
        json_object_set_new(
            *report, "here",
            text_or_null(gl_address_with(page->address, NULL)));
        if (!page->alone && !is_lists(page))
            add_rest(asking, page, site, answers, *report);
    }
    return status;
}

/* All rows of LIST: a status, with *REPORT or *ANSWER. */
static int
ask_list(const struct gl_asking *asking, const struct gl_page *page,
         const struct gl_list *list, json_t **report, json_t **answer)
{
    json_auto_t *told = NULL;
    int status =
        gl_asking_take(asking, gl_detail_query(page, list, 0), &told, answer);

    if (status != 200)
        return status;
    *report = json_pack("{s:o}", "detail", gl_detail_view(page, list, told));
    gl_choices_view(page, *report);
    /* it has no column for that */
    json_object_set_new(*report, "compare", json_null());
    return 200;
}

/* Of a site without any event: what to do next. */
static json_t *
empty_view(void)
{
    return json_pack("{s:b}", "empty", 1);
}

/* 1: there are pages that nginx has served, and who asks may know of them. */
static int
is_served(const struct gl_asking *asking, const struct gl_meta_site *site,
          const json_t *by)
{
    return json_integer_value(json_object_get(by, "segment")) == 0 &&
           gl_account_has_served(gl_asking_reader(asking), site->id) == 1;
}

/* ALONE: of pages served, without any event: 200 and *REPORT, or a status. */
static int
make_report(const struct gl_query_view *view, const struct gl_asking *asking,
            const struct gl_meta_site *site, const json_t *by,
            const char *query, int alone, json_t **report, json_t **answer)
{
    struct gl_page page;
    struct gl_list list;
    int status = gl_page_init(view, asking, site, by, query, &page, answer);

    if (status != 200)
        return status;
    page.alone = alone;
    status = gl_list_whole(&page, &list)
                 ? ask_list(asking, &page, &list, report, answer)
                 : ask_page(asking, &page, site->id, report, answer);
    if (status == 200 && gl_address_part(page.address) == GL_ADDRESS_REPORT)
        json_object_set_new(*report, "turned", json_true());
    gl_page_fini(&page);
    return status;
}

static int
make(const struct gl_query_view *view, const struct gl_asking *asking,
     const struct gl_meta_site *site, const json_t *by, const char *query,
     const json_t *live, json_t **answer)
{
    int any = gl_asking_has_rows(asking) || has_live(live), status = 200;
    json_t *report = NULL;
    size_t len = 0;

    if (!any && !is_served(asking, site, by))
        report = empty_view();
    else
        status =
            make_report(view, asking, site, by, query, !any, &report, answer);
    if (status != 200)
        return status;
    char *html = gl_render_site(site, by, live, report, &len);
    if (html == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    *answer = json_stringn_nocheck(html, len);
    free(html);
    return 200;
}

int
gl_dashboard_site(const struct gl_query_view *view,
                  const struct gl_meta_site *site, const json_t *by,
                  const char *query, const json_t *live, json_t **answer)
{
    struct gl_asking *asking;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status != 200)
        return status;
    if (!json_is_integer(json_object_get(live, "visitors")) &&
        json_integer_value(json_object_get(by, "segment")) == 0)
        gl_asking_hurry(asking, FIRST_MS);
    status = gl_asking_with_totals(asking, answer);
    if (status == 200)
        status = make(view, asking, site, by, query, live, answer);
    gl_asking_close(asking);
    return status;
}

static int
make_file(const struct gl_asking *asking, const struct gl_page *page,
          json_t **answer)
{
    struct gl_list list;
    json_auto_t *told = NULL;
    int status;

    if (!gl_list_whole(page, &list))
        return gl_verb_refuse_(answer, 404, "there is no such list");
    status =
        gl_asking_take(asking, gl_detail_query(page, &list, 1), &told, answer);
    if (status != 200)
        return status;
    gl_language_use(GL_LANGUAGE_EN); /* for programs */
    g_autofree char *text = gl_detail_file(page, &list, told);
    *answer = json_string_nocheck(text);
    return 200;
}

int
gl_dashboard_file(const struct gl_query_view *view,
                  const struct gl_meta_site *site, const json_t *by,
                  const char *query, json_t **answer)
{
    struct gl_asking *asking;
    struct gl_page page;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status != 200)
        return status;
    status = gl_asking_with_totals(asking, answer);
    if (status == 200)
        status = gl_page_init(view, asking, site, by, query, &page, answer);
    if (status == 200) {
        status = make_file(asking, &page, answer);
        gl_page_fini(&page);
    }
    gl_asking_close(asking);
    return status;
}
