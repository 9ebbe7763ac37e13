/*
 * Values of the five utm_ keys: a site brings so many new ones of each a UTC
 * day; the next are "(other)", each on its own, and what else the combination
 * says stays.  A value is known when a combination in the file has it.
 */

#include "store/account/account_internal.h"
#include "store/words/words_internal.h"

/* In the texts of a referrer. */
#define SOURCE 1
#define UTM_FIRST 3

static const int known[GL_WORD_UTM_N] = {
    GL_SQL_KNOWN_UTM_SOURCE, GL_SQL_KNOWN_UTM_MEDIUM,
    GL_SQL_KNOWN_UTM_CAMPAIGN, GL_SQL_KNOWN_UTM_CONTENT,
    GL_SQL_KNOWN_UTM_TERM};

static int
is_known(struct gl_account *account, int key, struct gl_text value)
{
    int64_t one;
    return gl_db_first(&account->db,
                       gl_db_to_change(&account->db, known[key],
                                       GL_VALUES(gl_as_text(value))),
                       &one);
}

/* The value of KEY is new: 1 = and one too many. */
static int
take(struct gl_account *account, struct gl_day *slot, int key)
{
    int kind = GL_WORD_UTM + key;
    if (slot->new_words[kind] >= account->pool->caps[kind])
        return 1;
    slot->new_words[kind]++;
    slot->words_changed |= 1u << kind;
    gl_account_day_changed_(account, slot);
    return 0;
}

int
gl_campaigns_cap_(struct gl_account *account, int64_t site, int64_t day,
                  struct gl_text texts[GL_WORD_TEXTS_MAX])
{
    int turned = 0, rc;
    struct gl_day *slot = gl_account_day_(account, site, day, &rc);
    if (slot == NULL)
        return rc;
    for (int key = 0; key < GL_WORD_UTM_N; key++) {
        struct gl_text *value = &texts[UTM_FIRST + key];
        rc = value->len ? is_known(account, key, *value) : 1;
        if (rc < 0)
            return rc;
        if (rc == 1 || !take(account, slot, key))
            continue;
        *value = gl_word_other_;
        if (key == 0 && texts[SOURCE].len) /* it was made of this one */
            texts[SOURCE] = gl_word_other_;
        turned = 1;
    }
    return turned;
}
