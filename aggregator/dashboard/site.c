/* A site's page, from its address to its HTML; see site.h. */

#include "dashboard/site.h"

#include <stdlib.h>

#include "calls/answer.h"
#include "dashboard/parts.h"
#include "dashboard/render.h"
#include "query/asking.h"

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

/* What the answers show. */
static json_t *
report_view(const struct gl_page *page, const json_t *answers)
{
    json_t *cards = json_array(), *view;

    for (int card = 0; card < GL_CARDS_N; card++)
        json_array_append_new(
            cards,
            gl_card_view(page, (enum gl_card) card,
                         json_array_get(answers, GL_PAGE_CARDS + card)));
    view = json_pack(
        "{s:o, s:o, s:o, s:b}", "headline",
        gl_headline_view(page, json_array_get(answers, GL_PAGE_HEADLINE)),
        "chart", gl_chart_view(page, json_array_get(answers, GL_PAGE_CHART)),
        "cards", cards, "open", gl_period_is_open(&page->period));
    return view;
}

static json_t *
text_or_null(char *text)
{
    json_t *json = text == NULL ? json_null() : json_string(text);

    g_free(text);
    return json;
}

/* 200 and *REPORT, or a status. */
static int
ask(const struct gl_asking *asking, const struct gl_page *page,
    json_t **report, json_t **answer)
{
    json_t *query = gl_page_query(page), *told = NULL;
    int status = gl_asking_ask(asking, query, &told);
    const json_t *answers = json_object_get(told, "answers");

    json_decref(query);
    if (status != 200) {
        *answer = told;
        return status;
    }
    *report = report_view(page, answers);
    gl_choices_view(page, *report);
    json_object_set_new(json_object_get(*report, "compare"), "before",
                        text_or_null(gl_choice_before(
                            json_array_get(answers, GL_PAGE_HEADLINE))));
    json_decref(told);
    return 200;
}

/* The same of all rows of LIST. */
static int
ask_list(struct gl_asking *asking, const struct gl_page *page,
         const struct gl_list *list, json_t **report, json_t **answer)
{
    json_t *query = gl_detail_query(page, list, 0), *told = NULL;
    int status = gl_asking_ask(asking, query, &told);

    json_decref(query);
    if (status != 200) {
        *answer = told;
        return status;
    }
    *report = json_pack("{s:o}", "detail", gl_detail_view(page, list, told));
    gl_choices_view(page, *report);
    /* it has no column for that */
    json_object_set_new(*report, "compare", json_null());
    json_decref(told);
    return 200;
}

/* Of a site without any event: what to do next. */
static json_t *
empty_view(void)
{
    return json_pack("{s:b}", "empty", 1);
}

/* Its address is the caller's. */
static struct gl_page
page_of(const struct gl_asking *asking, const struct gl_meta_site *site,
        const char *query)
{
    struct gl_page page = {.domain = site->domain,
                           .when = gl_asking_site(asking),
                           .address = gl_address_read(query)};

    gl_period_read(page.address, page.when, &page.period);
    return page;
}

static int
make(struct gl_asking *asking, const struct gl_meta_site *site,
     const char *query, const json_t *live, json_t **answer)
{
    struct gl_page page = page_of(asking, site, query);
    const struct gl_list *list = gl_list_whole(page.address);
    json_t *report = NULL;
    int status = 200;
    size_t len = 0;
    char *html;

    if (!gl_asking_has_rows(asking) && !has_live(live))
        report = empty_view();
    else if (list != NULL)
        status = ask_list(asking, &page, list, &report, answer);
    else
        status = ask(asking, &page, &report, answer);
    gl_address_free(page.address);
    if (status != 200)
        return status;
    html = gl_render_site(site, live, report, &len);
    if (html == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    *answer = json_stringn_nocheck(html, len);
    free(html);
    return 200;
}

int
gl_dashboard_site(const struct gl_query_view *view,
                  const struct gl_meta_site *site, const char *query,
                  const json_t *live, json_t **answer)
{
    struct gl_asking *asking;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status != 200)
        return status;
    if (!json_is_integer(json_object_get(live, "visitors")))
        gl_asking_hurry(asking, FIRST_MS);
    status = make(asking, site, query, live, answer);
    gl_asking_close(asking);
    return status;
}

static int
make_file(struct gl_asking *asking, const struct gl_page *page,
          json_t **answer)
{
    const struct gl_list *list = gl_list_whole(page->address);
    json_t *query, *told = NULL;
    int status;
    char *text;

    if (list == NULL)
        return gl_verb_refuse_(answer, 404, "there is no such list");
    query = gl_detail_query(page, list, 1);
    status = gl_asking_ask(asking, query, &told);
    json_decref(query);
    if (status != 200) {
        *answer = told;
        return status;
    }
    text = gl_detail_file(list, told);
    *answer = json_string_nocheck(text);
    g_free(text);
    json_decref(told);
    return 200;
}

int
gl_dashboard_file(const struct gl_query_view *view,
                  const struct gl_meta_site *site, const char *query,
                  json_t **answer)
{
    struct gl_asking *asking;
    struct gl_page page;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status != 200)
        return status;
    page = page_of(asking, site, query);
    status = make_file(asking, &page, answer);
    gl_address_free(page.address);
    gl_asking_close(asking);
    return status;
}
