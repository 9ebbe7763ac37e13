/* One filter as text; see filter_text.h. */

#include "dashboard/filter_text.h"

#include <glib.h>
#include <string.h>

/* The parts of TEXT up to its value, or NULL: it has no value. */
static const char *
value_of(const char *text, const char **dimension)
{
    const char *comma = strchr(text, ',');
    const char *second = comma == NULL ? NULL : strchr(comma + 1, ',');

    *dimension = comma == NULL ? NULL : comma + 1;
    return second == NULL ? NULL : second + 1;
}

/* VALUE as a part of a filter, the caller's. */
static char *
marked(const char *value)
{
    GString *text = g_string_new("");

    for (; *value != '\0'; value++) {
        if (*value == '|' || *value == '\\')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *value);
    }
    return g_string_free(text, FALSE);
}

char *
gl_filter_text_values(const json_t *values)
{
    GString *text = g_string_new("");
    const json_t *value;
    size_t i;

    json_array_foreach (values, i, value) {
        g_autofree char *one = marked(json_string_value(value));

        g_string_append_printf(text, "%s%s", i == 0 ? "" : "|", one);
    }
    return g_string_free(text, FALSE);
}

json_t *
gl_filter_text_split(const char *values)
{
    g_autoptr(GString) text = g_string_new("");
    json_t *list = json_array();

    for (;; values++) {
        if (*values == '|' || *values == '\0') {
            json_array_append_new(list, json_string(text->str));
            g_string_truncate(text, 0);
            if (*values == '\0')
                break;
            continue;
        }
        if (*values == '\\' && values[1] != '\0')
            values++;
        g_string_append_c(text, *values);
    }
    return list;
}

char *
gl_filter_text(const char *how, const char *dimension, const char *value)
{
    g_autofree char *plain = marked(value);
    return g_strdup_printf("%s,%s,%s", how, dimension, plain);
}

char *
gl_filter_text_of(const char *how, const char *dimension, const json_t *values)
{
    g_autofree char *list = gl_filter_text_values(values);
    return g_strdup_printf("%s,%s,%s", how, dimension, list);
}

int
gl_filter_text_is_one(const char *text)
{
    const char *dimension;

    return value_of(text, &dimension) != NULL;
}

json_t *
gl_filter_text_json(const char *text)
{
    const char *dimension, *value = value_of(text, &dimension);

    return json_pack("[s#, s#, o]", text, (int) (dimension - 1 - text),
                     dimension, (int) (value - 1 - dimension),
                     gl_filter_text_split(value));
}

/* The operator, which ends at END, says what is not. */
static int
is_negated(const char *text, const char *end)
{
    static const char no[] = "_not";
    size_t len = sizeof no - 1;

    return (size_t) (end - text) > len && strncmp(end - len, no, len) == 0;
}

int
gl_filter_text_has(const char *text, const char *dimension)
{
    const char *of, *value = value_of(text, &of);

    return strlen(dimension) == (size_t) (value - 1 - of) &&
           g_str_has_prefix(of, dimension) && !is_negated(text, of - 1);
}

int
gl_filter_text_is(const char *text, const char *dimension)
{
    g_autofree char *begin = g_strdup_printf("is,%s,", dimension);
    return g_str_has_prefix(text, begin);
}
