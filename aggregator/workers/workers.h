/* What workers read is written when it is time. */

#ifndef GL_WORKERS_H
#define GL_WORKERS_H

#include "ingest/state.h"

/* Today's salt, and the next; once in GL_SALT_TICK_MS. */
void gl_workers_make_salt_(struct gl_ingest *in);
/* Write the workers' file anew; in->sites_why says whether it worked. */
void gl_workers_write_sites_(struct gl_ingest *in);
/* At once, or at in->sites_due_ms when it is long and was written just now. */
void gl_workers_sites_changed_(struct gl_ingest *in);

#endif
