/*
 * What the values of an event may be, whoever sends them: the name of a custom
 * event, properties, amounts.  Pure.
 */

#ifndef GL_REQUEST_VALUES_H
#define GL_REQUEST_VALUES_H

#include "event.h"

#pragma GCC visibility push(hidden)

/* Characters, as Plausible; the field has room for four bytes of each. */
#define GL_NAME_CHARS_MAX 120

/* Why NAME is no name of an event, a static sentence; NULL: it is one. */
const char *gl_name_wrong(struct gl_text name);

/* 1: neither key nor value is only white space; others are left out. */
int gl_prop_says(struct gl_text key, struct gl_text value);

/* Why PROP is refused, a static sentence; NULL: it is not. */
const char *gl_prop_wrong(const struct gl_prop *prop);

/*
 * Cut TEXT to the plain decimal number it begins with, without a "+".  0 when
 * there is none, when it is longer than the field, or when digits follow that
 * would change its value: "1,234.50", "1e3".
 */
int gl_amount_read(struct gl_text *text);

#pragma GCC visibility pop

#endif
