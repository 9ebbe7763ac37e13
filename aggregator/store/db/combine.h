/*
 * Writes that follow each other in a file become one.  SQLite writes each page
 * of a log in two calls: a commit of 20 pages is 40 calls, each of which finds
 * its place in the file again.
 *
 *   write(at, 24) write(at + 24, 4096) ... ──► bytes ──► one write
 *
 * What is held back is in no file: whoever reads, measures, syncs or commits
 * flushes first, and learns of an error then.  After an error nothing is held.
 * Inside this room only.
 */

#ifndef GL_STORE_DB_COMBINE_H
#define GL_STORE_DB_COMBINE_H

#include <sqlite3.h>

/* Some 60 pages: what a commit of few events writes. */
#define GL_COMBINE_BYTES (256 * 1024)

/* All zero: nothing is held. */
struct gl_combine {
    unsigned char *bytes; /* GL_COMBINE_BYTES, owned; NULL = not yet */
    int len;              /* held back */
    sqlite3_int64 at;     /* where in the file they go */
};

/* LEN bytes to AT of FILE, now or later: SQLITE_OK or an error, which may be
 * that of earlier ones. */
int gl_combine_write(struct gl_combine *held, sqlite3_file *file,
                     const void *from, int len, sqlite3_int64 at);
int gl_combine_flush(struct gl_combine *held, sqlite3_file *file);
/* What is held goes nowhere. */
void gl_combine_drop(struct gl_combine *held);
void gl_combine_free(struct gl_combine *held);

#endif
