/* Visits that end by time. */

#ifndef GL_INGEST_CLOSING_H
#define GL_INGEST_CLOSING_H

#include "ingest/state.h"

/* Close visits of SITE that are over at NOW, in its transaction, for some
 * time; in->closings_left: not all. */
int gl_ingest_close_(struct gl_ingest *in, struct gl_ingest_site *site,
                     int64_t now_ms);
/* Once a second and while some are left, without a backlog: sites whose visits
 * end by time. */
void gl_ingest_close_due_(struct gl_ingest *in);

#endif
