/*
 * Structured fields of HTTP (RFC 9651), as far as headers that are read here
 * have them: dictionaries, lists, inner lists, parameters; of values strings,
 * tokens, byte sequences, whole numbers and booleans.  Strict: what the RFC
 * does not allow is malformed, and nothing is mended.  Pure: one pass, no
 * memory, no recursion.
 *
 * Written by hand, since no library of Debian reads them; tests/fuzz asks it.
 *
 * Each call takes the next thing off the front of a text: 1, 0 at its end, -1
 * when it is malformed.  What is told points into the text.
 */

#ifndef GL_REQUEST_STRUCTURED_H
#define GL_REQUEST_STRUCTURED_H

#include "event.h"

#pragma GCC visibility push(hidden)

enum gl_structured_type {
    GL_STRUCTURED_STRING = 1,
    GL_STRUCTURED_TOKEN,
    GL_STRUCTURED_BYTES,
    GL_STRUCTURED_NUMBER,
    GL_STRUCTURED_BOOLEAN,
    GL_STRUCTURED_LIST /* an inner one */
};

struct gl_structured {
    enum gl_structured_type type;
    struct gl_text raw;    /* as it is written, without parameters */
    struct gl_text inside; /* between quotes, colons or parentheses */
    int64_t number;        /* of a number; of a boolean 0 or 1 */
    struct gl_text params; /* ";a=1;b", for gl_structured_param() */
};

/* The next member of a dictionary; one without a value is the boolean 1. */
int gl_structured_member(struct gl_text *dictionary, struct gl_text *key,
                         struct gl_structured *value);
/* The next member of a list. */
int gl_structured_item(struct gl_text *list, struct gl_structured *value);
/* The next value INSIDE an inner list. */
int gl_structured_element(struct gl_text *inside, struct gl_structured *value);
/* The next parameter; its value has none itself. */
int gl_structured_param(struct gl_text *params, struct gl_text *key,
                        struct gl_structured *value);

#pragma GCC visibility pop

#endif
