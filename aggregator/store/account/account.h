/*
 * One account, one SQLite file.  What is in it: words.h, rows.h, visits.h,
 * tallies.h, midnight.h, sites.h.
 *
 * A struct gl_account is a handle that lives as long as its pool; its
 * connection is opened when needed and closed least recently used first, never
 * inside a transaction.  Changes happen in transactions of its file (file.h);
 * reads may happen at any time.
 *
 * Not here: what is a visit, what is a bot, time.  All calls in the writer
 * thread.  Texts are UTF-8 and copied.  DAY is the UTC day, ms / 86400000.
 */

#ifndef GL_STORE_ACCOUNT_ACCOUNT_H
#define GL_STORE_ACCOUNT_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "store/db/file.h"

#define GL_ACCOUNT_ID_LEN 12 /* [a-z0-9], made by gl_meta_account_add() */

struct gl_account;

/* ---- transactions ---- */

/* Its transactions and positions, until the pool is gone or it is removed. */
struct gl_file *gl_account_file(struct gl_account *account);
const char *gl_account_path(const struct gl_account *account);

/*
 * Around one frame of a batch that failed with GL_STORE_DATA: release writes
 * what was added up since the savepoint, and may find it refused; undo takes
 * it back, drops the caches and clears the error.
 */
int gl_account_savepoint(struct gl_account *account);
int gl_account_release(struct gl_account *account);
int gl_account_undo(struct gl_account *account);

/*
 * A sync failed (gl_accounts_sync() says so for all commits begun with
 * GL_COMMIT_LATER): the log is written again before a position is read.
 */
void gl_account_sync_failed(struct gl_account *account);
/* 1 = a sync failed and nothing has shown yet that the next one will not. */
int gl_account_unsure(const struct gl_account *account);

/* A sentence on the last failure, for the log and the status page. */
const char *gl_account_why(const struct gl_account *account);
/* The last failure was for want of room. */
int gl_account_full(const struct gl_account *account);

/* ---- reading beside the writer ---- */

/*
 * A second handle to the file of ACCOUNT, for one other thread: it sees one
 * commit, the last before gl_account_read(), until it is freed; everything
 * that only reads works with it.  While it sees one, the log cannot be cut.
 * gl_account_reader() opens nothing; NULL: out of memory.
 */
struct gl_account *gl_account_reader(const struct gl_account *account);
int gl_account_read(struct gl_account *reader);
void gl_account_reader_free(struct gl_account *reader);

#endif
