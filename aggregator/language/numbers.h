/* Numbers as readers of the language in use write them (CLDR).  What is
 * returned is the caller's (g_free).  Any thread. */

#ifndef GL_LANGUAGE_NUMBERS_H
#define GL_LANGUAGE_NUMBERS_H

#include <stdint.h>

/* N with DIGITS behind the point, 0 to 6: "12,345", "1.234,5".  Halves away
 * from 0. */
char *gl_number_text(double n, int digits);
/* 1: NOW is so many times WAS (above 0) that readers are told the times, and
 * no percentage. */
int gl_is_times(double now, double was);
/* N of a hundred: "43%", "43 %". */
char *gl_percent_text(double n, int digits);
/* THOUSANDTHS of CURRENCY ("EUR"): "€1,234.50". */
char *gl_money_text(const char *currency, int64_t thousandths);
/* As gl_money_text(), with two or three digits: "€1.2K", "1,2 Mio. €". */
char *gl_money_short_text(const char *currency, int64_t thousandths);

#endif
