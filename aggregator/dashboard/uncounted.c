/* What was not counted, and why; see lists.h. */

#include "dashboard/lists.h"

#include <string.h>

#include "calls/answer.h"
#include "dashboard/names.h"
#include "language/say.h"
#include "store/rows/tallies.h"

#define SIDES 2 /* left out; of bots */

static int
is_open(const struct gl_page *page)
{
    struct gl_list open = gl_list_open(page, GL_CARD_BEHAVIOUR);

    return strcmp(open.key, GL_LIST_UNCOUNTED) == 0 && page->segment == 0;
}

/* ---- asked ---- */

static void
take(void *arg, int of_bots, const char *reason, int64_t n)
{
    json_array_append_new(json_array_get(arg, of_bots ? 1 : 0),
                          json_pack("[s, I]", reason, (json_int_t) n));
}

int
gl_uncounted_ask(const struct gl_asking *asking, const struct gl_page *page,
                 int64_t site, json_t **told, json_t **answer)
{
    if (!is_open(page))
        return 200;
    *told = json_pack("[[], []]");
    if (gl_account_uncounted(gl_asking_reader(asking), site,
                             page->period.first, page->period.last, take,
                             *told) < 0)
        return gl_verb_refuse_(answer, 503, "the storage cannot be read");
    return 200;
}

/* ---- shown ---- */

static json_int_t
n_of(const json_t *row)
{
    return json_integer_value(json_array_get(row, 1));
}

/* As the first word of a line. */
static char *
capital(const char *text)
{
    char first[6];
    int len =
        g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(text)), first);

    return g_strdup_printf("%.*s%s", len, first,
                           g_utf8_find_next_char(text, NULL));
}

static json_t *
row_view(const json_t *row, json_int_t most)
{
    g_autofree char *text =
        capital(gl_name_of_reason(json_string_value(json_array_get(row, 0))));
    g_autofree char *n =
        gl_figure_text(GL_FIGURE_COUNT, json_array_get(row, 1));
    return json_pack(
        "{s:s, s:o, s:[{s:s}]}", "text", text, "share",
        json_sprintf("%.0f", 100 * (double) n_of(row) / (double) most),
        "cells", "text", n);
}

static json_t *
side_view(const json_t *rows, enum gl_say noun)
{
    json_t *list = json_array();
    const json_t *row;
    size_t i;

    json_array_foreach (rows, i, row)
        json_array_append_new(
            list, row_view(row, MAX(n_of(json_array_get(rows, 0)), 1)));
    return json_pack("{s:s, s:[{s:s}], s:o}", "noun", gl_say(noun), "heads",
                     "text", gl_say(GL_SAY_EVENTS), "rows", list);
}

void
gl_uncounted_view(const struct gl_page *page, const json_t *told, json_t *view)
{
    static const enum gl_say nouns[SIDES] = {GL_SAY_UNCOUNTED_LEFT_OUT,
                                             GL_SAY_UNCOUNTED_BOTS};

    if (!is_open(page))
        return;
    json_t *sides = json_array();
    for (size_t i = SIDES; i-- > 0;)
        json_array_append_new(sides,
                              side_view(json_array_get(told, i), nouns[i]));
    json_object_set_new(view, "advice", json_null());
    json_object_set_new(view, "uncounted", json_pack("{s:o}", "sides", sides));
}
