/*
 * Is there nothing to do?  Nearly every text is ASCII without escapes, so it
 * is seen to eight bytes at a time.  Of this room only; inline, since the
 * compiler makes one of it for each set of flags.
 */

#ifndef GL_REQUEST_PLAIN_H
#define GL_REQUEST_PLAIN_H

#include <stdint.h>
#include <string.h>

#include "event.h"

#define GL_PLAIN_PERCENT 1 /* no "%" */
#define GL_PLAIN_PLUS 2    /* no "+" */

/* Times a byte: that byte, eight times. */
#define GL_PLAIN_ONES UINT64_C(0x0101010101010101)

/*
 * Not 0 when one of eight bytes is not plain.  A byte below a blank borrows
 * into its top bit when a blank is taken away, one that is 0 when 1 is; DEL
 * has it with 1 more.
 */
static inline uint64_t
gl_plain_odd_(uint64_t word, unsigned flags)
{
    const uint64_t ones = GL_PLAIN_ONES;
    uint64_t percent = word ^ ones * '%';
    uint64_t plus = word ^ ones * '+';
    uint64_t odd = word | (word - ones * ' ') | (word + ones);

    if (flags & GL_PLAIN_PERCENT)
        odd |= percent - ones;
    if (flags & GL_PLAIN_PLUS)
        odd |= plus - ones;
    return odd & ones * 0x80;
}

static inline int
gl_plain_short_(struct gl_text text, unsigned flags)
{
    uint64_t word = 0;
    uint32_t i;

    for (i = 0; i < text.len; i++)
        word = word << 8 | (uint8_t) text.data[i];
    /* a letter in the place of each byte that is not there */
    word |= (GL_PLAIN_ONES * 'a') << (text.len * 8);
    return gl_plain_odd_(word, flags) == 0;
}

/* 1: TEXT is printable ASCII, and without what FLAGS name. */
static inline int
gl_plain_(struct gl_text text, unsigned flags)
{
    const char *at = text.data, *last;
    uint64_t word;

    if (text.len < sizeof word)
        return gl_plain_short_(text, flags);
    /* the last word may overlap the one before */
    for (last = at + text.len - sizeof word; at < last; at += sizeof word) {
        memcpy(&word, at, sizeof word);
        if (gl_plain_odd_(word, flags) != 0)
            return 0;
    }
    memcpy(&word, last, sizeof word);
    return gl_plain_odd_(word, flags) == 0;
}

#endif
