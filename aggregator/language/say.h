/*
 * Messages: texts for people, in the language in use (language.h).  They are
 * in the files *.txt of this room, by key; conf/messages says what may be in
 * one and makes C of them: GL_SAY_KEY of "key".  Any thread.
 */

#ifndef GL_LANGUAGE_SAY_H
#define GL_LANGUAGE_SAY_H

#include <jansson.h>
#include <stddef.h>

#include "language/language.h"

/* A message as it is written down: one without places. */
const char *gl_say(enum gl_say which);
/* One with PLACES, an object, taken: texts as they are, numbers as readers
 * write them.  The caller's (g_free). */
char *gl_say_with(enum gl_say which, json_t *places);

/* What the language in use calls ENGLISH, the whole of a message whose key
 * begins with "said_"; ENGLISH itself where there is none.  For words that the
 * API and the command line have in English, too. */
const char *gl_say_english(const char *english);
/* A whole sentence likewise, the caller's (g_free); what stood in a place of
 * the English message stands in that of the other. */
char *gl_say_sentence(const char *english);

/* VALUE of a place, the caller's (g_free): a text; a whole number as 12,345; a
 * real as 1.5; a dash for null; "" for anything else. */
char *gl_say_value(const json_t *value);

/* A message has at most one [link]. */
enum gl_say_part {
    GL_PART_WHOLE, /* a message without one */
    GL_PART_BEFORE,
    GL_PART_LINK,
    GL_PART_AFTER
};

/* Who is told the pieces of a message, one after the other. */
struct gl_say_to {
    void (*text)(void *arg, const char *bytes, size_t len);
    /* "<code>", "</b>" */
    void (*tag)(void *arg, const char *bytes, size_t len);
    /* The value of NAME, or NULL: there is none. */
    const json_t *(*place)(void *arg, const char *name);
};

void gl_say_walk(enum gl_say which, enum gl_say_part part,
                 const struct gl_say_to *to, void *arg);

#endif
