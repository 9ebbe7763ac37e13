/* Pages that nginx served, beside what scripts tell; see lists.h. */

#include "dashboard/lists.h"

#include <math.h>
#include <string.h>

#include "answer/ai.h"
#include "answer/served.h"
#include "calls/answer.h"
#include "dashboard/figures.h"
#include "language/numbers.h"
#include "language/say.h"
#include "store/rows/served.h"

#define ROWS 10 /* of a list */

static int
is_open(const struct gl_page *page)
{
    struct gl_list open = gl_list_open(page, GL_CARD_BEHAVIOUR);

    return strcmp(open.key, GL_LIST_SERVED) == 0 && page->segment == 0;
}

int
gl_served_ask(const struct gl_asking *asking, const struct gl_page *page,
              int64_t site, json_t **told, json_t **answer)
{
    json_t *ai = NULL;

    if (!is_open(page))
        return 200;
    *told = gl_served_answer(gl_asking_reader(asking), site,
                             page->period.first, page->period.last, ROWS);
    if (*told == NULL)
        return gl_verb_refuse_(answer, 503, "the storage cannot be read");
    int status = gl_ai_answer(asking, site, page->domain, page->period.first,
                              page->period.last, ROWS, &ai);
    if (status == 200)
        json_object_set_new(*told, "ai", ai);
    else
        *answer = ai;
    return status;
}

/* ---- first on the page ---- */

/* Of whom a script alone told, nginx served nothing. */
static void
add_served(void *arg, int64_t day, const struct gl_served_visitors *some)
{
    struct gl_served_visitors *all = arg;

    (void) day;
    all->n += some->views > 0 ? some->n : 0;
    all->views += some->views;
}

static int
add_days(const struct gl_asking *asking, int64_t site, int64_t first,
         int64_t last, struct gl_served_visitors *all)
{
    return gl_account_served_visitors(gl_asking_reader(asking), site, first,
                                      last, add_served, all);
}

/* NOW, and unless it is below zero what it WAS. */
static json_t *
number_view(enum gl_say text, int64_t now, int64_t was)
{
    struct gl_figures figures = gl_figures_of(GL_FIGURES_OF_SITE);
    g_autofree char *value = gl_number_text((double) now, 0);
    json_t *view = json_pack("{s:s, s:s, s:n, s:n}", "text", gl_say(text),
                             "value", value, "was", "change");

    if (was >= 0) {
        g_autofree char *before = gl_number_text((double) was, 0);
        json_int_t percent =
            was > 0 ? llround(100 * (double) (now - was) / (double) was)
                    : 100 * (now > 0);
        json_auto_t *row = json_pack("{s:[I], s:{s:[I], s:[I]}}", "metrics",
                                     (json_int_t) now, "comparison", "metrics",
                                     (json_int_t) was, "change", percent);

        json_object_set_new(view, "was", json_string(before));
        json_object_set_new(view, "change",
                            gl_change_view(&figures.one[0], row, 0));
    }
    return view;
}

json_t *
gl_served_headline(const struct gl_asking *asking, const struct gl_page *page,
                   int64_t site, const json_t *answer)
{
    struct gl_served_visitors now = {0}, was = {0};
    int64_t first = 0, last = 0;
    int compares = gl_choice_before_days(answer, &first, &last);

    if (!page->by_server ||
        add_days(asking, site, page->period.first, page->period.last, &now) <
            0 ||
        (compares && add_days(asking, site, first, last, &was) < 0))
        return NULL;
    g_autofree char *href =
        gl_address_with(page->address, "behaviour", GL_LIST_SERVED, NULL);

    return json_pack(
        "{s:[o, o], s:s}", "numbers",
        number_view(GL_SAY_VISITORS, now.n, compares ? was.n : -1),
        number_view(GL_SAY_SERVED_VIEWS, now.views, compares ? was.views : -1),
        "href", href);
}

/* ---- shown ---- */

static json_t *
text_cell(char *text)
{
    json_t *cell =
        json_pack("{s:s, s:b}", "text", text, "long", gl_figure_is_long(text));

    g_free(text);
    return cell;
}

static json_t *
count_cell(const json_t *n)
{
    return text_cell(gl_figure_text(GL_FIGURE_COUNT, n));
}

/* Milliseconds of a page, as it is told. */
static json_t *
time_cell(const json_t *ms)
{
    json_auto_t *whole =
        json_integer((json_int_t) (json_number_value(ms) + 0.5));
    g_autofree char *n = gl_figure_text(GL_FIGURE_COUNT, whole);
    char *text = gl_say_with(GL_SAY_SERVED_MS, json_pack("{s:s}", "n", n));

    return text_cell(text);
}

