/*
 * A text, or a combination of texts, has one code in a file for ever.  First
 * the cache, then the table, then a new row, as long as the site's cap for the
 * UTC day allows; beyond it the word is "(other)".
 */

#include "store/account/account_internal.h"
#include "store/words/words_internal.h"

#include <string.h>

/* A combination as one key: all texts with their lengths.  The longest event
 * is 8 KiB (schema/segment.h), an import line may have twice that. */
#define KEY_MAX 16384

/* How a dictionary is asked; KEPT: the text that survives the cap. */
static const struct dictionary {
    int find, add, text, texts_n, kept;
} dictionaries[GL_WORD_KINDS] = {
#define DICTIONARY(name, n, kept)                                             \
    [GL_WORD_##name] = {GL_SQL_FIND_##name, GL_SQL_ADD_##name,                \
                        GL_SQL_TEXT_##name, n, kept}
    DICTIONARY(HOST, 1, -1),       DICTIONARY(PATH, 1, -1),
    DICTIONARY(NAME, 1, -1),       DICTIONARY(TITLE, 1, -1),
    DICTIONARY(LANGUAGE, 1, -1),   DICTIONARY(SCREEN, 1, -1),
    DICTIONARY(REFERRER, 9, 2),    DICTIONARY(AGENT, 5, 4),
    DICTIONARY(PLACE, 3, 0),       DICTIONARY(PROP_KEY, 1, -1),
    DICTIONARY(PROP_VALUE, 1, -1),
#undef DICTIONARY
};

/* Beyond the bytes of a day, for combinations with "(other)": with what is
 * kept of them there are some hundred. */
#define OTHERS_BYTES (64 * 1024)

const struct gl_text gl_word_other_ = {GL_WORD_OTHER,
                                       sizeof GL_WORD_OTHER - 1};

/* The cache's slot for TEXTS; *RC when they are too long. */
static struct gl_code *
slot_of(struct gl_account *account, enum gl_word kind,
        const struct gl_text *texts, int *rc)
{
    char key[KEY_MAX];
    size_t len = 0;
    int n = dictionaries[kind].texts_n;
    *rc = 0;
    if (n == 1)
        return gl_codes_slot_(account, kind, texts->data, texts->len);
    for (int i = 0; i < n; i++) {
        uint16_t bytes = (uint16_t) texts[i].len; /* below KEY_MAX */
        if (texts[i].len > KEY_MAX - sizeof bytes - len) {
            *rc = gl_db_refuse(&account->db, GL_STORE_DATA,
                               "the words of an event are too long");
            return NULL;
        }
        memcpy(key + len, &bytes, sizeof bytes);
        len += sizeof bytes;
        if (bytes)
            memcpy(key + len, texts[i].data, bytes);
        len += bytes;
    }
    return gl_codes_slot_(account, kind, key, len);
}

static int
find(struct gl_account *account, const struct dictionary *dictionary,
     const struct gl_text *texts, uint32_t *code)
{
    int64_t found;
    sqlite3_stmt *ask = gl_db_to_change(&account->db, dictionary->find, NULL);
    for (int i = 0; i < dictionary->texts_n; i++)
        gl_db_bind_text(ask, i + 1, texts[i]);
    int rc = gl_db_first(&account->db, ask, &found);
    if (rc == 1)
        *code = (uint32_t) found;
    return rc;
}

static int
renew_token(struct gl_account *account, enum gl_word kind)
{
    return gl_db_change(&account->db, GL_SQL_PUT_WORD_TOKEN,
                        GL_VALUES(gl_as_int(kind)));
}

static int
add(struct gl_account *account, enum gl_word kind, const struct gl_text *texts,
    uint32_t *code)
{
    const struct dictionary *dictionary = &dictionaries[kind];
    sqlite3_stmt *put = gl_db_to_change(&account->db, dictionary->add, NULL);
    for (int i = 0; i < dictionary->texts_n; i++)
        gl_db_bind_text(put, i + 1, texts[i]);
    int rc = gl_db_done(&account->db, put);
    if (rc != 0)
        return rc;
    int64_t id = sqlite3_last_insert_rowid(account->db.handle);
    if (id > UINT32_MAX)
        return gl_db_refuse(&account->db, GL_STORE_DATA,
                            "the dictionary is full");
    *code = (uint32_t) id;
    return renew_token(account, kind);
}

/* ---- caps ---- */

static uint64_t
bytes_of(enum gl_word kind, const struct gl_text *texts)
{
    uint64_t bytes = 0;
    for (int i = 0; i < dictionaries[kind].texts_n; i++)
        bytes += texts[i].len;
    return bytes;
}

/* BYTES of new text come to the day, unless there would be more than MOST:
 * 1 = they do. */
static int
take_bytes(struct gl_account *account, struct gl_day *slot, uint64_t bytes,
           uint64_t most)
{
    most = most < UINT32_MAX ? most : UINT32_MAX;
    if (slot->new_words[0] + bytes > most)
        return 0;
    slot->new_words[0] += (uint32_t) bytes;
    slot->words_changed |= 1u;
    gl_account_day_changed_(account, slot);
    return 1;
}

/* Count a new word, or turn TEXTS into "(other)": 1 when they were turned. */
static int
cap(struct gl_account *account, enum gl_word kind, int64_t site, int64_t day,
    struct gl_text *texts)
{
    int rc;
    struct gl_day *slot = gl_account_day_(account, site, day, &rc);
    if (slot == NULL)
        return rc;
    if (slot->new_words[kind] < account->pool->caps[kind] &&
        take_bytes(account, slot, bytes_of(kind, texts),
                   account->pool->text_max)) {
        slot->new_words[kind]++;
        slot->words_changed |= 1u << kind;
        return 0;
    }
    for (int i = 0; i < dictionaries[kind].texts_n; i++)
        if (i != dictionaries[kind].kept && texts[i].len)
            texts[i] = gl_word_other_;
    return 1;
}

/* TEXTS were turned and are new so: what is kept of them must come from a
 * short list, too.  1 = it did not and is known now, 0 = to be added. */
static int
cap_kept(struct gl_account *account, enum gl_word kind, int64_t site,
         int64_t day, struct gl_text *texts, uint32_t *code)
{
    int rc, kept = dictionaries[kind].kept;
    struct gl_day *slot = gl_account_day_(account, site, day, &rc);
    if (slot == NULL)
        return rc;
    if (take_bytes(account, slot, bytes_of(kind, texts),
                   account->pool->text_max + OTHERS_BYTES) ||
        kept == -1 || texts[kept].len == 0)
        return 0;
    texts[kept] = gl_word_other_;
    return find(account, &dictionaries[kind], texts, code);
}

/* TEXTS are in neither cache nor table: 0 made, 1 turned into "(other)". */
static int
make(struct gl_account *account, enum gl_word kind, int64_t site, int64_t day,
     struct gl_text *texts, int capped, uint32_t *code)
{
    const struct dictionary *dictionary = &dictionaries[kind];
    int fewer = capped && kind == GL_WORD_REFERRER
                    ? gl_campaigns_cap_(account, site, day, texts)
                    : 0;
    int rc = fewer == 1 ? find(account, dictionary, texts, code) : fewer;
    if (rc != 0)
        return rc;
    int turned = capped ? cap(account, kind, site, day, texts) : 0;
    if (turned < 0)
        return turned;
    rc = turned ? find(account, dictionary, texts, code) : 0;
    if (rc == 0 && turned)
        rc = cap_kept(account, kind, site, day, texts, code);
    if (rc == 0)
        rc = add(account, kind, texts, code);
    return rc < 0 ? rc : turned || fewer;
}

int
gl_account_code_(struct gl_account *account, enum gl_word kind, int64_t site,
                 int64_t day, struct gl_text *texts, int capped,
                 uint32_t *code)
{
    int rc;
    struct gl_code *slot = slot_of(account, kind, texts, &rc);
    if (rc == 0)
        rc = gl_db_writable(&account->db);
    if (rc != 0)
        return rc;
    if (slot != NULL && slot->code) {
        *code = slot->code;
        return 0;
    }
    rc = find(account, &dictionaries[kind], texts, code);
    int turned =
        rc == 0 ? make(account, kind, site, day, texts, capped, code) : 0;
    if (rc < 0 || turned < 0)
        return rc < 0 ? rc : turned;
    /* A turned word may find room tomorrow: it is not remembered. */
    if (!turned)
        gl_codes_put_(account, slot, *code);
    return turned;
}

sqlite3_stmt *
gl_account_texts_(struct gl_account *account, enum gl_word kind, uint32_t code,
                  int *n, int *rc)
{
    sqlite3_stmt *ask = gl_account_ask_(account, dictionaries[kind].text,
                                        GL_VALUES(gl_as_int(code)));
    *rc = gl_db_step(&account->db, ask);
    *n = dictionaries[kind].texts_n;
    return *rc == 1 ? ask : NULL;
}
