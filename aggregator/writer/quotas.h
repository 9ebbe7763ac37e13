/*
 * What accounts with a quota have used: looked at each minute, or so seldom
 * that it takes a hundredth of the time.  Near 80 % and at 100 % it is told;
 * at 100 % events are drops from then on (ingest/account.h).
 *
 * Writer thread.
 */

#ifndef GL_WRITER_QUOTAS_H
#define GL_WRITER_QUOTAS_H

#include "ingest/state.h"

struct gl_writer_quotas;

struct gl_writer_quotas *gl_writer_quotas_new_(void);
/* When no query thread runs any more. */
void gl_writer_quotas_free_(struct gl_writer_quotas *quotas);
/* Once a turn: 1 = did something. */
int gl_writer_quotas_look_(struct gl_ingest *in,
                           struct gl_writer_quotas *quotas);
/* At a start: whose are used up, as of the last look. */
void gl_writer_quotas_read_(struct gl_ingest *in);

#endif
