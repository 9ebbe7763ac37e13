/* Pages that nginx served, beside what scripts tell; see lists.h. */

#include "dashboard/lists.h"

#include <string.h>

#include "answer/served.h"
#include "calls/answer.h"
#include "language/say.h"

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
    if (!is_open(page))
        return 200;
    *told = gl_served_answer(gl_asking_reader(asking), site,
                             page->period.first, page->period.last, ROWS);
    if (*told == NULL)
        return gl_verb_refuse_(answer, 503, "the storage cannot be read");
    return 200;
}

/* ---- shown ---- */

static json_t *
text_cell(char *text)
{
    json_t *cell = json_pack("{s:s}", "text", text);

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
    json_t *whole = json_integer((json_int_t) (json_number_value(ms) + 0.5));
    char *n = gl_figure_text(GL_FIGURE_COUNT, whole);
    char *text = gl_say_with(GL_SAY_SERVED_MS, json_pack("{s:s}", "n", n));

    json_decref(whole);
    g_free(n);
    return text_cell(text);
}

static json_t *
row_view(const char *text, double share, json_t *cells)
{
    return json_pack("{s:s, s:o, s:o}", "text", text, "share",
                     json_sprintf("%.1f", 100 * share), "cells", cells);
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

    for (size_t i = 0; all > 0 && i < G_N_ELEMENTS(lines); i++) {
        const json_t *n = json_object_get(visitors, lines[i].key);

        json_array_append_new(
            rows,
            row_view(
                gl_say(lines[i].text), json_number_value(n) / all,
                json_pack("[o, o]", count_cell(n),
                          count_cell(json_object_get(views, lines[i].key)))));
    }
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

    json_array_foreach(list, i, one)
    {
        const json_t *n = json_object_get(one, "n");

        json_array_append_new(
            rows, row_view(json_string_value(json_object_get(one, "page")),
                           json_number_value(n) / most,
                           json_pack("[o]", count_cell(n))));
    }
    return side_view(noun, json_pack("[o]", head(GL_SAY_SERVED_REPLIES)),
                     rows);
}

static json_t *
slow_view(const json_t *list)
{
    double most =
        json_number_value(json_object_get(json_array_get(list, 0), "p95_ms"));
    json_t *rows = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        const json_t *p95 = json_object_get(one, "p95_ms");

        json_array_append_new(
            rows, row_view(json_string_value(json_object_get(one, "page")),
                           most > 0 ? json_number_value(p95) / most : 0,
                           json_pack("[o, o]",
                                     time_cell(json_object_get(one, "p50_ms")),
                                     time_cell(p95))));
    }
    return side_view(
        GL_SAY_SERVED_SLOW,
        json_pack("[o, o]", head(GL_SAY_SERVED_P50), head(GL_SAY_SERVED_P95)),
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
        json_pack("{s:[o, o, o, o]}", "sides", visitors_view(told),
                  slow_view(json_object_get(told, "slow")),
                  numbers_view(json_object_get(told, "missing"),
                               GL_SAY_SERVED_MISSING),
                  numbers_view(json_object_get(told, "failed"),
                               GL_SAY_SERVED_FAILED)));
}
