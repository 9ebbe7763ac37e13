/* A frame of an account that waits for a site's object is gathered, though
 * frames before it were left in the spool. */

#include "ingest/gather.h"

int __real_gl_ingest_gather_(struct gl_ingest *in,
                             struct gl_ingest_entry *entry,
                             const struct gl_spool_frame *frame);
int __wrap_gl_ingest_gather_(struct gl_ingest *in,
                             struct gl_ingest_entry *entry,
                             const struct gl_spool_frame *frame);

int
__wrap_gl_ingest_gather_(struct gl_ingest *in, struct gl_ingest_entry *entry,
                         const struct gl_spool_frame *frame)
{
    int waits = entry->account->waits;
    int gathered;

    entry->account->waits = 0;
    gathered = __real_gl_ingest_gather_(in, entry, frame);
    entry->account->waits = waits;
    return gathered;
}
