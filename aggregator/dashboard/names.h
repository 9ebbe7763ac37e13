/* What people call a dimension of the API and its values.  Any thread. */

#ifndef GL_NAMES_H
#define GL_NAMES_H

#include <jansson.h>
#include <stddef.h>

/* "Source" of "visit:source"; of what has no name it is the word itself. */
const char *gl_name_of_dimension(const char *dimension);
/* "Germany" of a country "DE", the letters of a host; else VALUE.  The
 * caller's, g_free(). */
char *gl_name_of_value(const char *dimension, const char *value);
/* The flag of a country or region as text, the caller's (g_free); NULL: it has
 * none. */
char *gl_name_flag(const char *dimension, const char *value);

/* A filter of the API: rows whose DIMENSION is called something with TEXT in
 * it, in any case.  The caller's. */
json_t *gl_name_filter(const char *dimension, const char *text);
/* What somebody typed: values of DIMENSION that are called TEXT, in any case
 * ("DE" of "germany"), or TEXT alone.  The caller's. */
json_t *gl_name_codes(const char *dimension, const char *text);

/* Why an event is not counted (reasons.h): "a method of HTTP that is not
 * taken"; else WORD. */
const char *gl_name_of_reason(const char *word);

/* Those that a filter may be made of by hand: [{word, text}], the caller's. */
json_t *gl_name_dimensions(void);

#endif
