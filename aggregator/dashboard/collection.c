/* What is counted of a site, and how long it is kept; see defined.h. */

#include "dashboard/defined.h"

#include <glib.h>
#include <string.h>

#include "language/say.h"

/* What may be left out of each event, and what must not come from a visitor
 * that counts: words of the API, in the order of the page. */
static const struct row {
    const char *word;
    enum gl_say text;
} kept[] = {
    {"referrer", GL_SAY_REFERRER},      {"campaign", GL_SAY_CAMPAIGN},
    {"agent", GL_SAY_KEEP_AGENT},       {"place", GL_SAY_PLACE},
    {"language", GL_SAY_KEEP_LANGUAGE}, {"screen", GL_SAY_SCREEN},
    {"title", GL_SAY_KEEP_TITLE},       {"props", GL_SAY_PROPERTIES},
};
static const struct row blocked[] = {
    {"addresses", GL_SAY_BLOCK_ADDRESSES},
    {"countries", GL_SAY_BLOCK_COUNTRIES},
    {"pages", GL_SAY_BLOCK_PAGES},
    {"agents", GL_SAY_BLOCK_AGENTS},
};

static json_t *
kept_view(const json_t *keep)
{
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:b}", "word", kept[i].word, "text",
                      gl_say(kept[i].text), "on",
                      !json_is_false(json_object_get(keep, kept[i].word))));
    return list;
}

/* ["DE", "FR"] as "DE,FR". */
static json_t *
joined(const json_t *list)
{
    g_autoptr(GString) text = g_string_new("");
    const json_t *one;
    size_t i;

    json_array_foreach (list, i, one)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : ",",
                               json_string_value(one));
    return json_string(text->str);
}

static json_t *
blocked_view(const json_t *block)
{
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(blocked); i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:o}", "word", blocked[i].word, "text",
                            gl_say(blocked[i].text), "value",
                            joined(json_object_get(block, blocked[i].word))));
    return list;
}

/* As a field of a form has it. */
static json_t *
number_of(const json_t *site, const char *key)
{
    return json_sprintf("%" JSON_INTEGER_FORMAT,
                        json_integer_value(json_object_get(site, key)));
}

void
gl_collection_view(const json_t *answer, json_t *view)
{
    const json_t *site = json_object_get(answer, "site");

    json_object_set_new(view, "kept",
                        kept_view(json_object_get(site, "keep")));
    json_object_set_new(view, "blocked",
                        blocked_view(json_object_get(answer, "block")));
    json_object_set_new(view, "retention_days",
                        number_of(site, "retention_days"));
    json_object_set_new(view, "keep_rows", number_of(site, "keep_rows"));
    json_object_set_new(view, "refresh_window",
                        number_of(site, "refresh_window"));
}
