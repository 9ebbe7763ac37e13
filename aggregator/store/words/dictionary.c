/* Dictionaries read whole; see dictionary.h. */

#include "store/words/dictionary.h"

#include "store/account/account_internal.h"

static const int ask_all[GL_WORD_KINDS] = {
    [GL_WORD_HOST] = GL_SQL_ALL_HOST,
    [GL_WORD_PATH] = GL_SQL_ALL_PATH,
    [GL_WORD_NAME] = GL_SQL_ALL_NAME,
    [GL_WORD_SCREEN] = GL_SQL_ALL_SCREEN,
    [GL_WORD_LANGUAGE] = GL_SQL_ALL_LANGUAGE,
    [GL_WORD_REFERRER] = GL_SQL_ALL_REFERRER,
    [GL_WORD_AGENT] = GL_SQL_ALL_AGENT,
    [GL_WORD_PLACE] = GL_SQL_ALL_PLACE,
    [GL_WORD_PROP_KEY] = GL_SQL_ALL_PROP_KEY,
    [GL_WORD_PROP_VALUE] = GL_SQL_ALL_PROP_VALUE,
};

/* Room for CODE: 0, or -1 when there are too many. */
static int
grow(struct gl_dictionary *dictionary, GPtrArray *texts, int64_t code)
{
    const char *none = g_string_chunk_insert_const(dictionary->chunk, "");
    if (code < 0 || code >= GL_DICTIONARY_CODES_MAX)
        return -1;
    while (dictionary->codes_n <= code) {
        for (unsigned i = 0; i < dictionary->texts_n; i++)
            g_ptr_array_add(texts, (gpointer) (uintptr_t) none);
        dictionary->codes_n++;
    }
    return 0;
}

static int
take_word(struct gl_dictionary *dictionary, GPtrArray *texts,
          sqlite3_stmt *ask)
{
    int64_t code = sqlite3_column_int64(ask, 0);
    if (grow(dictionary, texts, code) != 0)
        return -1;
    for (unsigned i = 0; i < dictionary->texts_n; i++) {
        texts->pdata[(size_t) code * dictionary->texts_n + i] =
            g_string_chunk_insert_const(dictionary->chunk,
                                        gl_db_column_text(ask, (int) i + 1));
    }
    return 0;
}

/* An id is a number of base 36, below 2^63. */
static int64_t
number_of(const char *id)
{
    int64_t number = 0;
    for (; *id != '\0'; id++)
        number = number * 36 + (*id <= '9' ? *id - '0' : *id - 'a' + 10);
    return number;
}

int
gl_dictionary_token(struct gl_account *reader, enum gl_word kind,
                    int64_t *account, uint64_t *token)
{
    int64_t is; /* 0 = it is empty */
    int rc = gl_db_first(
        &reader->db,
        gl_account_ask_(reader, GL_SQL_WORD_TOKEN, GL_VALUES(gl_as_int(kind))),
        &is);
    *account = number_of(reader->id);
    *token = (uint64_t) is;
    return rc < 0 ? rc : 0;
}

int
gl_dictionary_read(struct gl_account *reader, enum gl_word kind,
                   struct gl_dictionary *dictionary)
{
    int rc;
    GPtrArray *texts;
    sqlite3_stmt *ask = gl_account_ask_(reader, ask_all[kind], NULL);
    *dictionary = (struct gl_dictionary){0};
    if (ask == NULL)
        return reader->db.none;
    texts = g_ptr_array_new();
    dictionary->texts_n = (unsigned) sqlite3_column_count(ask) - 1;
    dictionary->chunk = g_string_chunk_new(4096);
    grow(dictionary, texts, 0);
    while ((rc = gl_db_step(&reader->db, ask)) == 1 &&
           take_word(dictionary, texts, ask) == 0)
        ;
    sqlite3_reset(ask);
    dictionary->text = (const char **) (void *) g_ptr_array_free(texts, FALSE);
    if (rc == 1)
        rc = gl_db_refuse(&reader->db, GL_STORE_DATA,
                          "a dictionary is too large to be read");
    return rc;
}

void
gl_dictionary_fini(struct gl_dictionary *dictionary)
{
    g_free(dictionary->text);
    if (dictionary->chunk != NULL)
        g_string_chunk_free(dictionary->chunk);
    *dictionary = (struct gl_dictionary){0};
}
