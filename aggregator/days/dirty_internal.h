/* The refold under way, between dirty.c, what is folded and when, and
 * dirty_write.c, what is written of it. */

#ifndef GL_DAYS_DIRTY_INTERNAL_H
#define GL_DAYS_DIRTY_INTERNAL_H

#include "days/dirty.h"
#include "days/refold_job.h"

#define GL_REFOLD_AGAIN_MS 60000 /* after a failure */

enum gl_refold_step { GL_REFOLD_WAITS, GL_REFOLD_BUSY, GL_REFOLD_DONE };

struct gl_ingest_refolding {
    struct gl_ingest_account *account;
    struct gl_refold_job job;
    GArray *late;          /* uint64_t, sorted: its visitors; of one day */
    GHashTable *disturbed; /* visitors, as int64_t */
    int renamed;           /* the object counts some under two ids */
    guint left;            /* of them were not written */
    guint cleared;         /* marks of late visitors so far */
    int64_t began_us;      /* g_get_monotonic_time(): sleep is no work */
};

/* It ends here, whatever is written of it. */
void gl_days_free_refolding_(struct gl_ingest *in);
/* One step of it: enum gl_refold_step, or an error and it is over. */
int gl_days_refold_go_on_(struct gl_ingest *in);

#endif
