/*
 * Is every number of a text one that is known?  Pure.
 *
 * A number is a run of digits, with what groups them between ("1,314", "1 314",
 * "1.314", "1'314"); one with a fraction is never known.  Digits
 * of other scripts, fractions and Roman numerals are never known, nor are
 * numbers in words, where the words are given.
 */

#ifndef GL_MAILER_NUMBERS_H
#define GL_MAILER_NUMBERS_H

#include <glib.h>

/* Of char *: numbers without what groups them, for the caller to destroy. */
GHashTable *gl_numbers_new(void);
void gl_numbers_add(GHashTable *known, gint64 number);
/* All that are in TEXT. */
void gl_numbers_add_text(GHashTable *known, const char *text);

/* 1, or 0 and *UNKNOWN, the caller's: the first in TEXT, UTF-8, that is not
 * KNOWN.  WORDS: numbers of the language in words, with blanks between. */
int gl_numbers_are_known(GHashTable *known, const char *words,
                         const char *text, char **unknown);

#endif
