/*
 * Texts as they come in addresses, queries and forms.  Knows nothing of
 * events.  Pure: one pass over its input, no recursion; takes memory only when
 * a text must change.
 */

#ifndef GL_REQUEST_TEXT_H
#define GL_REQUEST_TEXT_H

#include <string.h>

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

enum gl_coding {
    GL_CODED_PATH = 0, /* "+" is a plus */
    GL_CODED_QUERY = 1 /* "+" is a space: query, form */
};

/*
 * Undo percent-encoding.  What is not an escape stays as it is; of what comes
 * out only what may be kept, utf8.h.  The result points into TEXT when that is
 * printable ASCII without any; else it takes the length of TEXT, and three
 * times that where not all may be kept.  0, or -1: no memory.
 */
int gl_text_decode(struct gl_memory memory, struct gl_text text,
                   enum gl_coding coding, struct gl_text *decoded);

/*
 * Take the next "key=value" off the front of an "&" list; 0 at its end.
 * Nothing is decoded; a pair without "=" has an empty value.
 */
int gl_text_pair(struct gl_text *list, struct gl_text *key,
                 struct gl_text *value);

/* Take the next item off the front of a comma list, which has at least one;
 * LIST's data is NULL behind the last. */
struct gl_text gl_text_item(struct gl_text *list);

/* 1: TEXT is the word, byte by byte. */
static inline int
gl_text_is(struct gl_text text, struct gl_text word)
{
    return text.len == word.len && memcmp(text.data, word.data, word.len) == 0;
}

#pragma GCC visibility pop

#endif
