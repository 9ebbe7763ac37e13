/*
 * The week in words, by mail: on Mondays at 06:00 of a site's zone each
 * recipient's is written into the outbox (outbox/), once.
 *
 *   due ─► asked of a query thread (verb summary.mail), a site and language
 *      once ─► meta.db: "meant", with the hash of its link ─► the file, unless
 *      it is there ─► meta.db: "made", and the next Monday
 *
 * Killed anywhere, the next life does what is left: a mail that is not "made"
 * is written, unless its file is there.  What the journal says of a mail that
 * has ended comes into meta.db, then its file goes.
 *
 * Writer thread.
 */

#ifndef GL_WRITER_MAILS_H
#define GL_WRITER_MAILS_H

#include "ingest/state.h"

struct gl_writer_mails;

/* Once a turn: 1 = did something. */
int gl_writer_mail_(struct gl_ingest *in);
/* When no query thread runs any more. */
void gl_writer_mails_free_(struct gl_writer_mails *mails);

#endif
