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

/* What it calls itself: "Deutsch". */
const char *gl_language_name(enum gl_language language);

/* CODE, LEN bytes ("de", "de-AT", in any case): 1 and *LANGUAGE, or 0: it is
 * none of ours. */
int gl_language_find(const char *code, size_t len, enum gl_language *language);
/* The first of ours in an Accept-Language header, whatever its "q" (browsers
 * send them in order, and conf/nginx/http.conf does the same); 0 = none is. */
int gl_language_accepted(const char *header, enum gl_language *language);

/* How a reader came to his language. */
enum gl_language_by {
    GL_LANGUAGE_ACCEPTED, /* his browser asks for it, or it is English */
    GL_LANGUAGE_FIXED,    /* who runs the server says so */
    GL_LANGUAGE_CHOSEN    /* his address says so: so do links of his page */
};
struct gl_speech {
    enum gl_language language;
    enum gl_language_by by;
};
/* As a word, "de", "de!", "de?", and back; what is none is English. */
#define GL_SPEECH_MAX 8 /* bytes */
void gl_speech_word(struct gl_speech speech, char word[GL_SPEECH_MAX]);
struct gl_speech gl_speech_read(const char *word);
/* This thread speaks so from now on. */
void gl_speak(struct gl_speech speech);
struct gl_speech gl_spoken(void);

/* This thread writes in LANGUAGE from now on; which it was before. */
enum gl_language gl_language_use(enum gl_language language);
enum gl_language gl_language_used(void);

#endif
