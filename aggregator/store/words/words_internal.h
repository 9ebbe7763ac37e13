/* What other files of this room ask of the dictionaries. */

#ifndef GL_STORE_WORDS_WORDS_INTERNAL_H
#define GL_STORE_WORDS_WORDS_INTERNAL_H

#include <stdint.h>

#include "store/db/db.h"
#include "store/words/words.h"

struct gl_account;

#define GL_WORD_TEXTS_MAX 9
extern const struct gl_text gl_word_other_; /* "(other)" */
/* Code of a combination of texts; CAPPED 0 = as many as come.  1 = they were
 * turned into "(other)". */
int gl_account_code_(struct gl_account *account, enum gl_word kind,
                     int64_t site, int64_t day, struct gl_text *texts,
                     int capped, uint32_t *code);
/* The statement that gives the texts of CODE, stepped to its row (reset it),
 * and how many; NULL: no such code, or *RC. */
sqlite3_stmt *gl_account_texts_(struct gl_account *account, enum gl_word kind,
                                uint32_t code, int *n, int *rc);

/* ---- campaigns.c ---- */

/* TEXTS of a referrer that is new: values of utm_ keys count, or become
 * "(other)".  1 = one did, 0 = none; errors of the store. */
int gl_campaigns_cap_(struct gl_account *account, int64_t site, int64_t day,
                      struct gl_text texts[GL_WORD_TEXTS_MAX]);

/* ---- props.c ---- */

/* {"4294967295":4294967295,...} */
#define GL_PROPS_TEXT_MAX (GL_EVENT_PROPS_MAX * 24 + 2)
struct gl_text gl_props_write_(const struct gl_store_props *props,
                               char text[GL_PROPS_TEXT_MAX]);
void gl_props_read_(struct gl_store_props *props, const char *text);

#endif
