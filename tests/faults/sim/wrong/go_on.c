/* A frame is applied though its account waits for a site's object: frames
 * before it were left in the spool.  Between the question whether to gather
 * it and the beginning of its transaction nobody knows of the waiting. */

#include "ingest/batch.h"
#include "ingest/gather.h"

static struct gl_ingest_account *hidden;

int __real_gl_ingest_gathers_(const struct gl_ingest *in,
                              const struct gl_ingest_entry *entry);
int __wrap_gl_ingest_gathers_(const struct gl_ingest *in,
                              const struct gl_ingest_entry *entry);
int __real_gl_ingest_try_begin_(struct gl_ingest *in,
                                struct gl_ingest_account *account);
int __wrap_gl_ingest_try_begin_(struct gl_ingest *in,
                                struct gl_ingest_account *account);

static void
show(void)
{
    if (hidden != NULL)
        hidden->waits = 1;
    hidden = NULL;
}

int
__wrap_gl_ingest_gathers_(const struct gl_ingest *in,
                          const struct gl_ingest_entry *entry)
{
    int gathered;

    show();
    gathered = __real_gl_ingest_gathers_(in, entry);
    if (!gathered && entry->account->waits && entry->seen > entry->upto) {
        hidden = entry->account;
        hidden->waits = 0;
    }
    return gathered;
}

int
__wrap_gl_ingest_try_begin_(struct gl_ingest *in,
                            struct gl_ingest_account *account)
{
    show();
    return __real_gl_ingest_try_begin_(in, account);
}
