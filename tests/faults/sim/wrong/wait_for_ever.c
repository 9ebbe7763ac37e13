/* R9 forgotten for what waits: an account whose frames are let go to be read
 * again still takes them for gathered. */

#include "ingest/gather.h"

#define ENTRIES_MAX 1024

void __real_gl_ingest_scatter_(struct gl_ingest *in,
                               struct gl_ingest_account *account);
void __wrap_gl_ingest_scatter_(struct gl_ingest *in,
                               struct gl_ingest_account *account);

static struct gl_ingest_entry *
entry_at(const struct gl_ingest_account *account, guint at)
{
    return g_array_index(account->all, struct gl_ingest_place, at).entry;
}

void
__wrap_gl_ingest_scatter_(struct gl_ingest *in,
                          struct gl_ingest_account *account)
{
    uint32_t gathered[ENTRIES_MAX];

    for (guint i = 0; i < account->all->len; i++)
        gathered[i] = entry_at(account, i)->gathered;
    __real_gl_ingest_scatter_(in, account);
    for (guint i = 0; i < account->all->len; i++)
        entry_at(account, i)->gathered = gathered[i];
}
