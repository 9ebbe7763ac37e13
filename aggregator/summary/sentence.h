/* One sentence of a summary: a message whose places are filled; see tell.h.
 * Pure. */

#ifndef GL_SUMMARY_SENTENCE_H
#define GL_SUMMARY_SENTENCE_H

#include <jansson.h>
#include <stdint.h>

#include "language/say.h"
#include "summary/ledger.h"

/* Longer names are cut. */
#define GL_SUMMARY_NAME 80 /* characters */

struct gl_sentence {
    struct gl_ledger *ledger;
    json_t *list;   /* of sentences that are done */
    json_t *places; /* of the message */
    json_t *told;   /* by place: its text, with where it comes from */
};

void gl_sentence_begin(struct gl_sentence *sentence);
/* The number of fact ID for the place WHERE; as it is, or followed by "%". */
void gl_sentence_number(struct gl_sentence *sentence, const char *where,
                        int id);
void gl_sentence_percent(struct gl_sentence *sentence, const char *where,
                         int id);
/* A value of the API, called as people call it. */
void gl_sentence_name(struct gl_sentence *sentence, const char *where,
                      enum gl_summary_by by, const char *value);
/* A date, days since 1970; an hour of the week, with its date. */
void gl_sentence_date(struct gl_sentence *sentence, const char *where,
                      int64_t date);
void gl_sentence_hour(struct gl_sentence *sentence, const char *where,
                      int hour);
/* It says WHICH, and is about KIND.  GOES_ON: it goes on with the last one. */
void gl_sentence_end(struct gl_sentence *sentence, const char *kind,
                     enum gl_say which, int goes_on);

#endif
