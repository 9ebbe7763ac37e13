/* Data that came from the backup of a city (jobs/job_city.c). */

#ifndef GL_WRITER_RESTORED_H
#define GL_WRITER_RESTORED_H

#include "ingest/state.h"

/* Before the spool is read for the first time: what waited for glintod when
 * the backup was made takes the place of the segments in it, which are of
 * later and come from the log again.  0, or -1 with a sentence in WHY. */
int gl_writer_restored_(struct gl_ingest *in, char *why, size_t why_len);

#endif
