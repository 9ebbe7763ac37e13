/* Frames to accounts. */

#ifndef GL_INGEST_ROUND_H
#define GL_INGEST_ROUND_H

#include "ingest/state.h"

/* Read, apply and commit what there is.  1 = frames are left unread. */
int gl_ingest_round_(struct gl_ingest *in);
/* Apply and commit FRAMES, parked ones of ACCOUNT.  What of them belongs to
 * meta.db counts there by NOTE's id. */
void gl_ingest_take_parked_(struct gl_ingest *in,
                            struct gl_ingest_account *account,
                            const struct gl_spool_frame *frames, size_t n,
                            struct gl_spool_segment *note);
/* Apply FRAME as far as it is ACCOUNT's; the caller commits. */
void gl_ingest_take_gathered_(struct gl_ingest *in,
                              struct gl_ingest_account *account,
                              const struct gl_spool_frame *frame);

#endif
