/* Segments: settled, released. */

#ifndef GL_INGEST_SETTLE_H
#define GL_INGEST_SETTLE_H

#include "ingest/state.h"

/* R13: what the segments tell, into meta.db's transaction, which begins for
 * their damage, too: it is committed before those of the accounts. */
void gl_ingest_note_segments_(struct gl_ingest *in);
/* R10: tell the spool what is settled; remove what is complete. */
void gl_ingest_settle_(struct gl_ingest *in);
/* R11, R12: once a second. */
void gl_ingest_sync_(struct gl_ingest *in);
/* Every file of the directory is one we read. */
int gl_ingest_all_read_(struct gl_ingest *in);
/*
 * 1 = a segment made at WALL_MS may come again after it is gone, so that its
 * rows stay: segments were read from another folder once, and what waited at
 * the start may be a copy (cp -a) of what still waits there.
 */
int gl_ingest_may_return_(const struct gl_ingest *in, int64_t wall_ms);
/* Ids of segments that an earlier life left in ACCOUNT's table. */
int gl_ingest_find_stale_(struct gl_ingest *in,
                          struct gl_ingest_account *account);
/* Once a second: where that could not be done, when it can. */
void gl_ingest_search_again_(struct gl_ingest *in);

#endif
