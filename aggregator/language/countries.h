/* What countries are called in the language in use (CLDR).  Any thread. */

#ifndef GL_LANGUAGE_COUNTRIES_H
#define GL_LANGUAGE_COUNTRIES_H

/* "Germany" of "DE"; NULL: there is no such country. */
const char *gl_country_name(const char *code);

/* Where it is when the names are in order; behind all others: none. */
int gl_country_rank(const char *code);

#endif
