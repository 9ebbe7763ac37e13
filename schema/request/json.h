/*
 * JSON as browsers and their scripts really write it, before a library reads
 * it.  Pure.
 */

#ifndef GL_REQUEST_JSON_H
#define GL_REQUEST_JSON_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/*
 * TEXT without a byte order mark, which is no part of it (RFC 8259, 8.1).
 * Half of a character beyond U+FFFF, as scripts that cut texts leave it, is no
 * character: its escape becomes that of U+FFFD.  (libyajl would make "?" of
 * it, jansson refuses it.)  Whether it is JSON is not asked.  Points into TEXT
 * where nothing is changed, else takes its length.  0, or -1: no memory.
 */
int gl_json_mend(struct gl_memory memory, struct gl_text text,
                 struct gl_text *mended);

/* 1: TEXT begins with C, behind that mark and white space. */
int gl_json_begins(struct gl_text text, char c);

#pragma GCC visibility pop

#endif
