/* What a frame says: an event of a site, or what was dropped. */

#ifndef GL_INGEST_SAID_H
#define GL_INGEST_SAID_H

#include "event.h"
#include "ingest/state.h"
#include "spool/spool.h"

/* What was dropped of SITE's, for ACCOUNT to count; of no site: SITE is NULL
 * and ACCOUNT meta.db. */
struct gl_ingest_drop {
    struct gl_ingest_account *account;
    struct gl_ingest_site *site;
    struct gl_count count;
};

struct gl_ingest_said {
    struct gl_ingest_site *site; /* EVENT's; NULL: there are DROPS, or none */
    struct gl_event event;
    int served; /* no event of a script: a page served, or of its visitor */
    struct gl_ingest_drop drops[GL_COUNTS_MAX];
    size_t drops_n;

    /* The frame is dropped itself, and counted as what a worker drops: it
     * ended the process (inflight.h), cannot be decoded, has no site here. */
    uint64_t *own; /* its counter; NULL = it is not */
    int aside;     /* a copy goes to bad/ */
};

/* FRAME, ONLY for that account; NULL = for all.  SAID lives as long as the
 * frame's bytes do.  A frame that ended the process is not even decoded; any
 * other is in flight from here on (gl_inflight_leave()). */
void gl_ingest_understand_(struct gl_ingest *in,
                           const struct gl_spool_frame *frame,
                           const struct gl_ingest_account *only,
                           struct gl_ingest_said *said);

#endif
