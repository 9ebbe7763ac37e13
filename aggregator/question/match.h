/*
 * A filter on one dimension: texts in, pass or not out.  Regular expressions
 * are PCRE2's, with a limit on the steps of each match.
 */

#ifndef GL_QUESTION_MATCH_H
#define GL_QUESTION_MATCH_H

#include "question/question.h"

struct gl_match;

/* For a predicate IS, CONTAINS or MATCHES, which must outlive it; NULL with a
 * sentence in WHY. */
struct gl_match *gl_match_new(const struct gl_predicate *predicate, char *why,
                              size_t why_len);
void gl_match_free(struct gl_match *match);
/* TEXT is UTF-8: 1 = it passes, 0 = not, -1 = too long to tell. */
int gl_match_text(struct gl_match *match, const char *text);

#endif
