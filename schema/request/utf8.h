/*
 * Characters of a text: which bytes are UTF-8 (RFC 3629: shortest form, no
 * surrogates) without NUL, which characters are white space.  Pure.
 */

#ifndef GL_REQUEST_UTF8_H
#define GL_REQUEST_UTF8_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/*
 * TEXT, when it is UTF-8 without NUL; else a copy in which every other byte
 * stands percent-encoded, so that different texts stay different: at most
 * three times its length.  0, or -1: no memory.
 */
int gl_utf8_mend(struct gl_memory memory, struct gl_text text,
                 struct gl_text *mended);

/* 1: all of TEXT is UTF-8 without NUL. */
int gl_utf8_is(struct gl_text text);

/* TEXT without its last white space. */
struct gl_text gl_utf8_rtrim(struct gl_text text);

/* 1: nothing but white space. */
int gl_utf8_is_blank(struct gl_text text);

/* How many characters a UTF-8 text has. */
uint32_t gl_utf8_chars(struct gl_text text);

/* Unicode's White_Space. */
int gl_utf8_is_space(uint32_t character);

#pragma GCC visibility pop

#endif
