/* What people call a dimension and its values; see names.h. */

#include "dashboard/names.h"

#include <glib.h>
#include <string.h>

#include "query/places.h"

/* U+1F1E6, of which two make a flag, stands for 'A'. */
#define FLAG_A 0x1F1E6
#define UTF8_MAX 6
/* GL_QUESTION_VALUES_MAX: who wants more has to say more */
#define SEARCH_MAX 1000

static const struct {
    const char *word, *text;
} dimensions[] = {
    {"visit:source", "Source"},
    {"visit:channel", "Channel"},
    {"visit:referrer", "Referrer"},
    {"visit:utm_campaign", "Campaign"},
    {"visit:utm_source", "UTM source"},
    {"visit:utm_medium", "UTM medium"},
    {"visit:utm_content", "UTM content"},
    {"visit:utm_term", "UTM term"},
    {"event:page", "Page"},
    {"visit:entry_page", "Entry page"},
    {"visit:exit_page", "Exit page"},
    {"event:hostname", "Hostname"},
    {"visit:country", "Country"},
    {"visit:region", "Region"},
    {"visit:city", "City"},
    {"visit:browser", "Browser"},
    {"visit:browser_version", "Browser version"},
    {"visit:os", "System"},
    {"visit:os_version", "System version"},
    {"visit:device", "Device"},
    {"visit:screen", "Screen"},
    {"event:name", "Event"},
    {"event:goal", "Goal"},
};
#define SEGMENT "segment"       /* no dimension: filters with a name */
#define PROPERTY "event:props:" /* before a key, which is its own name */

static int
is_place(const char *dimension)
{
    return strcmp(dimension, "visit:country") == 0 ||
           strcmp(dimension, "visit:region") == 0;
}

const char *
gl_name_of_dimension(const char *dimension)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dimensions); i++)
        if (strcmp(dimensions[i].word, dimension) == 0)
            return dimensions[i].text;
    if (strcmp(dimension, SEGMENT) == 0)
        return "Segment";
    return g_str_has_prefix(dimension, PROPERTY) ? dimension + strlen(PROPERTY)
                                                 : dimension;
}

const char *
gl_name_of_value(const char *dimension, const char *value)
{
    return is_place(dimension) ? gl_place_name(value) : value;
}

char *
gl_name_flag(const char *dimension, const char *value)
{
    char flag[2 * UTF8_MAX + 1];
    int len;

    if (!is_place(dimension) || !g_ascii_isupper(value[0]) ||
        !g_ascii_isupper(value[1]) || (value[2] != '\0' && value[2] != '-'))
        return NULL;
    len = g_unichar_to_utf8((gunichar) (FLAG_A + value[0] - 'A'), flag);
    len += g_unichar_to_utf8((gunichar) (FLAG_A + value[1] - 'A'), flag + len);
    return g_strndup(flag, (gsize) len);
}

json_t *
gl_name_dimensions(void)
{
    json_t *list = json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(dimensions); i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "word",
                                              dimensions[i].word, "text",
                                              dimensions[i].text));
    return list;
}

/* NAME has TEXT, folded, in it. */
static int
has(const char *name, const char *text)
{
    char *folded = g_utf8_casefold(name, -1);
    int found = strstr(folded, text) != NULL;

    g_free(folded);
    return found;
}

json_t *
gl_name_search(const char *dimension, const char *text)
{
    json_t *codes, *name;
    char *folded;
    const char *code;

    if (!is_place(dimension))
        return NULL;
    codes = json_pack("[s]", text); /* the code itself, and never nothing */
    folded = g_utf8_casefold(text, -1);
    json_object_foreach(gl_places(), code, name)
    {
        if (has(json_string_value(name), folded) &&
            json_array_size(codes) < SEARCH_MAX)
            json_array_append_new(codes, json_string(code));
    }
    g_free(folded);
    return codes;
}
