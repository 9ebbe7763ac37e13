/* Countries in a language; see countries.h. */

#include "language/countries.h"

#include <limits.h>

#include "language/locale.h"

const char *
gl_country_name(const char *code)
{
    const struct country *country = gl_locale_country_(code);

    return country == NULL ? NULL : country->names[gl_language_used()];
}

int
gl_country_rank(const char *code)
{
    const struct country *country = gl_locale_country_(code);

    return country == NULL ? INT_MAX : country->ranks[gl_language_used()];
}
