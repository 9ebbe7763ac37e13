/*
 * Rows as event lines (import/event_line.h): what SQLite makes of a row and
 * the dictionaries, but for "visitor", which the caller puts in.
 */

#ifndef GL_STORE_ROWS_LINES_H
#define GL_STORE_ROWS_LINES_H

#include <stdint.h>

#include "event.h"

struct gl_account;

struct gl_line {
    int64_t id;
    uint64_t visitor;    /* as stored: late rows may have another */
    struct gl_text json; /* an object of at least one member */
};

/* Rows of SITE with FROM <= at < TO. */
struct gl_lines {
    struct gl_account *reader;
    int64_t site;
    int64_t from_ms, to_ms;
    int64_t after, until; /* rowids: those after one, until the other */
};

/*
 * One piece of them, in rowid order; AFTER becomes the last rowid looked at,
 * UNTIL when there is no more.  LINE returns 0 to go on; another value ends
 * the piece after this line and is returned.  0, that value, or -enum
 * gl_store_error.
 */
int gl_lines_read(struct gl_lines *lines,
                  int (*line)(void *arg, const struct gl_line *line),
                  void *arg);

/* How many rowids are left to look at, and the last of them (AFTER: none);
 * -enum gl_store_error. */
int64_t gl_lines_left(const struct gl_lines *lines, int64_t *last);

#endif
