/*
 * Patterns of paths: '*' is anything but a '/', '**' anything, all else
 * itself; the whole path must fit.
 */

#ifndef GL_REQUEST_PATTERN_H
#define GL_REQUEST_PATTERN_H

#include "event.h"

#pragma GCC visibility push(hidden)

/* Steps of all patterns that one path is compared with, some 5 ns each. */
#define GL_PATTERN_STEPS 20000

/* 1: PATH fits PATTERN.  *STEPS is what may be spent on it, and is taken from;
 * what takes more does not fit.  Pure. */
int gl_pattern_fits(struct gl_text pattern, struct gl_text path,
                    uint32_t *steps);

#pragma GCC visibility pop

#endif
