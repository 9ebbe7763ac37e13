/*
 * The languages that people read: which there are, which one a reader takes,
 * and which one this thread writes in just now.
 *
 * What writes words, numbers and dates asks for that one; whoever begins to
 * make something for a reader says whose language it is (as uselocale(3)
 * does).  A thread begins with English.  Any thread.
 */

#ifndef GL_LANGUAGE_H
#define GL_LANGUAGE_H

#include <stddef.h>

#include "messages.h" /* made by conf/messages: enum gl_language, gl_say */

/* "de" */
const char *gl_language_code(enum gl_language language);

/* This thread writes in LANGUAGE from now on; which it was before. */
enum gl_language gl_language_use(enum gl_language language);
enum gl_language gl_language_used(void);

#endif
