/* Languages in a language; see tongues.h. */

#include "language/tongues.h"

#include <glib.h>
#include <string.h>

#include "language/countries.h"
#include "language/locale.h"

char *
gl_tongue_name(const char *tag)
{
    size_t len = strcspn(tag, "-");
    g_autofree char *code = g_strndup(tag, len);
    const struct tongue *tongue = gl_locale_tongue_(code);
    const char *rest = tag[len] == '\0' ? NULL : tag + len + 1;

    if (tongue == NULL)
        return NULL;
    const char *name = tongue->names[gl_language_used()];
    if (rest == NULL)
        return g_strdup(name);
    if (gl_country_name(rest) != NULL)
        rest = gl_country_name(rest);
    return g_strdup_printf("%s (%s)", name, rest);
}

const char *
gl_tongue_at(size_t i, const char **name)
{
    const struct tongue *tongue = gl_locale_tongue_at_(i);

    if (tongue == NULL)
        return NULL;
    *name = tongue->names[gl_language_used()];
    return tongue->code;
}
