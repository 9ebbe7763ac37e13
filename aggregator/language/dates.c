/* Dates in a language; see dates.h. */

#include "language/dates.h"

#include <glib.h>
#include <string.h>
#include <time.h>

#include "language/locale.h"

#define DAY_S 86400

/* What the letters of a pattern stand for. */
struct moment {
    int64_t date;
    int hour, minute;
};

/* N letters LETTER of a pattern. */
static void
append_field(GString *text, char letter, size_t n, const struct moment *at)
{
    const struct locale *locale = gl_locale_used_();
    time_t second = (time_t) at->date * DAY_S;
    struct tm tm = {0};

    gmtime_r(&second, &tm);
    if (letter == 'd')
        g_string_append_printf(text, "%0*d", (int) n, tm.tm_mday);
    else if (letter == 'M')
        g_string_append(text, n == 4 ? locale->long_months[tm.tm_mon]
                                     : locale->months[tm.tm_mon]);
    else if (letter == 'L')
        g_string_append(text, locale->lone_months[tm.tm_mon]);
    else if (letter == 'y')
        g_string_append_printf(text, "%d", tm.tm_year + 1900);
    else if (letter == 'E')
        g_string_append(text, locale->weekdays[(tm.tm_wday + 6) % 7]);
    else if (letter == 'H')
        g_string_append_printf(text, "%0*d", (int) n, at->hour);
    else if (letter == 'm')
        g_string_append_printf(text, "%0*d", (int) n, at->minute);
}

/* PATTERN of FIRST; from where a letter comes that was there before, of LAST.
 */
static char *
fill(const char *pattern, const struct moment *first,
     const struct moment *last)
{
    GString *text = g_string_new("");
    const struct moment *at = first;
    char seen[8] = "";

    while (*pattern != '\0') {
        size_t n = strspn(pattern, (char[]){*pattern, '\0'});

        if (*pattern == '\'') {
            n = strcspn(pattern + 1, "'");
            g_string_append_len(text, pattern + 1, (gssize) n);
            n += 2;
        } else if (g_ascii_isalpha(*pattern)) {
            if (strchr(seen, *pattern) != NULL)
                at = last;
            else if (strlen(seen) + 1 < sizeof seen)
                strncat(seen, pattern, 1);
            append_field(text, *pattern, n, at);
        } else {
            g_string_append_len(text, pattern, (gssize) n);
        }
        pattern += n;
    }
    return g_string_free(text, FALSE);
}

char *
gl_date_text(int64_t date, enum gl_date_form form)
{
    const struct locale *locale = gl_locale_used_();
    const char *const patterns[] = {
        [GL_DATE_DAY] = locale->day,
        [GL_DATE_FULL] = locale->date,
        [GL_DATE_WITH_WEEKDAY] = locale->weekday_date,
        [GL_DATE_MONTH_ALONE] = locale->month_alone,
        [GL_DATE_MONTH] = locale->month,
        [GL_DATE_LONG_MONTH] = locale->long_month,
    };
    struct moment at = {date, 0, 0};

    return fill(patterns[form], &at, &at);
}

static struct tm
calendar(int64_t date)
{
    time_t second = (time_t) date * DAY_S;
    struct tm tm = {0};

    gmtime_r(&second, &tm);
    return tm;
}

char *
gl_date_span_text(int64_t first, int64_t last)
{
    const struct locale *locale = gl_locale_used_();
    struct tm from = calendar(first), to = calendar(last);
    struct moment begin = {first, 0, 0}, end = {last, 0, 0};

    if (first == last)
        return gl_date_text(first, GL_DATE_FULL);
    return fill(from.tm_year != to.tm_year ? locale->days_of_years
                : from.tm_mon != to.tm_mon ? locale->days_of_months
                                           : locale->days,
                &begin, &end);
}

char *
gl_time_text(int hour, int minute)
{
    struct moment at = {0, hour, minute};

    return fill(gl_locale_used_()->time, &at, &at);
}

char *
gl_date_time_text(int64_t date, int hour, int minute)
{
    g_autofree char *day = gl_date_text(date, GL_DATE_FULL);
    g_autofree char *clock = gl_time_text(hour, minute);
    GString *text = g_string_new(gl_locale_used_()->date_time);

    g_string_replace(text, "{1}", day, 1);
    g_string_replace(text, "{0}", clock, 1);
    return g_string_free(text, FALSE);
}
