/* Accounts that failed, again. */

#ifndef GL_INGEST_RETRY_H
#define GL_INGEST_RETRY_H

#include "ingest/state.h"

/* Once a second: accounts whose time to try again has come, or space. */
void gl_ingest_retry_(struct gl_ingest *in);
/* Frames of ACCOUNT come again; those it has are skipped by index. */
void gl_ingest_deliver_again_(struct gl_ingest *in,
                              struct gl_ingest_account *account);
/* ACCOUNT waits no more, and its frames come again. */
void gl_ingest_resume_(struct gl_ingest *in,
                       struct gl_ingest_account *account);

#endif
