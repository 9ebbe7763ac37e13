/*
 * Days that are over are sealed: their sets are written, packed, into the
 * account's file, for later questions.  Writer thread.
 */

#ifndef GL_SEAL_H
#define GL_SEAL_H

#include "columns/sealed.h"
#include "ingest/state.h"

/* Written in one turn of the loop: a commit syncs it, too. */
#ifndef GL_SEAL_SLICE_BYTES
#define GL_SEAL_SLICE_BYTES (1 << 20)
#endif
/* An account rests, of which a day was sealed: whose past changes all the time
 * shall not write all the time. */
#ifndef GL_SEAL_SEALED_MS
#define GL_SEAL_SEALED_MS 600000
#endif

struct gl_sealing;

/* SUMS are sealed with each day. */
struct gl_sealing *gl_sealing_new(const struct gl_seal_sums *sums);
/* What is under way is given up.  NULL is allowed. */
void gl_sealing_free(struct gl_sealing *sealing);

/* A step, when it is time: 1 = another need not wait. */
int gl_seal_due_(struct gl_ingest *in);
/* Nothing of ACCOUNT is read any more. */
void gl_seal_stop_(struct gl_ingest *in,
                   const struct gl_ingest_account *account);

#endif
