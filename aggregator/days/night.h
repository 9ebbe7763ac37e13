/* Ids over midnight, erased when the night is over. */

#ifndef GL_DAYS_NIGHT_H
#define GL_DAYS_NIGHT_H

#include "ingest/state.h"

/* Once a second: where the night is over, ids are linked no more. */
void gl_days_end_nights_(struct gl_ingest *in);
/* If it is time, those of ACCOUNT, which has no dirty day. */
void gl_days_end_night_(struct gl_ingest *in,
                        struct gl_ingest_account *account);

#endif
