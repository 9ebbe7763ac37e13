/* A program that is given something to read. */

#ifndef GL_MAILER_HAND_H
#define GL_MAILER_HAND_H

#include <glib.h>

/*
 * Run COMMAND, a program and its arguments as a shell has them, and ARGS,
 * ended by NULL, after those; INPUT is its standard input.  What it prints
 * goes into OUT, up to OUT_MAX bytes, more is left out; NULL: nowhere.  After
 * LIMIT_S seconds it is killed, with what it started.
 *
 * Its exit status, 128 and more when a signal ended it, or -1: it was not
 * started.  Then, and when it is not 0, WHY is a sentence, the caller's.
 */
int gl_hand(const char *command, const char *const *args, const GString *input,
            GString *out, size_t out_max, int limit_s, char **why);

#endif
