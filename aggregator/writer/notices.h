/*
 * Notices (notices/notices.def): looked for, told once while they hold, and
 * kept in meta.db.
 *
 *   each hour, two minutes past   sites of which somebody wants notices: their
 *                                 pageviews by the hour, of a query thread
 *   each minute, or less often    accounts with a quota: what they have used;
 *                                 whether events count (ingest/account.h)
 *   each minute                   the disks of the data and of the spool
 *
 * A notice that begins to hold is a mail to each who wants it, and a file for
 * notify_command; then meta.db says that it was told.  Killed in between, the
 * next life writes what is missing.
 *
 * Writer thread.
 */

#ifndef GL_WRITER_NOTICES_H
#define GL_WRITER_NOTICES_H

#include "ingest/state.h"

struct gl_writer_notices;

/* Once a turn: 1 = did something. */
int gl_writer_notice_(struct gl_ingest *in);
/* When no query thread runs any more. */
void gl_writer_notices_free_(struct gl_writer_notices *notices);

#endif
