/*
 * What a site leaves out of its events: left_out.def for C.  Workers leave it
 * out before an event is written down, and glintod before a row is: a file of
 * the past may have it, and the agent is looked at for bots first.
 */

#ifndef GL_LEFT_OUT_H
#define GL_LEFT_OUT_H

#include "event.h"

#pragma GCC visibility push(hidden)

enum {
#define LEFT_OUT(name, word, says) GL_LEFT_OUT_N_##name,
#include "left_out.def"
#undef LEFT_OUT
    GL_LEFT_OUT_N
};

/* A set of them is a number of these bits; 0 = all is kept. */
enum gl_left_out {
#define LEFT_OUT(name, word, says)                                            \
    GL_LEFT_OUT_##name = 1 << GL_LEFT_OUT_N_##name,
#include "left_out.def"
#undef LEFT_OUT
};

/* The word of number N, below GL_LEFT_OUT_N. */
const char *gl_left_out_word(int n);
/* The bit of WORD, 0 = there is none. */
uint32_t gl_left_out_bit(struct gl_text word);

/* EVENT without what is in BITS. */
void gl_left_out_apply(struct gl_event *event, uint32_t bits);

#pragma GCC visibility pop

#endif
