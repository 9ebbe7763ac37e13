/*
 * "filters" of the Stats API v1 → those of v2:
 *
 *     event:page==/blog*;visit:country!=FR|DE
 */

#include "question/v1_filter.h"

#include <glib.h>
#include <string.h>

/* The next piece of *REST up to one of STOPS, which goes too; a backslash
 * before '|', ';' or itself is left out.  The caller's. */
static GString *
next_piece(const char **rest, char stop)
{
    GString *piece = g_string_new("");
    const char *at = *rest;

    for (; *at != '\0' && *at != stop; at++) {
        if (*at == '\\' && at[1] != '\0' && strchr("|;\\", at[1]) != NULL) {
            if (stop == ';') /* for who takes it apart further */
                g_string_append_c(piece, *at);
            at++;
        }
        g_string_append_c(piece, *at);
    }
    *rest = *at == '\0' ? NULL : at + 1;
    return piece;
}

/* "/blog*" as a regular expression. */
static char *
pattern(const char *text)
{
    char **parts = g_strsplit(text, "*", -1);
    GString *regex = g_string_new("^");

    for (size_t i = 0; parts[i] != NULL; i++) {
        char *plain = g_regex_escape_string(parts[i], -1);

        g_string_append(regex, i == 0 ? "" : ".*");
        g_string_append(regex, plain);
        g_free(plain);
    }
    g_string_append(regex, "\\z");
    g_strfreev(parts);
    return g_string_free(regex, FALSE);
}

static json_t *
values_json(const char *text, int patterns)
{
    json_t *values = json_array();

    for (const char *rest = text; rest != NULL;) {
        GString *piece = next_piece(&rest, '|');
        char *regex = patterns ? pattern(piece->str) : NULL;

        json_array_append_new(values,
                              json_string(patterns ? regex : piece->str));
        g_free(regex);
        g_string_free(piece, TRUE);
    }
    return values;
}

static int
read_filter(const char *text, json_t *filters, char **why)
{
    const char *op = text + strcspn(text, "=!");
    int negates = op[0] == '!';
    const char *value = op[0] == '\0' || op[1] != '=' ? NULL : op + 2;
    char *dimension;
    int patterns;

    if (value == NULL) {
        *why = g_strdup_printf("\"filters\": \"%s\" is neither "
                               "property==value nor property!=value",
                               text);
        return -1;
    }
    dimension = g_strndup(text, (gsize) (op - text));
    patterns = strchr(value, '*') != NULL;
    json_array_append_new(
        filters,
        json_pack("[s, s, o]",
                  patterns  ? negates ? "matches_not" : "matches"
                  : negates ? "is_not"
                            : "is",
                  g_strstrip(dimension), values_json(value, patterns)));
    g_free(dimension);
    return 0;
}

int
gl_v1_filters(const char *text, json_t *filters, char **why)
{
    for (const char *rest = text; rest != NULL && rest[0] != '\0';) {
        GString *piece = next_piece(&rest, ';');
        int error = read_filter(piece->str, filters, why);

        g_string_free(piece, TRUE);
        if (error != 0)
            return -1;
    }
    return 0;
}
