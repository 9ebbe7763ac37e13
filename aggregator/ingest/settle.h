/* Segments: settled, released. */

#ifndef GL_INGEST_SETTLE_H
#define GL_INGEST_SETTLE_H

#include "ingest/state.h"

/* R13: what the segments tell, into meta.db's transaction, which begins for
 * their damage, too: it is committed before those of the accounts. */
void gl_ingest_note_segments_(struct gl_ingest *in);
/* R10: tell the spool what is settled; remove what is complete. */
void gl_ingest_settle_(struct gl_ingest *in);
/* Every file of the directory is one we read. */
int gl_ingest_all_read_(struct gl_ingest *in);

#endif
