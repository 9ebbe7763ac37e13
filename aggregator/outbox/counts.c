/* What is in the outbox; see counts.h. */

#include "outbox/counts.h"

#include "outbox/journal.h"
#include "outbox/outbox.h"

void
gl_outbox_count(const char *outbox, const char *journals,
                struct gl_outbox_counts *counts)
{
    g_autoptr(GPtrArray) mails = gl_outbox_list(outbox);
    int at_work = gl_journal_is_locked(journals);

    *counts = (struct gl_outbox_counts){0};
    for (guint i = 0; mails != NULL && i < mails->len; i++) {
        struct gl_journal journal;

        if (gl_journal_read(journals, mails->pdata[i], &journal) != 0)
            continue;
        counts->waiting += journal.end == GL_JOURNAL_OPEN;
        counts->in_doubt += journal.trying && !at_work;
    }
}
