/*
 * The dictionaries of an account: each text, and each combination of texts,
 * has one code in a file for ever.
 */

#ifndef GL_STORE_WORDS_WORDS_H
#define GL_STORE_WORDS_WORDS_H

#include <stdint.h>

#include "event.h"
#include "store/account/word.h"

struct gl_account;
struct gl_words;

/* What a word beyond the cap becomes. */
#define GL_WORD_OTHER "(other)"
/* In place of a DAY: these are no strangers' words, there is no cap. */
#define GL_WORD_UNCAPPED INT64_MIN

/*
 * The code of TEXT, made when new; 0 for an empty text.  A site that brought
 * its cap of new words or of their bytes that day gets the code of "(other)",
 * and this returns 1.  A known word is always itself.  Codes are valid until
 * rollback or undo.
 */
int gl_account_word(struct gl_account *account, enum gl_word kind,
                    int64_t site, int64_t day, struct gl_text text,
                    uint32_t *code);

struct gl_store_referrer {
    struct gl_text referrer, source;
    struct gl_text channel; /* of a short list: kept beyond the cap */
    struct gl_text utm_source, utm_medium, utm_campaign, utm_content, utm_term;
    struct gl_text click_id;
};
struct gl_store_agent {
    struct gl_text browser, browser_version, os, os_version;
    struct gl_text device; /* of a short list: kept beyond the cap */
};
struct gl_store_place {
    struct gl_text country; /* two letters: kept beyond the cap */
    struct gl_text region, city;
};

/* The code of a combination; 0 when all texts are empty (a referrer: all but
 * the channel "Direct").  Beyond the cap each text that is not empty is
 * "(other)"; beyond the cap of a utm_ key its value alone is. */
int gl_account_referrer(struct gl_account *account, int64_t site, int64_t day,
                        const struct gl_store_referrer *referrer,
                        uint32_t *code);
int gl_account_agent(struct gl_account *account, int64_t site, int64_t day,
                     const struct gl_store_agent *agent, uint32_t *code);
int gl_account_place(struct gl_account *account, int64_t site, int64_t day,
                     const struct gl_store_place *place, uint32_t *code);

/* Codes of custom properties: 0 = the empty text. */
struct gl_store_props {
    uint32_t n;
    struct {
        uint32_t key, value;
    } codes[GL_EVENT_PROPS_MAX];
};
int gl_account_props(struct gl_account *account, int64_t site, int64_t day,
                     const struct gl_prop *texts, uint32_t n,
                     struct gl_store_props *props);

/* What a site object needs to compare words by text; a failure inside stays
 * with the account: the commit fails. */
void gl_account_words(struct gl_account *account, struct gl_words *words);

#endif
