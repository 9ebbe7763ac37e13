/* Which account a site's events go to. */

#ifndef GL_INGEST_ROUTE_H
#define GL_INGEST_ROUTE_H

#include "ingest/state.h"

/* A change that a full disk does not allow; %s = the folder. */
#define GL_INGEST_NO_ROOM                                                     \
    "there is no room on the disk of %s; try again when there is"

/* A status: it can be done later, as it is asked for.  Who asks hears 409; a
 * change of all machines waits (calls/answer.h). */
#define GL_INGEST_NOT_NOW (-2)

/*
 * R15: everything read so far is committed, TO has taken note of the cursors.
 * 0, or -1 with a sentence in WHY and *STATUS for the answer.
 */
int gl_ingest_reroute_(struct gl_ingest *in, struct gl_ingest_account *from,
                       struct gl_ingest_account *to, int *status, char *why,
                       size_t why_len);

#endif
