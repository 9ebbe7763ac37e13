/* The tables of CLDR; see locale.h. */

#include "language/locale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locales.h" /* made by conf/locales */

const struct locale *
gl_locale_(enum gl_language language)
{
    return &locales[language];
}

const struct locale *
gl_locale_used_(void)
{
    return &locales[gl_language_used()];
}

/* The tables are in the order of their codes, which come first. */
static int
compare(const void *code, const void *row)
{
    return strcmp(code, row);
}

const struct currency *
gl_locale_currency_(const char *code)
{
    return bsearch(code, currencies, sizeof currencies / sizeof currencies[0],
                   sizeof currencies[0], compare);
}

const struct country *
gl_locale_country_(const char *code)
{
    return bsearch(code, countries, sizeof countries / sizeof countries[0],
                   sizeof countries[0], compare);
}

const struct tongue *
gl_locale_tongue_(const char *code)
{
    return bsearch(code, tongues, sizeof tongues / sizeof tongues[0],
                   sizeof tongues[0], compare);
}

const struct tongue *
gl_locale_tongue_at_(size_t i)
{
    return i < sizeof tongues / sizeof tongues[0] ? &tongues[i] : NULL;
}

/* CLDR's operands: i is what is before the point, f the digits behind it, t
 * the same without zeros at the end. */
const char *
gl_locale_plural_(double n, int v)
{
    double size = fabs(n);
    int64_t i = (int64_t) size;
    int64_t f = (int64_t) llround((size - (double) i) * pow(10, v)), t = f;

    while (t != 0 && t % 10 == 0)
        t /= 10;
    return plural_words[gl_locale_used_()->plural(size, i, v, f, t, 0)];
}
