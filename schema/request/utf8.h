/*
 * Characters of a text: which bytes are UTF-8 (RFC 3629: shortest form, no
 * surrogates) without NUL, which characters are white space, which may be
 * kept.  Pure.
 */

#ifndef GL_REQUEST_UTF8_H
#define GL_REQUEST_UTF8_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/*
 * TEXT as it may be kept: UTF-8 without control characters (C0, DEL, C1),
 * which a terminal or a log would obey.  Every text of an event that is not a
 * code comes through here, by every door.
 *
 *   tab, line feed ...  a blank: white space stays white space
 *   ESC, NUL, C1 ...    percent-encoded, %1B, so that two different texts
 *   what is no UTF-8    stay different: %E9
 *
 * Points into TEXT when nothing is to be done; else a copy of at most three
 * times its length.  0, or -1: no memory.
 */
int gl_utf8_mend(struct gl_memory memory, struct gl_text text,
                 struct gl_text *mended);

/* 1: gl_utf8_mend() has nothing to do. */
int gl_utf8_is_kept(struct gl_text text);

/* 1: all of TEXT is UTF-8 without NUL. */
int gl_utf8_is(struct gl_text text);

/* TEXT without its last white space. */
struct gl_text gl_utf8_rtrim(struct gl_text text);

/* 1: nothing but white space. */
int gl_utf8_is_blank(struct gl_text text);

/* How many characters a UTF-8 text has. */
uint32_t gl_utf8_chars(struct gl_text text);

/* 1: TEXT, which is UTF-8, has at most so many characters. */
static inline int
gl_utf8_fits(struct gl_text text, uint32_t characters)
{
    return text.len <= characters || gl_utf8_chars(text) <= characters;
}

/* C0, DEL and C1. */
static inline int
gl_utf8_is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

/* Unicode's White_Space. */
int gl_utf8_is_space(uint32_t character);

#pragma GCC visibility pop

#endif
