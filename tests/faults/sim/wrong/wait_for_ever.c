/* R9 forgotten for what waits: an account whose frames are let go to be read
 * again still takes them for gathered. */

#include "ingest/gather.h"

#define ENTRIES_MAX 1024

void __real_gl_ingest_scatter_(struct gl_ingest *in,
                               struct gl_ingest_account *account);
void __wrap_gl_ingest_scatter_(struct gl_ingest *in,
                               struct gl_ingest_account *account);

void
__wrap_gl_ingest_scatter_(struct gl_ingest *in,
                          struct gl_ingest_account *account)
{
    uint32_t gathered[ENTRIES_MAX];
    struct gl_ingest_entry *entry;
    int n = 0;

    LIST_FOREACH(entry, &account->all, of_account)
    gathered[n++] = entry->gathered;
    __real_gl_ingest_scatter_(in, account);
    n = 0;
    LIST_FOREACH(entry, &account->all, of_account)
    entry->gathered = gathered[n++];
}
