/* Whose a frame is. */

#ifndef GL_INGEST_BELONGS_H
#define GL_INGEST_BELONGS_H

#include "ingest/state.h"
#include "spool/frame.h"

/* 0 = nothing in FRAME is ACCOUNT's.  What cannot be decoded may be. */
int gl_ingest_belongs_(struct gl_ingest *in,
                       const struct gl_ingest_account *account,
                       const struct gl_frame *frame);

#endif
