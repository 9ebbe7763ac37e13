/* Mails into the outbox, and what became of them back.  Writer thread. */

#ifndef GL_WRITER_LETTERS_H
#define GL_WRITER_LETTERS_H

#include <jansson.h>

#include "ingest/state.h"
#include "store/meta/mails.h"

/* "2026-W47" of the week from MONDAY on; the caller's. */
char *gl_letters_week(int64_t monday);

/* RECIPIENT's mail about the week before RECIPIENT's Monday, which TOLD (verb
 * summary.mail) is about; what fails is done again in a minute. */
void gl_letters_summary_(struct gl_ingest *in,
                         const struct gl_meta_recipient *recipient,
                         const json_t *told);

/* A notice that TOLD (notices/notices.h) is about, to RECIPIENT, NULL = to
 * notify_command; of SITE, 0 = of none; KEY is its own among those of its
 * kind.  0, or -1: it is to be done again. */
int gl_letters_notice_(struct gl_ingest *in,
                       const struct gl_meta_recipient *recipient, int64_t site,
                       const char *key, const json_t *told);

/* What the journal says of mails that have ended: how many are on their way
 * still, -1 = meta.db fails. */
int gl_letters_settle_(struct gl_ingest *in);

#endif
