/* Late visitors and dirty days: when they are folded again. */

#ifndef GL_DAYS_DIRTY_H
#define GL_DAYS_DIRTY_H

#include "ingest/state.h"

/* A step of folding again, when it is time: 1 = another need not wait. */
int gl_days_refold_due_(struct gl_ingest *in);
/* Give up what is under way for ACCOUNT (NULL = any), to begin again. */
void gl_days_refold_stop_(struct gl_ingest *in,
                          const struct gl_ingest_account *account);
/* What the rooms below tell it. */
extern const struct gl_ingest_fold gl_days_fold;
/* A step of the dirty days of SITE now, once a turn: 1 = they are not folded
 * yet, 0 = there are none, or -enum gl_store_error. */
int gl_days_refold_(struct gl_ingest *in, struct gl_ingest_site *site);

#endif
