/* One account's transaction. */

#ifndef GL_INGEST_BATCH_H
#define GL_INGEST_BATCH_H

#include "ingest/state.h"

/* A transaction is open: 0, or -1 and the account has failed. */
int gl_ingest_begin_(struct gl_ingest *in, struct gl_ingest_account *account);
/* The same of ACCOUNT, which works, and what follows an error is the caller's:
 * 0, or -enum gl_store_error. */
int gl_ingest_try_begin_(struct gl_ingest *in,
                         struct gl_ingest_account *account);
/* R9: after ERROR (-enum gl_store_error) anywhere in a transaction. */
void gl_ingest_fail_(struct gl_ingest *in, struct gl_ingest_account *account,
                     int error);
/* Give up what was begun, without anything being wrong (no frame in it). */
void gl_ingest_cancel_(struct gl_ingest *in,
                       struct gl_ingest_account *account);
/* Commit ACCOUNT, which has begun; if it did with GL_COMMIT_LATER, the next
 * gl_ingest_commit_all_() makes it durable and says so. */
void gl_ingest_commit_unsynced_(struct gl_ingest *in,
                                struct gl_ingest_account *account);
/* Commit every account that has begun, and one sync for many. */
void gl_ingest_commit_all_(struct gl_ingest *in);
/* Commit them all, and say whether ACCOUNT's commit happened: 0 or -1. */
int gl_ingest_commit_(struct gl_ingest *in, struct gl_ingest_account *account);

#endif
