/* Visits of a site that are over. */

#ifndef GL_INGEST_EXPIRE_H
#define GL_INGEST_EXPIRE_H

#include "ingest/state.h"

/* Close visits of SITE that are over at NOW, in its transaction, for some
 * time; in->closings_left: not all. */
int gl_ingest_close_(struct gl_ingest *in, struct gl_ingest_site *site,
                     int64_t now_ms);

#endif
