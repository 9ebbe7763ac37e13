/* Segments whose frames lie in DATA/parked. */

#ifndef GL_INGEST_PARKED_H
#define GL_INGEST_PARKED_H

#include "ingest/state.h"

/* A segment in DATA/parked/<account>. */
struct gl_ingest_parked {
    uint8_t id[GL_SEGMENT_ID_BYTES];
    int64_t wall_ms; /* of the segment's creation */
    uint32_t frames;
};

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
/* 1 = ACCOUNT has parked segments; for meta.db, which may have a note of them:
 * some account has. */
int gl_ingest_any_parked_(const struct gl_ingest *in,
                          const struct gl_ingest_account *account);

#endif
