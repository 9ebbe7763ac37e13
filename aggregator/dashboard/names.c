/* What people call a dimension and its values; see names.h. */

#include "dashboard/names.h"

#include <glib.h>
#include <string.h>

#include "dashboard/filter_text.h"
#include "domain.h"
#include "language/countries.h"
#include "language/say.h"
#include "language/tongues.h"
#include "question/places.h"
#include "reasons.h"

/* U+1F1E6, of which two make a flag, stands for 'A'. */
#define FLAG_A 0x1F1E6
#define UTF8_MAX 6
/* GL_QUESTION_VALUES_MAX: who wants more has to say more */
#define SEARCH_MAX 1000

static const struct {
    const char *word;
    enum gl_say text;
} dimensions[] = {
    {"visit:source", GL_SAY_SOURCE},
    {"visit:channel", GL_SAY_CHANNEL},
    {"visit:referrer", GL_SAY_REFERRER},
    {"visit:utm_campaign", GL_SAY_CAMPAIGN},
    {"visit:utm_source", GL_SAY_UTM_SOURCE},
    {"visit:utm_medium", GL_SAY_UTM_MEDIUM},
    {"visit:utm_content", GL_SAY_UTM_CONTENT},
    {"visit:utm_term", GL_SAY_UTM_TERM},
    {"event:page", GL_SAY_PAGE},
    {"visit:entry_page", GL_SAY_ENTRY_PAGE},
    {"visit:exit_page", GL_SAY_EXIT_PAGE},
    {"event:hostname", GL_SAY_HOSTNAME},
    {"visit:country", GL_SAY_COUNTRY},
    {"visit:region", GL_SAY_REGION},
    {"visit:city", GL_SAY_CITY},
    {"visit:browser", GL_SAY_BROWSER},
    {"visit:browser_version", GL_SAY_BROWSER_VERSION},
    {"visit:os", GL_SAY_SYSTEM},
    {"visit:os_version", GL_SAY_SYSTEM_VERSION},
    {"visit:device", GL_SAY_DEVICE},
    {"visit:screen", GL_SAY_SCREEN},
    {"visit:language", GL_SAY_LANGUAGE},
    {"event:name", GL_SAY_EVENT},
    {"event:goal", GL_SAY_GOAL},
};
#define SEGMENT "segment"       /* no dimension: filters with a name */
#define PROPERTY "event:props:" /* before a key, which is its own name */

static int
is_place(const char *dimension)
{
    return strcmp(dimension, "visit:country") == 0 ||
           strcmp(dimension, "visit:region") == 0;
}

/* Its values are words of Glinto, not of visitors. */
static int
is_ours(const char *dimension)
{
    return strcmp(dimension, "visit:channel") == 0 ||
           strcmp(dimension, "visit:device") == 0 ||
           strcmp(dimension, "visit:source") == 0 ||
           strcmp(dimension, "visit:referrer") == 0;
}

const char *
gl_name_of_dimension(const char *dimension)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dimensions); i++)
        if (strcmp(dimensions[i].word, dimension) == 0)
            return gl_say(dimensions[i].text);
    if (strcmp(dimension, SEGMENT) == 0)
        return gl_say(GL_SAY_SEGMENT);
    return g_str_has_prefix(dimension, PROPERTY) ? dimension + strlen(PROPERTY)
                                                 : dimension;
}

static const char *
name_of(const char *dimension, const char *value)
{
    const char *country = strcmp(dimension, "visit:country") == 0
                              ? gl_country_name(value)
                              : NULL;

    if (is_ours(dimension) || value[0] == '(')
        return gl_say_english(value);
    if (country != NULL)
        return country;
    return is_place(dimension) ? gl_place_name(value) : value;
}

char *
gl_name_of_value(const char *dimension, const char *value)
{
    char *tongue = strcmp(dimension, "visit:language") == 0
                       ? gl_tongue_name(value)
                       : NULL;

    if (tongue != NULL)
        return tongue;
    return gl_domain_begins(dimension)
               ? gl_domain_shown(name_of(dimension, value))
               : g_strdup(name_of(dimension, value));
}

