/*
 * The pool: a handle for each account, a connection for those in use; closed
 * least recently used first, never inside a transaction.  All calls in the
 * writer thread.
 */

#ifndef GL_STORE_ACCOUNT_ACCOUNTS_H
#define GL_STORE_ACCOUNT_ACCOUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "store/account/account.h"
#include "store/account/word.h"

#define GL_ACCOUNT_OPEN_MAX 500

struct gl_accounts_options {
    const char *data; /* folder; acct/ is made in it */
    size_t open_max;  /* connections, beside those of busy accounts;
                                     0 = GL_ACCOUNT_OPEN_MAX */
    uint32_t caps[GL_WORD_COUNTED]; /* new words a site and day; 0 = default */
    uint64_t text_max; /* bytes of them; 0 = GL_ACCOUNT_TEXT_MAX */
    void (*note)(void *arg, const char *sentence); /* for the log; may be
                                                      NULL */
    void *arg;
};

struct gl_accounts;

/* NULL with a sentence in WHY. */
struct gl_accounts *gl_accounts_new(const struct gl_accounts_options *options,
                                    char *why, size_t why_len);
/* Roll back what is open, checkpoint (TRUNCATE) and close everything. */
void gl_accounts_free(struct gl_accounts *pool);

/* The handle of ID; no file is touched.  NULL: not an id, or no memory. */
struct gl_account *gl_accounts_get(struct gl_accounts *pool, const char *id);

/* Make the file of ID if it is not there. */
int gl_accounts_create(struct gl_accounts *pool, const char *id);
/* Close and unlink the file of ID; the handle is gone.  0 also when there was
 * none. */
int gl_accounts_remove(struct gl_accounts *pool, const char *id);

/*
 * After each round, or at least every second: checkpoint files whose log is
 * long (PASSIVE at 1,000 pages, TRUNCATE over 64 MiB) or that had no commit
 * for GL_ACCOUNT_IDLE_MS.  NOW is any clock that does not go back.
 */
#define GL_ACCOUNT_IDLE_MS 10000
/* Two syncs each, and events wait meanwhile: no more is begun after that. */
#define GL_ACCOUNT_SHORTEN_MS 50
void gl_accounts_shorten_logs(struct gl_accounts *pool, int64_t now_ms);

/*
 * One syncfs of DATA: commits begun with GL_COMMIT_LATER are durable now.  An
 * error: none of them is known to be, and gl_account_sync_failed() is due for
 * each.  The kernel tells each failure once; calling again proves nothing.
 */
int gl_accounts_sync(struct gl_accounts *pool);

/* 1 = ACCOUNT has no connection, and to give it one another must be closed
 * that was used within GL_ACCOUNT_PLACE_MS, by the clock of
 * gl_accounts_shorten_logs().  So long a place is kept for the next event:
 * shorter, and those with an event in ten seconds would take it from each
 * other. */
#define GL_ACCOUNT_PLACE_MS 60000
int gl_account_is_cold(const struct gl_account *account);
/* 1 = there are more accounts than connections: none is left but those of
 * busy ones. */
int gl_accounts_are_many(const struct gl_accounts *pool);
/* ACCOUNT is busy: it gets a connection, which is not among those that are
 * closed for another until it was not used for GL_ACCOUNT_BUSY_MS.  1, or 0:
 * GL_ACCOUNT_BUSY_EACH times open_max have one already, or its file cannot be
 * opened. */
#define GL_ACCOUNT_BUSY_MS 30000
#define GL_ACCOUNT_BUSY_EACH 2
int gl_account_keep(struct gl_account *account);
/* If ACCOUNT has no connection: the next one takes nobody's place, and
 * gl_account_rest() closes it. */
void gl_account_open_briefly(struct gl_account *account);
/* Nothing of ACCOUNT will come soon: its page cache is given back. */
void gl_account_rest(struct gl_account *account);

/* The log of a file that is being changed is kept short: at once what
 * gl_accounts_shorten_logs() does once a second. */
void gl_account_shorten_log(struct gl_account *account, int64_t now_ms);

/* ---- numbers for the status page ---- */

struct gl_accounts_stats {
    uint64_t known, open; /* handles, connections */
    uint64_t open_max;
    uint64_t wal_bytes_max; /* longest log of one file; alarm at 128 MiB */
    uint64_t page_bytes;    /* SQLite's memory, of all files: 144 MiB */
    uint64_t checkpoints, checkpoints_failed;
    uint64_t reopened; /* after a rollback */
};
void gl_accounts_stats(const struct gl_accounts *pool,
                       struct gl_accounts_stats *stats);

#endif
