/* A frame of an account that waits for a site's object is gathered, though
 * frames before it were left in the spool. */

#include "ingest/gather.h"

int __real_gl_ingest_gathers_(const struct gl_ingest *in,
                              const struct gl_ingest_entry *entry);
int __wrap_gl_ingest_gathers_(const struct gl_ingest *in,
                              const struct gl_ingest_entry *entry);

int
__wrap_gl_ingest_gathers_(const struct gl_ingest *in,
                          const struct gl_ingest_entry *entry)
{
    int waits = entry->account->waits;
    int gathered;

    entry->account->waits = 0;
    gathered = __real_gl_ingest_gathers_(in, entry);
    entry->account->waits = waits;
    return gathered;
}