char *
gl_name_flag(const char *dimension, const char *value)
{
    char flag[2 * UTF8_MAX + 1];

    if (!is_place(dimension) || !g_ascii_isupper(value[0]) ||
        !g_ascii_isupper(value[1]) || (value[2] != '\0' && value[2] != '-'))
        return NULL;
    int len = g_unichar_to_utf8((gunichar) (FLAG_A + value[0] - 'A'), flag);
    len += g_unichar_to_utf8((gunichar) (FLAG_A + value[1] - 'A'), flag + len);
    return g_strndup(flag, (gsize) len);
}

const char *
gl_name_of_reason(const char *word)
{
    static const enum gl_say texts[] = {
#define WORKER(name, word, says) GL_SAY_REASON_##name,
#define LATER(name, word, says) GL_SAY_REASON_##name,
#include "reasons.def"
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(gl_reason_word((enum gl_reason) i).data, word) == 0)
            return gl_say(texts[i]);
    return word;
}

json_t *
gl_name_dimensions(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(dimensions); i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "word",
                                              dimensions[i].word, "text",
                                              gl_say(dimensions[i].text)));
    return list;
}

/* ---- codes by names ---- */

enum fit { HAS, IS };

/* NAME has TEXT, folded, in it, or is it. */
static int
fits(const char *name, const char *text, enum fit fit)
{
    g_autofree char *folded = g_utf8_casefold(name, -1);
    int found =
        fit == IS ? strcmp(folded, text) == 0 : strstr(folded, text) != NULL;

    return found;
}

/* Countries, or regions, too. */
static void
add_places(json_t *codes, const char *dimension, const char *text,
           enum fit fit)
{
    int countries = strcmp(dimension, "visit:region") != 0;
    const char *code;
    json_t *name;

    json_object_foreach (gl_places(), code, name)
        if (countries == (strlen(code) == 2) &&
            fits(name_of(countries ? "visit:country" : dimension, code), text,
                 fit) &&
            json_array_size(codes) < SEARCH_MAX)
            json_array_append_new(codes, json_string(code));
}

static void
add_tongues(json_t *codes, const char *text, enum fit fit)
{
    const char *code, *name;

    for (size_t i = 0; (code = gl_tongue_at(i, &name)) != NULL; i++)
        if (fits(name, text, fit))
            json_array_append_new(codes, json_string(code));
}

/* "^(?:de|nds)(?:-|$)": BEFORE, the codes, BEHIND.  NULL: there are none. */
static json_t *
pattern_of(json_t *codes, const char *before, const char *behind)
{
    g_autofree char *list = gl_filter_text_values(codes);
    json_t *pattern = json_array_size(codes) == 0
                          ? NULL
                          : json_sprintf("%s(?:%s)%s", before, list, behind);

    json_decref(codes);
    return pattern;
}

static json_t *
containing(const char *dimension, const char *text)
{
    return json_pack("[s, s, [s], {s:b}]", "contains", dimension, text,
                     "case_sensitive", 0);
}

/* A language is "de" or "de-AT": of a language that is called so, or of such a
 * country. */
static json_t *
tongues_filter(const char *text, const char *folded)
{
    json_t *own = json_array(), *there = json_array();
    json_t *code = containing("visit:language", text);

    add_tongues(own, folded, HAS);
    add_places(there, "visit:country", folded, HAS);
    json_t *patterns = json_pack("[o*, o*]", pattern_of(own, "^", "(?:-|$)"),
                                 pattern_of(there, "-", "$"));
    if (json_array_size(patterns) > 0)
        return json_pack("[s, [o, [s, s, o]]]", "or", code, "matches",
                         "visit:language", patterns);
    json_decref(patterns);
    return code;
}

static json_t *
places_filter(const char *dimension, const char *text, const char *folded)
{
    json_t *codes = json_pack("[s]", text); /* the code, and never nothing */

    add_places(codes, dimension, folded, HAS);
    return json_pack("[s, s, o]", "is", dimension, codes);
}

json_t *
gl_name_filter(const char *dimension, const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    json_t *filter;

    if (is_place(dimension))
        filter = places_filter(dimension, text, folded);
    else if (strcmp(dimension, "visit:language") == 0)
        filter = tongues_filter(text, folded);
    else
        filter = containing(dimension, text);
    return filter;
}

json_t *
gl_name_codes(const char *dimension, const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    json_t *codes = json_array();

    if (is_place(dimension))
        add_places(codes, dimension, folded, IS);
    else if (strcmp(dimension, "visit:language") == 0)
        add_tongues(codes, folded, IS);
    if (json_array_size(codes) == 0)
        json_array_append_new(codes, json_string(text));
    return codes;
}
