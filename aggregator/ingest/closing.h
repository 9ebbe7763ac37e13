/* Visits that end by time. */

#ifndef GL_INGEST_CLOSING_H
#define GL_INGEST_CLOSING_H

#include "ingest/state.h"

/* Once a second and while some are left, without a backlog: sites whose visits
 * end by time. */
void gl_ingest_close_due_(struct gl_ingest *in);

#endif
