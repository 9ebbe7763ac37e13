/*
 * How far each database has come in each segment.
 *
 *   segment.owner ──► entry (account A) ──► entry (account B) ──► meta.db ...
 *   account.all     [segment, entry] [segment, entry] ...   by address
 *
 * A segment may have ten thousand accounts, and in a backlog an account is in
 * a hundred segments.
 *
 * Ingest thread.
 */

#include "ingest/position.h"

#include "ingest/parked.h"
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

void
gl_ingest_free_entry_(struct gl_ingest_entry *entry)
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
    gl_ingest_free_entry_(entry);
    segment->owner = first;
}

void
gl_ingest_free_entries_(struct gl_spool_segment *segment)
{
    struct gl_ingest_entry *entry = segment->owner, *next;

    for (; entry != NULL; entry = next) {
        next = entry->next;
        gl_ingest_free_entry_(entry);
    }
    segment->owner = NULL;
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

int
gl_ingest_forget_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    for (guint at = 0; at < account->gone->len; at += GL_SEGMENT_ID_BYTES) {
        const uint8_t *id = account->gone->data + at;
        int error;

        if (gl_spool_has(in->spool, id))
            continue; /* it has come back: until it goes again */
        error = gl_file_forget(account->file, id);
        if (error < 0)
            return error;
        GL_POINT("rows_forgotten");
    }
    return 0;
}
