/* What is defined for a site's reports; see defined.h. */

#include "dashboard/defined.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/filter_said.h"
#include "language/dates.h"
#include "language/say.h"
#include "question/range.h"

/* {"plan": "pro"} as [{key, value}]. */
static json_t *
pairs_of(json_t *object)
{
    json_t *pairs = json_array(), *value;
    const char *key;

    json_object_foreach (object, key, value)
        json_array_append_new(
            pairs, json_pack("{s:s, s:O}", "key", key, "value", value));
    return pairs;
}

/* The id as an address and a form have it, and the name. */
static json_t *
named(const json_t *one)
{
    return json_pack(
        "{s:o, s:O}", "id",
        json_sprintf("%" JSON_INTEGER_FORMAT,
                     json_integer_value(json_object_get(one, "id"))),
        "name", json_object_get(one, "name"));
}

static json_t *
goal_view(const json_t *one)
{
    const json_t *body = json_object_get(one, "body");
    json_t *view = json_deep_copy(body);
    json_auto_t *name = named(one);

    json_object_update(view, name);
    /* "page" is the name of a script, too */
    json_object_set(view, "path", json_object_get(body, "page"));
    json_object_set_new(view, "props",
                        pairs_of(json_object_get(body, "props")));
    return view;
}

/* A step is a goal's name, or what a goal is. */
char *
gl_defined_steps(const json_t *steps)
{
    GString *said = g_string_new("");
    const json_t *step;
    size_t i;

    json_array_foreach (steps, i, step) {
        const json_t *text = json_object_get(step, "page");

        if (text == NULL)
            text = json_object_get(step, "event");
        if (text == NULL)
            text = step;
        if (json_is_string(text))
            g_string_append_printf(said, "%s%s", i == 0 ? "" : " → ",
                                   json_string_value(text));
    }
    return g_string_free(said, FALSE);
}

static json_t *
funnel_view(const json_t *one)
{
    const json_t *body = json_object_get(one, "body");
    json_t *view = named(one);
    char *steps = gl_defined_steps(json_object_get(body, "steps"));

    json_object_set_new(view, "steps", json_string(steps));
    g_free(steps);
    json_object_set_new(
        view, "strict",
        json_boolean(json_is_true(json_object_get(body, "strict"))));
    return view;
}

static json_t *
segment_view(const json_t *one)
{
    const json_t *filters =
        json_object_get(json_object_get(one, "body"), "filters");
    const json_t *filter;
    json_t *view = named(one), *list = json_array();
    size_t i;

    json_array_foreach (filters, i, filter) {
        g_autofree char *said = gl_filter_said(filter);

        json_array_append_new(
            list, json_pack("{s:s, s:b}", "said", said, "more", i > 0));
    }
    json_object_set_new(view, "filters", list);
    return view;
}

static json_t *
annotation_view(const json_t *one)
{
    const json_t *body = json_object_get(one, "body");
    const char *day = json_string_value(json_object_get(body, "date"));
    json_t *view = named(one);
    int64_t date;

    json_object_update(view, (json_t *) (uintptr_t) body);
    if (day != NULL && gl_range_read_date(day, &date)) {
        g_autofree char *text = gl_date_text(date, GL_DATE_FULL);

        json_object_set_new(view, "date", json_string(text));
    }
    return view;
}

static json_t *
recipient_view(const json_t *one)
{
    static const struct {
        const char *word;
        enum gl_say says;
    } gets[] = {{"both", GL_SAY_GETS_BOTH},
                {"summary", GL_SAY_GETS_SUMMARY},
                {"notices", GL_SAY_GETS_NOTICES}};
    const char *word = json_string_value(json_object_get(one, "gets"));
    const char *code = json_string_value(json_object_get(one, "language"));
    enum gl_language language = GL_LANGUAGE_EN;
    json_t *view = json_copy((json_t *) (uintptr_t) one);

    for (size_t i = 0; i < G_N_ELEMENTS(gets); i++)
        if (g_strcmp0(word, gets[i].word) == 0)
            json_object_set_new(view, "gets",
                                json_string(gl_say(gets[i].says)));
    if (code != NULL)
        gl_language_find(code, strlen(code), &language);
    json_object_set_new(view, "tongue",
                        json_string(gl_language_name(language)));
    return view;
}

static json_t *
all_of(const json_t *offers, const char *kind, json_t *view_of(const json_t *))
{
    json_t *list = json_array(), *one;
    size_t i;

    json_array_foreach (json_object_get(offers, kind), i, one)
        json_array_append_new(list, view_of(one));
    return list;
}

void
gl_defined_view(const json_t *offers, json_t *view)
{
    json_object_set_new(view, "recipients",
                        all_of(offers, "recipients", recipient_view));
    json_object_set_new(view, "goals", all_of(offers, "goal", goal_view));
    json_object_set_new(view, "funnels",
                        all_of(offers, "funnel", funnel_view));
    json_object_set_new(view, "segments",
                        all_of(offers, "segment", segment_view));
    json_object_set_new(view, "annotations",
                        all_of(offers, "annotation", annotation_view));
}
