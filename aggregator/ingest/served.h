/* Pages served, as workers tell of them, to their rows. */

#ifndef GL_INGEST_SERVED_H
#define GL_INGEST_SERVED_H

#include "ingest/state.h"

/* A page served, or what else its visitor asked for; inside SITE's account's
 * transaction: 0 or -enum gl_store_error. */
int gl_ingest_apply_served_(struct gl_ingest *in, struct gl_ingest_site *site,
                            const struct gl_event *event);

/* A script sent EVENT, of which there is a row: the same visitor is known
 * among those of pages served, where any are.  0 or an error. */
int gl_ingest_note_script_(struct gl_ingest_site *site,
                           const struct gl_event *event);

#endif
