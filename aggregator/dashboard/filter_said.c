/* Filters in words; see filter_said.h. */

#include "dashboard/filter_said.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard/names.h"
#include "language/say.h"

static const struct {
    const char *word;
    enum gl_say text;
} operators[] = {
    {"is", GL_SAY_IS},
    {"is_not", GL_SAY_IS_NOT},
    {"contains", GL_SAY_CONTAINS},
    {"contains_not", GL_SAY_CONTAINS_NOT},
    {"matches", GL_SAY_MATCHES},
    {"matches_not", GL_SAY_MATCHES_NOT},
};

const char *
gl_filter_said_operator(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(operators); i++)
        if (strcmp(operators[i].word, word) == 0)
            return gl_say(operators[i].text);
    return word;
}

json_t *
gl_filter_said_operators(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(operators); i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "word",
                                              operators[i].word, "text",
                                              gl_say(operators[i].text)));
    return list;
}

/* ---- a filter ---- */

static void
append(GString *text, const char *between, char *one)
{
    g_string_append_printf(text, "%s%s%s%s", text->len == 0 ? "" : " ",
                           text->len == 0 ? "" : between,
                           text->len == 0 ? "" : " ", one);
    g_free(one);
}

/* [operator, dimension, [values]]: the caller's, or NULL: it is another. */
static char *
plain(const json_t *filter)
{
    const char *how = json_string_value(json_array_get(filter, 0));
    const char *what = json_string_value(json_array_get(filter, 1));
    const json_t *values = json_array_get(filter, 2), *value;
    size_t i;

    if (how == NULL || what == NULL || !json_is_array(values))
        return NULL;
    GString *text = g_string_new("");
    json_array_foreach (values, i, value)
        append(text, gl_say(GL_SAY_OR),
               json_is_string(value)
                   ? gl_name_of_value(what, json_string_value(value))
                   : g_strdup("…"));
    g_autofree char *list = g_string_free(text, FALSE);
    return g_strdup_printf("%s %s %s", gl_name_of_dimension(what),
                           gl_filter_said_operator(how), list);
}

/* ["and" | "or", [filters]]. */
static char *
several(const json_t *filter)
{
    const char *how = json_string_value(json_array_get(filter, 0));
    const json_t *parts = json_array_get(filter, 1), *part;
    int is_or = how != NULL && strcmp(how, "or") == 0;
    size_t i;

    if (how == NULL || !json_is_array(parts) ||
        (!is_or && strcmp(how, "and") != 0))
        return NULL;
    GString *text = g_string_new("");
    json_array_foreach (parts, i, part)
        append(text, gl_say(is_or ? GL_SAY_OR : GL_SAY_AND),
               gl_filter_said(part));
    return g_string_free(text, FALSE);
}

char *
gl_filter_said(const json_t *filter)
{
    char *said = plain(filter);

    if (said == NULL)
        said = several(filter);
    if (said != NULL)
        return said;
    char *json = json_dumps(filter, JSON_COMPACT | JSON_ENCODE_ANY);
    said = g_strdup(json == NULL ? "" : json);
    free(json);
    return said;
}
