/*
 * The connection of those that are opened briefly: one for all of them, with
 * its tables read and its statements prepared.  Of what opening a file costs
 * that is most.
 *
 *   take ──► the file is exchanged (swap.h) ──► are its tables the same, text
 *            by text and root by root?  no ──► NULL: open it yourself, and a
 *             │ yes                              new connection is made next
 *             ▼
 *         statements run, one transaction commits ──► back: statements are
 *                                                     reset, the file closed
 *
 * A connection that saw an error, or wrote a log back, is never lent again.
 * One thread.  Inside this room only.
 */

#ifndef GL_STORE_DB_LEND_H
#define GL_STORE_DB_LEND_H

#include <sqlite3.h>

#include "store/db/switches.h"

struct gl_lend;

/* What is lent: until gl_lend_back(). */
struct gl_lent {
    sqlite3 *handle;
    sqlite3_stmt **statements; /* by number; prepared by who needs one */
    enum gl_db_sync synchronous;
};

/* For connections of STATEMENTS_N statements; NULL without memory. */
struct gl_lend *gl_lend_new(int statements_n);
void gl_lend_free(struct gl_lend *lend);

/* A connection to PATH alone, which must have tables of VERSION; NULL = it
 * cannot be lent: somebody reads the file, it has other tables than the last
 * one, it is new or damaged, or the connection is out. */
struct gl_lent *gl_lend_take(struct gl_lend *lend, const char *path,
                             int version);
/* SPENT: 1 = it is closed for good. */
void gl_lend_back(struct gl_lend *lend, int spent);

#endif
