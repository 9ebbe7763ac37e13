/* Filters as people say them: "Country is Germany or Austria".  Any thread. */

#ifndef GL_FILTER_SAID_H
#define GL_FILTER_SAID_H

#include <jansson.h>

/* "is not" of "is_not"; of what is none the word itself. */
const char *gl_filter_said_operator(const char *word);
/* Those of a filter by hand: [{word, text}], the caller's. */
json_t *gl_filter_said_operators(void);
/* FILTER, as the API takes it, in words; what has none is its JSON.  The
 * caller's, g_free(). */
char *gl_filter_said(const json_t *filter);

#endif
