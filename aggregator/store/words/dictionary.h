/*
 * A whole dictionary of an account in memory: code -> texts.  What a question
 * groups by, and filters, is text; sets hold codes.
 */

#ifndef GL_STORE_WORDS_DICTIONARY_H
#define GL_STORE_WORDS_DICTIONARY_H

#include <glib.h>

#include "store/words/words.h"

struct gl_account;

#define GL_DICTIONARY_CODES_MAX (16u << 20) /* 128 MiB of pointers a text */

struct gl_dictionary {
    uint32_t codes_n;  /* 1 + the greatest code */
    unsigned texts_n;  /* of a code: the columns of schema/account.sql, click
                          ids left out */
    const char **text; /* [code * texts_n + column]; equal texts are one
                          pointer; code 0, and what is not there, is "" */
    GStringChunk *chunk;
};

/*
 * *TOKEN: another number whenever a word has come, of no other file; *ACCOUNT:
 * one of the reader's account.  Any thread with a reader of its own.  0, or
 * -enum gl_store_error.
 */
int gl_dictionary_token(struct gl_account *reader, enum gl_word kind,
                        int64_t *account, uint64_t *token);
int gl_dictionary_read(struct gl_account *reader, enum gl_word kind,
                       struct gl_dictionary *dictionary);
void gl_dictionary_fini(struct gl_dictionary *dictionary);

#endif
