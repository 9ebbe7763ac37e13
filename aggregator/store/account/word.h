/* Kinds of words, and what of them is counted: a site may bring so many new
 * ones a day. */

#ifndef GL_STORE_ACCOUNT_WORD_H
#define GL_STORE_ACCOUNT_WORD_H

/* Dictionaries; the number stands in new_words.kind: append only. */
enum gl_word {
    GL_WORD_HOST = 1,
    GL_WORD_PATH = 2,
    GL_WORD_NAME = 3,
    GL_WORD_TITLE = 4,
    GL_WORD_LANGUAGE = 5,
    GL_WORD_SCREEN = 6,
    GL_WORD_REFERRER = 7, /* and the next two: gl_account_referrer() ... */
    GL_WORD_AGENT = 8,
    GL_WORD_PLACE = 9,
    GL_WORD_PROP_KEY = 10, /* gl_account_props() */
    GL_WORD_PROP_VALUE = 11,
    GL_WORD_KINDS
};
/* Counted beside: values of the five utm_ keys, which are no dictionaries;
 * 12 to 16 in new_words.kind. */
#define GL_WORD_UTM GL_WORD_KINDS
#define GL_WORD_UTM_N 5
#define GL_WORD_COUNTED (GL_WORD_UTM + GL_WORD_UTM_N)

/* New text of all kinds that a site may bring on a day: 10,000 paths, titles
 * and referrers of a common length are a quarter of it. */
#define GL_ACCOUNT_TEXT_MAX (4 * 1024 * 1024)

#endif