/* A telephone has no room for it. */
static json_t *
aside(json_t *cell)
{
    json_object_set_new(cell, "extra", json_true());
    return cell;
}

static json_t *
row_view(const char *text, double share, json_t *cells)
{
    return json_pack("{s:s, s:o, s:o}", "text", text, "share",
                     json_sprintf("%.0f", 100 * share), "cells", cells);
}

static json_t *
side_view(enum gl_say noun, json_t *heads, json_t *rows)
{
    return json_pack("{s:s, s:o, s:o}", "noun", gl_say(noun), "heads", heads,
                     "rows", rows);
}

static json_t *
head(enum gl_say text)
{
    return json_pack("{s:s}", "text", gl_say(text));
}

static json_t *
who_view(enum gl_say who, const json_t *visitors, const json_t *views,
         double all)
{
    return row_view(
        gl_say(who), MIN(json_number_value(visitors) / all, 1),
        json_pack("[o, o]", count_cell(visitors), count_cell(views)));
}

/* All that a script told of, whether nginx served their pages or not. */
static json_t *
told_view(const json_t *visitors, const json_t *views, double all)
{
    json_auto_t *n = json_integer(
        json_integer_value(json_object_get(visitors, "script")) +
        json_integer_value(json_object_get(visitors, "script_alone")));
    json_t *view =
        who_view(GL_SAY_SERVED_TOLD, n, json_object_get(views, "told"), all);

    return view;
}

/* Of all that were served a page: who runs the script, and who does not. */
static json_t *
visitors_view(const json_t *told)
{
    static const struct {
        const char *key;
        enum gl_say text;
    } lines[] = {{"script", GL_SAY_SERVED_SCRIPT},
                 {"blocks_script", GL_SAY_SERVED_BLOCKS},
                 {"unexplained", GL_SAY_SERVED_UNEXPLAINED}};
    const json_t *visitors = json_object_get(told, "visitors");
    const json_t *views = json_object_get(told, "views");
    double all = json_number_value(json_object_get(visitors, "served"));
    json_t *rows = json_array();

    for (size_t i = 0; all > 0 && i < G_N_ELEMENTS(lines); i++)
        json_array_append_new(
            rows,
            who_view(lines[i].text, json_object_get(visitors, lines[i].key),
                     json_object_get(views, lines[i].key), all));
    if (all > 0)
        json_array_append_new(rows, told_view(visitors, views, all));
    return side_view(
        GL_SAY_SERVED,
        json_pack("[o, o]", head(GL_SAY_VISITORS), head(GL_SAY_SERVED_VIEWS)),
        rows);
}

static json_t *
numbers_view(const json_t *list, enum gl_say noun)
{
    double most =
        json_number_value(json_object_get(json_array_get(list, 0), "n"));
    json_t *rows = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach (list, i, one) {
        const json_t *n = json_object_get(one, "n");

        json_array_append_new(
            rows, row_view(json_string_value(json_object_get(one, "page")),
                           json_number_value(n) / most,
                           json_pack("[o]", count_cell(n))));
    }
    return side_view(noun, json_pack("[o]", head(GL_SAY_SERVED_REPLIES)),
                     rows);
}

/* 1: some row of LIST has KEY, which is null where there is none. */
static int
has_any(const json_t *list, const char *key)
{
    const json_t *one;
    size_t i;

    json_array_foreach (list, i, one)
        if (json_is_number(json_object_get(one, key)))
            return 1;
    return 0;
}

static json_t *
none_cell(void)
{
    return json_pack("{s:s}", "text", "\xe2\x80\x93"); /* a dash */
}

static json_t *
upstream_cell(const json_t *row)
{
    const json_t *ms = json_object_get(row, "upstream_ms");

    return json_is_number(ms) ? time_cell(ms) : none_cell();
}

static json_t *
cached_cell(const json_t *row)
{
    const json_t *share = json_object_get(row, "cached");

    return json_is_number(share)
               ? text_cell(gl_percent_text(100 * json_number_value(share), 0))
               : none_cell();
}

/* Columns of upstreams and of the cache are there where some page has them. */
struct slow {
    int upstream, cached;
};

static json_t *
slow_heads(const struct slow *has)
{
    json_t *heads =
        json_pack("[o, o, o]", head(GL_SAY_SERVED_VIEWS),
                  aside(head(GL_SAY_SERVED_P50)), head(GL_SAY_SERVED_P95));

    if (has->upstream)
        json_array_append_new(heads, aside(head(GL_SAY_SERVED_UPSTREAM)));
    if (has->cached)
        json_array_append_new(heads, aside(head(GL_SAY_SERVED_CACHED)));
    return heads;
}

