/* One account's transaction. */

#ifndef GL_INGEST_BATCH_H
#define GL_INGEST_BATCH_H

#include "ingest/state.h"

struct gl_ingest_account *gl_ingest_account_(struct gl_ingest *in,
                                             const char *id);
void gl_ingest_accounts_init_(struct gl_ingest *in); /* meta.db's own */
void gl_ingest_account_fini_(struct gl_ingest_account *account);

/* The account was removed. */
void gl_ingest_forget_account_(struct gl_ingest *in, const char *id);

/* A transaction is open: 0, or -1 and the account has failed. */
int gl_ingest_begin_(struct gl_ingest *in, struct gl_ingest_account *account);
/* Commit every account that has begun, and one sync for many. */
void gl_ingest_commit_all_(struct gl_ingest *in);
/* R9: after ERROR (-enum gl_store_error) anywhere in a transaction. */
void gl_ingest_fail_(struct gl_ingest *in, struct gl_ingest_account *account,
                     int error);
/* Give up what was begun, without anything being wrong (no frame in it). */
void gl_ingest_cancel_(struct gl_ingest *in,
                       struct gl_ingest_account *account);
/* The same, and whether ACCOUNT's commit happened: 0 or -1. */
int gl_ingest_commit_(struct gl_ingest *in, struct gl_ingest_account *account);
/* Mark a day dirty with the account's next commit. */
void gl_ingest_dirty_(struct gl_ingest *in, struct gl_ingest_account *account,
                      int64_t site, int64_t day);

/* A frame of ACCOUNT met a site whose object is being made: it and all after
 * it stay in the spool, until it goes on (retry.c), or fails. */
void gl_ingest_wait_(struct gl_ingest *in, struct gl_ingest_account *account);
void gl_ingest_wait_no_more_(struct gl_ingest *in,
                             struct gl_ingest_account *account);

#endif
