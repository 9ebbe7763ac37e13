/*
 * Which rules can find something in a text at all, by the words that it must
 * hold for that (words.js), in one pass.
 */

#ifndef GL_ENRICH_CANDIDATES_H
#define GL_ENRICH_CANDIDATES_H

#include <stddef.h>

#include <jansson.h>

#include "event.h"

struct gl_candidates;

/*
 * DATA is "candidates" of agents.json and is about RULES rules; FILE holds the
 * words compiled (scan.h).  NULL with *WHY a static sentence.
 */
struct gl_candidates *gl_candidates_new_(const json_t *data, size_t rules,
                                         const char *file, const char **why);
void gl_candidates_free_(struct gl_candidates *candidates);

/* 0, or -1: see errno. */
int gl_candidates_save_(const struct gl_candidates *candidates,
                        const char *file);

/*
 * Looks at TEXT.  How many words it holds, each as often as it stands there;
 * or -1: more than WORDS_MAX, and there are no candidates.
 */
int gl_candidates_find_(struct gl_candidates *candidates, struct gl_text text,
                        int words_max);
/* The first candidate of the last text from RULE on, before END; else END. */
size_t gl_candidates_next_(const struct gl_candidates *candidates, size_t rule,
                           size_t end);

/* How many lists of words there are. */
size_t gl_candidates_lists_(const struct gl_candidates *candidates);
/*
 * Where the first word of LIST begins that begins at FROM or later, and in
 * *END where it ends (bytes); SIZE_MAX: nowhere.  LIST is one that a candidate
 * needs.  Of many words only the first are known.
 */
size_t gl_candidates_word_(const struct gl_candidates *candidates, size_t list,
                           size_t from, size_t *end);

#endif
