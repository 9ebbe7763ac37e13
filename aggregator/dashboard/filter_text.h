/*
 * One filter as an address has it: OPERATOR,DIMENSION,VALUE; see address.h.
 * Pure.
 */

#ifndef GL_FILTER_TEXT_H
#define GL_FILTER_TEXT_H

#include <jansson.h>

/* The text, the caller's (g_free). */
char *gl_filter_text(const char *how, const char *dimension,
                     const char *value);
/* The same of several values. */
char *gl_filter_text_of(const char *how, const char *dimension,
                        const json_t *values);
/* Several values as one text, '|' between them, and back.  The caller's. */
char *gl_filter_text_values(const json_t *values);
json_t *gl_filter_text_split(const char *text);
/* 1: TEXT has all three. */
int gl_filter_text_is_one(const char *text);
/* [operator, dimension, [value, ...]] of a text that is one. */
json_t *gl_filter_text_json(const char *text);
/* 1: it says something of DIMENSION that is not negated; it says what that is.
 */
int gl_filter_text_has(const char *text, const char *dimension);
int gl_filter_text_is(const char *text, const char *dimension);

#endif
