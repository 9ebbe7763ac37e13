/* Dictionaries: the code of each word of an event, and words in their order;
 * word_codes.c gives a text its code. */

#include "store/account/account_internal.h"
#include "store/words/words_internal.h"

#include <string.h>

/* ---- what the writer thread calls ---- */

static int
empty(const struct gl_text *texts, int n)
{
    for (int i = 0; i < n; i++)
        if (texts[i].len)
            return 0;
    return 1;
}

static int
code_of(struct gl_account *account, enum gl_word kind, int64_t site,
        int64_t day, struct gl_text *texts, uint32_t *code)
{
    return gl_account_code_(account, kind, site, day, texts,
                            day != GL_WORD_UNCAPPED, code);
}

int
gl_account_word(struct gl_account *account, enum gl_word kind, int64_t site,
                int64_t day, struct gl_text text, uint32_t *code)
{
    *code = 0;
    if (text.len == 0)
        return 0;
    return code_of(account, kind, site, day, &text, code);
}

int
gl_account_referrer(struct gl_account *account, int64_t site, int64_t day,
                    const struct gl_store_referrer *referrer, uint32_t *code)
{
    struct gl_text texts[GL_WORD_TEXTS_MAX] = {
        referrer->referrer,    referrer->source,     referrer->channel,
        referrer->utm_source,  referrer->utm_medium, referrer->utm_campaign,
        referrer->utm_content, referrer->utm_term,   referrer->click_id};
    const struct gl_text *channel = &texts[2];
    *code = 0;
    if (empty(texts, 2) && empty(texts + 3, 6) &&
        (channel->len == 0 ||
         (channel->len == 6 && memcmp(channel->data, "Direct", 6) == 0)))
        return 0;
    return code_of(account, GL_WORD_REFERRER, site, day, texts, code);
}

int
gl_account_agent(struct gl_account *account, int64_t site, int64_t day,
                 const struct gl_store_agent *agent, uint32_t *code)
{
    struct gl_text texts[] = {agent->browser, agent->browser_version,
                              agent->os, agent->os_version, agent->device};
    *code = 0;
    if (empty(texts, 5))
        return 0;
    return code_of(account, GL_WORD_AGENT, site, day, texts, code);
}

int
gl_account_place(struct gl_account *account, int64_t site, int64_t day,
                 const struct gl_store_place *place, uint32_t *code)
{
    struct gl_text texts[] = {place->country, place->region, place->city};
    *code = 0;
    if (empty(texts, 3))
        return 0;
    return code_of(account, GL_WORD_PLACE, site, day, texts, code);
}

/* ---- order by text ---- */

/* The order of two words; a failure sticks to the transaction. */
static int
compare(struct gl_account *account, enum gl_word kind, uint32_t a, uint32_t b)
{
    char first[4096];
    uint32_t codes[2] = {a, b};
    int first_len = 0, order = 0, n, rc;
    if (a == b)
        return 0;
    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *ask =
            gl_account_texts_(account, kind, codes[i], &n, &rc);
        if (ask == NULL && rc == 0) /* no word comes before all words */
            return i == 0 ? -1 : 1;
        if (ask == NULL)
            return (a > b) - (a < b);
        const void *text = sqlite3_column_blob(ask, 0);
        int len = sqlite3_column_bytes(ask, 0);
        if (i == 0) {
            first_len = len < (int) sizeof first ? len : (int) sizeof first;
            memcpy(first, text != NULL ? text : "", (size_t) first_len);
        } else {
            int shorter = len < first_len ? len : first_len;
            order = memcmp(first, text != NULL ? text : "", (size_t) shorter);
            order = order ? order : (first_len > len) - (first_len < len);
        }
        sqlite3_reset(ask);
    }
    return order;
}

static int
compare_host(void *arg, uint32_t a, uint32_t b)
{
    return compare(arg, GL_WORD_HOST, a, b);
}

static int
compare_path(void *arg, uint32_t a, uint32_t b)
{
    return compare(arg, GL_WORD_PATH, a, b);
}

void
gl_account_words(struct gl_account *account, struct gl_words *words)
{
    words->compare_host = compare_host;
    words->compare_path = compare_path;
    words->arg = account;
}
