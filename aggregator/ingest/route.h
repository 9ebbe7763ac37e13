/* Which account a site's events go to, and what workers are told of sites. */

#ifndef GL_INGEST_ROUTE_H
#define GL_INGEST_ROUTE_H

#include "ingest/ingest_internal.h"

/* A change that a full disk does not allow; %s = the folder. */
#define GL_INGEST_NO_ROOM                                                     \
    "there is no room on the disk of %s; try again when there is"

/*
 * R15: everything read so far is committed, TO has taken note of the cursors.
 * 0, or -1 with a sentence in WHY and *STATUS for the answer.
 */
int gl_ingest_reroute_(struct gl_ingest *in, struct gl_ingest_account *from,
                       struct gl_ingest_account *to, int *status, char *why,
                       size_t why_len);
/* Write the workers' file anew; in->sites_why says whether it worked. */
void gl_ingest_write_sites_(struct gl_ingest *in);
/* At once, or at in->sites_due_ms when it is long and was written just now. */
void gl_ingest_sites_changed_(struct gl_ingest *in);

#endif