static json_t *
slow_cells(const struct slow *has, const json_t *row)
{
    json_t *cells =
        json_pack("[o, o, o]", count_cell(json_object_get(row, "views")),
                  aside(time_cell(json_object_get(row, "p50_ms"))),
                  time_cell(json_object_get(row, "p95_ms")));

    if (has->upstream)
        json_array_append_new(cells, aside(upstream_cell(row)));
    if (has->cached)
        json_array_append_new(cells, aside(cached_cell(row)));
    return cells;
}

static json_t *
slow_view(const json_t *list)
{
    const struct slow has = {has_any(list, "upstream_ms"),
                             has_any(list, "cached")};
    double most =
        json_number_value(json_object_get(json_array_get(list, 0), "p95_ms"));
    json_t *rows = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach (list, i, one) {
        double p95 = json_number_value(json_object_get(one, "p95_ms"));

        json_array_append_new(
            rows, row_view(json_string_value(json_object_get(one, "page")),
                           most > 0 ? p95 / most : 0, slow_cells(&has, one)));
    }
    json_t *view = side_view(GL_SAY_SERVED_SLOW, slow_heads(&has), rows);
    json_object_set_new(view, "across", json_true());
    return view;
}

/* ---- the AI loop, by operator ---- */

static void
add_to(json_t *of, const char *key, const json_t *n)
{
    json_object_set_new(
        of, key,
        json_integer(json_integer_value(json_object_get(of, key)) +
                     json_integer_value(n)));
}

/* The sums of whoever runs ONE, which has the name KEY where nobody is
 * known. */
static json_t *
operator_of(json_t *all, const json_t *one, const char *key)
{
    const char *name = json_string_value(json_object_get(one, "operator"));

    if (name == NULL || name[0] == '\0')
        name = json_string_value(json_object_get(one, key));
    json_t *of = json_object_get(all, name);
    if (of == NULL) {
        of = json_pack("{s:i, s:i, s:i, s:i}", "views", 0, "known", 0,
                       "denied", 0, "people", 0);
        json_object_set_new(all, name, of);
    }
    return of;
}

static json_t *
operators(const json_t *ai)
{
    json_t *all = json_object(), *of;
    const json_t *one;
    size_t i;

    json_array_foreach (json_object_get(ai, "bots"), i, one) {
        of = operator_of(all, one, "bot");
        add_to(of, "views", json_object_get(one, "views"));
        if (g_strcmp0(json_string_value(json_object_get(one, "identity")),
                      "claimed") != 0)
            add_to(of, "known", json_object_get(one, "views"));
        add_to(of, "denied", json_object_get(one, "refused"));
        add_to(of, "denied", json_object_get(one, "missing"));
    }
    json_array_foreach (json_object_get(ai, "people"), i, one) {
        of = operator_of(all, one, "source");
        add_to(of, "people", json_object_get(one, "visitors"));
    }
    return all;
}

static json_t *
ai_view(const json_t *ai)
{
    json_t *rows = json_array(), *of;
    json_auto_t *all = operators(ai);
    const char *name;
    double most = 1;

    json_object_foreach (all, name, of)
        most = MAX(most, json_number_value(json_object_get(of, "views")));
    json_object_foreach (all, name, of)
        json_array_append_new(
            rows,
            row_view(name,
                     json_number_value(json_object_get(of, "views")) / most,
                     json_pack("[o, o, o, o]",
                               count_cell(json_object_get(of, "views")),
                               aside(count_cell(json_object_get(of, "known"))),
                               count_cell(json_object_get(of, "denied")),
                               count_cell(json_object_get(of, "people")))));
    return side_view(GL_SAY_SERVED_AI,
                     json_pack("[o, o, o, o]", head(GL_SAY_SERVED_VIEWS),
                               aside(head(GL_SAY_SERVED_KNOWN)),
                               head(GL_SAY_SERVED_DENIED),
                               head(GL_SAY_SERVED_PEOPLE)),
                     rows);
}

void
gl_served_view(const struct gl_page *page, const json_t *told, json_t *view)
{
    if (!is_open(page))
        return;
    json_object_set_new(view, "advice", json_null());
    json_object_set_new(
        view, "served",
        json_pack("{s:[o, o, o, o, o]}", "sides", visitors_view(told),
                  ai_view(json_object_get(told, "ai")),
                  slow_view(json_object_get(told, "slow")),
                  numbers_view(json_object_get(told, "missing"),
                               GL_SAY_SERVED_MISSING),
                  numbers_view(json_object_get(told, "failed"),
                               GL_SAY_SERVED_FAILED)));
}
