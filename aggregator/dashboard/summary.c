/* A week in words; see summary.h. */

#include "dashboard/summary.h"

#include <stdlib.h>
#include <string.h>

#include "calls/answer.h"
#include "dashboard/address.h"
#include "dashboard/languages.h"
#include "dashboard/render.h"
#include "language/dates.h"
#include "language/say.h"
#include "question/range.h"
#include "summary/questions.h"
#include "summary/summary.h"

static void
set_text(json_t *view, const char *key, char *text)
{
    json_object_set_new(view, key,
                        text == NULL ? json_null() : json_string(text));
    g_free(text);
}

/* ---- where a number is to be seen ---- */

/* From when on and to when, both in it, are the rows behind FACT: its week, or
 * its day. */
static void
dates_of(const json_t *fact, const char **from, const char **to)
{
    const json_t *query = json_object_get(fact, "query");
    const json_t *range = json_object_get(query, "date_range");
    const char *dimension = json_string_value(
        json_array_get(json_object_get(query, "dimensions"), 0));

    *from = json_string_value(json_array_get(range, 0));
    *to = json_string_value(json_array_get(range, 1));
    if (g_strcmp0(dimension, "time:day") == 0)
        *from = *to =
            json_string_value(json_array_get(json_object_get(fact, "row"), 0));
}

/* What of a page shows FIRST to LAST, facts of one value: as points of a
 * chart where they are several.  The caller's. */
static char *
address_of(const json_t *first, const json_t *last)
{
    const json_t *query = json_object_get(last, "query");
    const char *dimension = json_string_value(
        json_array_get(json_object_get(query, "dimensions"), 0));
    const char *value =
        json_string_value(json_array_get(json_object_get(last, "row"), 0));
    const char *from, *to, *end;
    struct gl_address *address = gl_address_read(NULL);

    dates_of(first, &from, &end);
    dates_of(last, &end, &to);
    char *text =
        gl_address_with(address, "period", "custom", "from", from, "to", to,
                        "interval", first != last ? "week" : NULL, NULL);
    gl_address_free(address);
    if (dimension == NULL || value == NULL ||
        g_str_has_prefix(dimension, "time:"))
        return text;
    address = gl_address_read(text + 1);
    g_free(text);
    text = gl_address_filtered(address, dimension, value);
    gl_address_free(address);
    return text;
}

static const json_t *
fact_at(const json_t *facts, const json_t *id)
{
    return json_array_get(facts, (size_t) json_integer_value(id));
}

/* Where FACT is to be seen: one that was asked on its week or day, a median on
 * all weeks before; NULL: there is no such page. */
static char *
proof_of(const json_t *facts, const json_t *fact)
{
    const json_t *of = json_object_get(fact, "facts");
    const char *how = json_string_value(json_object_get(fact, "of"));
    const json_t *first = fact, *last = fact;

    if (g_strcmp0(how, "median") == 0) { /* the latest week first */
        last = fact_at(facts, json_array_get(of, 0));
        first = fact_at(facts, json_array_get(of, json_array_size(of) - 1));
    }
    return json_object_get(last, "query") == NULL ? NULL
                                                  : address_of(first, last);
}

static json_t *
piece_view(const json_t *facts, const json_t *piece)
{
    const json_t *fact = json_object_get(piece, "fact");
    json_t *view =
        json_pack("{s:O, s:b}", "text", json_object_get(piece, "text"),
                  "strong", json_object_get(piece, "name") != NULL);

    set_text(view, "proof",
             fact == NULL ? NULL : proof_of(facts, fact_at(facts, fact)));
    return view;
}

/* [{kind, pieces}]: what is told together is one. */
static json_t *
items_view(const json_t *told)
{
    const json_t *facts = json_object_get(told, "facts"), *sentence, *piece;
    json_t *items = json_array(), *pieces = NULL;
    size_t i, k;

    json_array_foreach (json_object_get(told, "sentences"), i, sentence) {
        if (pieces != NULL &&
            json_is_true(json_object_get(sentence, "goes_on"))) {
            json_array_append_new(pieces,
                                  json_pack("{s:s, s:n, s:b}", "text", " ",
                                            "proof", "strong", 0));
        } else {
            pieces = json_array();
            json_array_append_new(items,
                                  json_pack("{s:O, s:o}", "kind",
                                            json_object_get(sentence, "kind"),
                                            "pieces", pieces));
        }
        json_array_foreach (json_object_get(sentence, "pieces"), k, piece)
            json_array_append_new(pieces, piece_view(facts, piece));
    }
    return items;
}

/* ---- the page ---- */

/* The week so many days from MONDAY on, as an address. */
static char *
week_address(const struct gl_address *address, int64_t monday)
{
    g_autofree char *week = gl_summary_week_text(monday);
    return gl_address_with(address, "week", week, NULL);
}

/* TOLD as the template has it. */
static json_t *
page_view(const struct gl_address *address, const json_t *told, int is_last)
{
    json_t *view = json_pack(
        "{s:O, s:O, s:o, s:o}", "week", json_object_get(told, "week"),
        "method", json_object_get(told, "method"), "items", items_view(told),
        "languages", gl_languages_view(address));
    int64_t monday = 0;

    gl_range_read_date(json_string_value(json_object_get(told, "first")),
                       &monday);
    set_text(view, "span", gl_date_span_text(monday, monday + 6));
    set_text(view, "earlier",
             json_integer_value(json_object_get(told, "weeks_before")) > 0
                 ? week_address(address, monday - 7)
                 : NULL);
    set_text(view, "later",
             is_last ? NULL : week_address(address, monday + 7));
    return view;
}

/* 1: TOLD is of the last week that is over. */
static int
is_last(const struct gl_meta_site *site, const json_t *told)
{
    struct gl_zone *zone = gl_zone_new(site->timezone);
    int64_t today = zone == NULL ? 0 : gl_zone_date(zone, gl_clock_now_ms());
    int64_t monday = 0;

    if (zone != NULL)
        gl_zone_free(zone);
    gl_range_read_date(json_string_value(json_object_get(told, "first")),
                       &monday);
    return monday + 14 > today;
}

int
gl_dashboard_summary(const struct gl_query_view *view,
                     const struct gl_meta_site *site, const char *query,
                     json_t **answer)
{
    struct gl_address *address = gl_address_read(query);
    json_t *told = NULL;
    int status =
        gl_summary(view, site, gl_address_get(address, "week"), &told);
    size_t len = 0;

    if (status != 200) {
        gl_address_free(address);
        *answer = told;
        return status;
    }
    char *html = gl_render_of_site(
        "summary", site, page_view(address, told, is_last(site, told)), &len);
    gl_address_free(address);
    json_decref(told);
    if (html == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    *answer = json_stringn_nocheck(html, len);
    free(html);
    return 200;
}
