/*
 * What the values of an event may be, whoever sends them: the name of a custom
 * event, properties, titles, amounts.  Pure.
 */

#ifndef GL_REQUEST_VALUES_H
#define GL_REQUEST_VALUES_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/*
 * NAME of an event as it is kept.  *WRONG is a static sentence when it is
 * refused, else NULL.  Takes three times its length.  0, or -1: no memory.
 */
int gl_name_read(struct gl_memory memory, struct gl_text *name,
                 const char **wrong);

/* 1: neither key nor value is only white space; others are left out. */
int gl_prop_says(struct gl_text key, struct gl_text value);

/* PROP as it is kept; as gl_name_read(). */
int gl_prop_read(struct gl_memory memory, struct gl_prop *prop,
                 const char **wrong);

/* In the place of a value that is too long. */
#define GL_TOO_LONG "(too long)"

/*
 * VALUE, which may be kept, when it has at most so many CHARACTERS, else
 * GL_TOO_LONG: for a title, and for what hangs on a page's address.  Often
 * neither the page's owner nor its script chose it (advertising networks do),
 * so a long one must not lose the view; cut, it could be another's; and left
 * out, a visit from a campaign would be told as one from nowhere.
 */
struct gl_text gl_value_kept(struct gl_text value, uint32_t characters);

/*
 * Cut TEXT to the plain decimal number it begins with, without a "+".  0 when
 * there is none, when it is longer than the field, or when digits follow that
 * would change its value: "1,234.50", "1e3".
 */
int gl_amount_read(struct gl_text *text);

#pragma GCC visibility pop

#endif
