/* Dates as readers of the language in use write them (CLDR).  DATE is days
 * since 1970.  What is returned is the caller's (g_free).  Any thread. */

#ifndef GL_LANGUAGE_DATES_H
#define GL_LANGUAGE_DATES_H

#include <stdint.h>

enum gl_date_form {
    GL_DATE_DAY,          /* 28 Nov */
    GL_DATE_FULL,         /* 28 Nov 2026 */
    GL_DATE_WITH_WEEKDAY, /* Sat, 28 Nov 2026 */
    GL_DATE_MONTH_ALONE,  /* Nov */
    GL_DATE_MONTH,        /* Nov 2026 */
    GL_DATE_LONG_MONTH,   /* November 2026 */
};
char *gl_date_text(int64_t date, enum gl_date_form form);
/* "1 – 28 Nov 2026", "28 Oct – 3 Nov 2026"; of one day that. */
char *gl_date_span_text(int64_t first, int64_t last);
/* "14:05"; HOUR and MINUTE of a day. */
char *gl_time_text(int hour, int minute);
/* "28 Nov 2026, 14:05". */
char *gl_date_time_text(int64_t date, int hour, int minute);

#endif
