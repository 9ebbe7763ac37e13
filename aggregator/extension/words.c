/* Dictionaries of the account's file; see extension.h. */

#include "extension/extension.h"

#include <stddef.h>

static const char *const texts[GL_WORDS_N] = {
    [GL_WORDS_HOSTS] = "SELECT text FROM main.hosts WHERE code = ?1",
    [GL_WORDS_PATHS] = "SELECT text FROM main.paths WHERE code = ?1",
    [GL_WORDS_NAMES] = "SELECT text FROM main.names WHERE code = ?1",
    [GL_WORDS_SCREENS] = "SELECT text FROM main.screens WHERE code = ?1",
    [GL_WORDS_LANGUAGES] = "SELECT text FROM main.languages WHERE code = ?1",
    [GL_WORDS_KEYS] = "SELECT text FROM main.prop_keys WHERE code = ?1",
    [GL_WORDS_VALUES] = "SELECT text FROM main.prop_values WHERE code = ?1",
    [GL_WORDS_REFERRERS] =
        ("SELECT referrer, source, channel, utm_source, utm_medium, "
         "utm_campaign, utm_content, utm_term FROM main.referrers "
         "WHERE code = ?1"),
    [GL_WORDS_AGENTS] = ("SELECT browser, browser_version, os, os_version, "
                         "device FROM main.agents WHERE code = ?1"),
    [GL_WORDS_PLACES] =
        "SELECT country, region, city FROM main.places WHERE code = ?1",
};

void
gl_extension_words_fini(struct gl_extension_dictionary *words)
{
    for (int i = 0; i < GL_WORDS_N; i++)
        sqlite3_finalize(words->ask[i]);
}

const char *
gl_extension_word(struct gl_extension_dictionary *words,
                  enum gl_extension_words kind, uint32_t code, int at)
{
    sqlite3_stmt **ask = &words->ask[kind];

    if (code == 0 ||
        (*ask == NULL && sqlite3_prepare_v2(words->db, texts[kind], -1, ask,
                                            NULL) != SQLITE_OK))
        return NULL;
    if (words->code[kind] != code) {
        words->code[kind] = 0;
        sqlite3_reset(*ask);
        sqlite3_bind_int64(*ask, 1, code);
        if (sqlite3_step(*ask) != SQLITE_ROW)
            return NULL;
        words->code[kind] = code;
    }
    return (const char *) sqlite3_column_text(*ask, at);
}
