/*
 * How far each database has come in each segment.
 *
 *   segment.owner ──► entry (account A) ──► entry (account B) ──► meta.db ...
 *   account.all     [segment, entry] [segment, entry] ...   by address
 *
 * A segment may have ten thousand accounts, and in a backlog an account is in
 * a hundred segments.
 *
 * A row stays as long as its segment may be read again (R11):
 *
 *   there, or perhaps after a power cut      the directory, as last synced
 *   parked                                   all rows of the account
 *   in a backup that is being made           all rows
 *   in a copy of the spool's folder          what was made before this life,
 *                                            and so waited at its start: for
 *                                            a year
 *
 * The year is of the clock that made the segment; a clock that is wrong can
 * shorten it, and nothing else.
 *
 * Writer thread.
 */

#include "ingest/position.h"

#include "gl_assert.h"
#include "ingest/parked.h"
#include "jobs/job.h"
#include "point.h"
#include "spool/spool.h"

static const struct gl_ingest_place *
place(const struct gl_ingest_account *account, guint at)
{
    return &g_array_index(account->all, struct gl_ingest_place, at);
}

/* Where SEGMENT stands in ACCOUNT's array, or should. */
static guint
place_of(const struct gl_spool_segment *segment,
         const struct gl_ingest_account *account)
{
    guint low = 0, high = account->all->len;

    while (low < high) {
        guint middle = (low + high) / 2;

        if ((uintptr_t) place(account, middle)->segment < (uintptr_t) segment)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct gl_ingest_entry *
entry_at(const struct gl_ingest_account *account, guint at,
         const struct gl_spool_segment *segment)
{
    return at < account->all->len && place(account, at)->segment == segment
               ? place(account, at)->entry
               : NULL;
}

void
gl_ingest_positions_account_(struct gl_ingest_account *account)
{
    account->all = g_array_new(FALSE, FALSE, sizeof(struct gl_ingest_place));
}

struct gl_ingest_entry *
gl_ingest_entry_(struct gl_spool_segment *segment,
                 struct gl_ingest_account *account)
{
    guint at = place_of(segment, account);
    struct gl_ingest_entry *entry = entry_at(account, at, segment);
    struct gl_ingest_place place = {segment, NULL};

    if (entry != NULL)
        return entry;
    entry = g_new0(struct gl_ingest_entry, 1);
    entry->segment = segment;
    entry->account = account;
    entry->parked = gl_ingest_is_parked_(account, segment->header.id);
    entry->next = segment->owner;
    segment->owner = entry;
    place.entry = entry;
    g_array_insert_val(account->all, at, place);
    return entry;
}

static void
free_entry(struct gl_ingest_entry *entry)
{
    struct gl_ingest_account *account = entry->account;

    g_array_remove_index(account->all, place_of(entry->segment, account));
    if (account->all->len == 0) { /* its memory as well */
        g_array_free(account->all, TRUE);
        gl_ingest_positions_account_(account);
    }
    g_free(entry);
}

void
gl_ingest_forget_entry_(struct gl_spool_segment *segment,
                        const struct gl_ingest_account *account)
{
    struct gl_ingest_entry *entry =
        entry_at(account, place_of(segment, account), segment);
    struct gl_ingest_entry *first = segment->owner, **link = &first;

    if (entry == NULL)
        return;
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    free_entry(entry);
    segment->owner = first;
}

void
gl_ingest_free_entries_(struct gl_ingest_entry *entry)
{
    struct gl_ingest_entry *next;

    for (; entry != NULL; entry = next) {
        next = entry->next;
        free_entry(entry);
    }
}

/* R9: what was told by a connection that is closed is not believed. */
int
gl_ingest_is_current_(const struct gl_ingest_entry *entry)
{
    return entry->known != 0 &&
           entry->known == gl_file_connection(entry->account->file);
}

void
gl_ingest_set_current_(struct gl_ingest_entry *entry)
{
    entry->known = gl_file_connection(entry->account->file);
}

int
gl_ingest_lags_(const struct gl_ingest_account *account)
{
    for (guint i = 0; i < account->all->len; i++)
        if (place(account, i)->entry->upto < place(account, i)->entry->seen)
            return 1;
    return account->gathered->len > 0 || account->parked_files->len > 0;
}

/* ---- R11 ---- */

static int
is_gone(void *spool, const uint8_t seg[GL_SEGMENT_ID_BYTES])
{
    return !gl_spool_may_return(spool, seg);
}

int
gl_ingest_sweep_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct gl_sweep sweep = {in->began_ms, in->now_ms - GL_INGEST_KEEP_MS,
                             is_gone, in->spool};
    int n;

    GL_ASSERT(account->transaction != GL_ACCOUNT_IDLE);
    if (account->swept == gl_spool_syncs(in->spool) ||
        gl_ingest_any_parked_(in, account) ||
        gl_job_running(gl_jobs_last(in->jobs)))
        return 0;
    n = gl_file_sweep(account->file, &sweep);
    if (n > 0)
        GL_POINT("rows_forgotten");
    if (n >= 0)
        account->swept = gl_spool_syncs(in->spool);
    return n;
}
