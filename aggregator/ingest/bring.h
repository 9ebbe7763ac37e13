/* Frames that waited for an account, applied. */

#ifndef GL_INGEST_BRING_H
#define GL_INGEST_BRING_H

#include "ingest/state.h"

/* Apply what waits of ACCOUNT, commit. */
void gl_ingest_bring_(struct gl_ingest *in, struct gl_ingest_account *account);
/* Do so for somebody who will ask again: for a while nothing waits. */
void gl_ingest_ask_(struct gl_ingest *in, struct gl_ingest_account *account);
/* Between rounds: a part of what has waited long enough.  1 = did
 * something. */
int gl_ingest_apply_gathered_(struct gl_ingest *in);

#endif
