/* Ids over midnight, erased when the night is over. */

#ifndef GL_DAYS_NIGHT_H
#define GL_DAYS_NIGHT_H

#include "ingest/state.h"

/* ACCOUNT's next commit has visitors with two ids, or an earlier one had. */
void gl_ingest_note_night_(struct gl_ingest *in,
                           struct gl_ingest_account *account);
/* Of an earlier life, erased, perhaps not from the log. */
void gl_ingest_note_log_(struct gl_ingest *in,
                         struct gl_ingest_account *account);
/* Once a second: where the night is over, ids are linked no more. */
void gl_ingest_end_nights_(struct gl_ingest *in);
/* The same for one account with no dirty day, if it is time. */
void gl_ingest_end_night_(struct gl_ingest *in,
                          struct gl_ingest_account *account);

#endif
