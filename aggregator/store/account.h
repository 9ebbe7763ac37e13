/*
 * One account, one SQLite file: its transactions and how far each spool
 * segment has been applied.  What is in it: words.h, rows.h, visits.h,
 * tallies.h, midnight.h, sites.h.
 *
 * A struct gl_account is a handle that lives as long as its pool; its
 * connection is opened when needed and closed least recently used first, never
 * inside a transaction.  Changes happen between gl_account_begin() and
 * gl_account_commit(); reads may happen at any time.  After any failure inside
 * a transaction every further call fails with the same error, commit too, and
 * gl_account_rollback() is due: it drops every cache and reopens the file
 * (rule R9).
 *
 * Not here: what is a visit, what is a bot, time.  All calls in the ingest
 * thread.  Texts are UTF-8 and copied.  DAY is the UTC day, ms / 86400000.
 */

#ifndef GL_STORE_ACCOUNT_H
#define GL_STORE_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "store/error.h"

#define GL_ACCOUNT_ID_LEN 12 /* [a-z0-9], made by gl_meta_account_add() */

struct gl_account;

/* ---- transactions ---- */

enum gl_durability {
    GL_COMMIT_FULL = 0, /* durable when commit returns */
    GL_COMMIT_LATER = 1 /* durable after the next gl_accounts_sync() */
};

const char *gl_account_path(const struct gl_account *account);
int gl_account_begin(struct gl_account *account,
                     enum gl_durability durability);
/* 0, or an error: then nothing is known, roll back and read upto again. */
int gl_account_commit(struct gl_account *account);
/* Also when no transaction is open.  0, or why the file cannot be opened. */
int gl_account_rollback(struct gl_account *account);
/* The same, and the file is left alone until it is asked for again. */
void gl_account_let_go(struct gl_account *account);

/*
 * Around one frame of a batch that failed with GL_STORE_DATA: undo takes back
 * what came since the savepoint, drops the caches and clears the error.
 */
int gl_account_savepoint(struct gl_account *account);
int gl_account_release(struct gl_account *account);
int gl_account_undo(struct gl_account *account);

/*
 * A sync failed (gl_accounts_sync() says so for all commits begun with
 * GL_COMMIT_LATER): the log is written again before a position is read.
 */
void gl_account_doubt(struct gl_account *account);
/* 1 = a sync failed and nothing has shown yet that the next one will not. */
int gl_account_doubtful(const struct gl_account *account);
/* A number that is another one when the file was changed by somebody. */
uint64_t gl_account_look(const struct gl_account *account);

/* A sentence on the last failure, for the log and the status page. */
const char *gl_account_why(const struct gl_account *account);
/* The last failure was for want of room. */
int gl_account_full(const struct gl_account *account);

/* ---- exactly once ---- */

/* *UPTO = index of the last frame of segment SEG applied here, 0 = none. */
int gl_account_upto(struct gl_account *account, const uint8_t seg[16],
                    uint32_t *upto);
int gl_account_set_upto(struct gl_account *account, const uint8_t seg[16],
                        uint32_t upto);
/*
 * Another number each time the file is opened, 0 = it is closed.  Opening may
 * bring back a commit that had failed: an upto read under another number may
 * be too low.
 */
uint32_t gl_account_connection(const struct gl_account *account);
/* Every segment known here. */
int gl_account_segments(struct gl_account *account,
                        void (*segment)(void *arg, const uint8_t seg[16],
                                        uint32_t upto),
                        void *arg);
/* R11: only for segments unlinked before a directory sync. */
int gl_account_forget(struct gl_account *account, const uint8_t seg[16]);

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
