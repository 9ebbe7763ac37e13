/*
 * A dictionary as questions want it: what each code says, and which codes say
 * the same.  Kept on the shelf while the dictionary is the same.
 */

#ifndef GL_QUERY_PLAN_TEXTS_H
#define GL_QUERY_PLAN_TEXTS_H

#include "columns/column.h"
#include "store/words/dictionary.h"

/* What can be said in one column of the dictionary's entries. */
struct gl_values {
    struct gl_column_map of; /* code -> value */
    const char **text;       /* [n] */
    uint32_t *first;         /* [n] its first code */
    uint32_t n;
};

struct gl_texts {
    struct gl_dictionary dictionary;
    struct gl_values *columns; /* [dictionary.texts_n] */
};

/* As gl_dictionary_read().  Of code 0 a name is "pageview", a channel
 * "Direct". */
int gl_texts_new(struct gl_account *reader, enum gl_word kind,
                 struct gl_texts **texts, size_t *bytes);
void gl_texts_free(void *texts);

#endif
