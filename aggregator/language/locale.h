/* What CLDR says of each language: conf/locales makes the tables.  Of this
 * room alone. */

#ifndef GL_LANGUAGE_LOCALE_H
#define GL_LANGUAGE_LOCALE_H

#include <stdint.h>

#include "language/language.h"

#define GL_COMPACT_LEAST 3 /* 10^3 is the first that is shortened */
#define GL_COMPACT_N 12

/* "0 Mio. ¤", and how many digits are before the point. */
struct compact {
    const char *pattern;
    int digits;
};

struct locale {
    const char *code, *name;
    int (*plural)(double n, int64_t i, int v, int64_t f, int64_t t, int e);
    /* numbers; '0' of a pattern is the number, '¤' the sign of money */
    const char *decimal, *group, *minus;
    int least_group; /* digits before the first mark between thousands */
    const char *percent, *money, *debt;
    struct compact compact[GL_COMPACT_N];
    /* dates: patterns of CLDR's letters */
    const char *months[12], *lone_months[12], *long_months[12], *weekdays[7];
    const char *day, *date, *weekday_date, *month_alone, *month, *long_month;
    const char *time;
    const char *date_time; /* {1} is the date, {0} the time */
    const char *days, *days_of_months, *days_of_years;
};

struct currency {
    char code[4];
    int digits; /* behind the point */
    const char *signs[GL_LANGUAGES_N];
};

struct country {
    char code[3];
    const char *names[GL_LANGUAGES_N];
    int ranks[GL_LANGUAGES_N]; /* where names are in order */
};

struct tongue {
    char code[4];
    const char *names[GL_LANGUAGES_N];
};

const struct locale *gl_locale_(enum gl_language language);
/* Of the language in use. */
const struct locale *gl_locale_used_(void);
/* NULL: CLDR does not know CODE. */
const struct currency *gl_locale_currency_(const char *code);
const struct country *gl_locale_country_(const char *code);
const struct tongue *gl_locale_tongue_(const char *code);
/* Number I of them, NULL behind the last. */
const struct tongue *gl_locale_tongue_at_(size_t i);

/* The plural category ("one", "other") of N, written with V digits behind the
 * point. */
const char *gl_locale_plural_(double n, int v);

#endif
