/* R11 forgotten: the rows of a segment go before its directory is synced. */

#include "ingest/settle.h"

void __real_gl_ingest_settle_(struct gl_ingest *in);
void __wrap_gl_ingest_settle_(struct gl_ingest *in);

static void
forget(struct gl_ingest_account *account)
{
    g_byte_array_append(account->gone, account->dropped->data,
                        account->dropped->len);
    g_byte_array_set_size(account->dropped, 0);
}

void
__wrap_gl_ingest_settle_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer account;

    __real_gl_ingest_settle_(in);
    forget(&in->of_meta);
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &account))
        forget(account);
}
