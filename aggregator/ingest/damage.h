/* What was damaged in a segment, noted in meta.db. */

#ifndef GL_INGEST_DAMAGE_H
#define GL_INGEST_DAMAGE_H

#include "ingest/state.h"

/* SEGMENT has damage that meta.db does not know yet: its entry there. */
struct gl_ingest_entry *
gl_ingest_unnoted_damage_(struct gl_spool_segment *segment,
                          struct gl_ingest_account *of_meta);
/* Into meta.db's transaction, when the round's frames have been applied. */
void gl_ingest_write_damage_(struct gl_ingest *in);
/* That is committed. */
void gl_ingest_damage_noted_(struct gl_spool_segment *segment,
                             struct gl_ingest_account *of_meta);

#endif
