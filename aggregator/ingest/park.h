/* Frames of an account that fails, set aside. */

#ifndef GL_INGEST_PARK_H
#define GL_INGEST_PARK_H

#include "ingest/state.h"

/* Once a second: which accounts hold the spool. */
void gl_ingest_choose_parking_(struct gl_ingest *in);
/* A copy of one segment for one of them, so that rounds go on in between: 1 =
 * did something. */
int gl_ingest_park_(struct gl_ingest *in);
/* 1 = the segment ID is in ACCOUNT's parked folder. */
int gl_ingest_is_parked_(const struct gl_ingest_account *account,
                         const uint8_t *id);
/* There is such a file, or no more. */
void gl_ingest_add_parked_(struct gl_ingest_account *account,
                           const struct gl_ingest_parked *parked);
void gl_ingest_drop_parked_(struct gl_ingest_account *account, guint at);
/*
 * meta.db counts what it must of a parked segment (a frame that ended glintod)
 * under an id of its own: its row of the segment itself may be past the frame.
 */
void gl_ingest_note_id_(uint8_t note[GL_SEGMENT_ID_BYTES],
                        const struct gl_ingest_account *account,
                        const uint8_t *id);
/* 1 = ID is one of these, of a segment that is parked now. */
int gl_ingest_is_note_(struct gl_ingest *in, const uint8_t *id);

#endif
