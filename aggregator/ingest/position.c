/*
 * How far each database has come in each segment.
 *
 *   segment.owner ──► entry (account A) ──► entry (account B) ──► meta.db ...
 *
 * Ingest thread.
 */

#include "ingest/position.h"

#include "ingest/parked.h"
#include "point.h"
#include "spool/spool.h"
#include "store/account.h"
#include "store/meta.h"

/* An account is in few segments; a segment may have ten thousand accounts. */
static struct gl_ingest_entry *
find(const struct gl_spool_segment *segment,
     const struct gl_ingest_account *account)
{
    struct gl_ingest_entry *entry;

    LIST_FOREACH(entry, &account->all, of_account)
    if (entry->segment == segment)
        return entry;
    return NULL;
}

void
gl_ingest_to_front_(struct gl_ingest_entry *entry)
{
    struct gl_ingest_account *account = entry->account;

    if (LIST_FIRST(&account->all) == entry)
        return;
    LIST_REMOVE(entry, of_account);
    LIST_INSERT_HEAD(&account->all, entry, of_account);
}

struct gl_ingest_entry *
gl_ingest_entry_(struct gl_spool_segment *segment,
                 struct gl_ingest_account *account)
{
    struct gl_ingest_entry *entry = find(segment, account);

    if (entry != NULL) {
        gl_ingest_to_front_(entry);
        return entry;
    }
    entry = g_new0(struct gl_ingest_entry, 1);
    entry->segment = segment;
    entry->account = account;
    entry->parked = gl_ingest_is_parked_(account, segment->header.id);
    entry->next = segment->owner;
    segment->owner = entry;
    LIST_INSERT_HEAD(&account->all, entry, of_account);
    return entry;
}

void
gl_ingest_free_entry_(struct gl_ingest_entry *entry)
{
    LIST_REMOVE(entry, of_account);
    g_free(entry);
}

void
gl_ingest_forget_entry_(struct gl_spool_segment *segment,
                        const struct gl_ingest_account *account)
{
    struct gl_ingest_entry *entry = find(segment, account);
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
static uint32_t
connection(const struct gl_ingest *in, const struct gl_ingest_entry *entry)
{
    return entry->account->store == NULL
               ? gl_meta_connection(in->meta)
               : gl_account_connection(entry->account->store);
}

int
gl_ingest_is_current_(struct gl_ingest *in,
                      const struct gl_ingest_entry *entry)
{
    return entry->known != 0 && entry->known == connection(in, entry);
}

void
gl_ingest_set_current_(struct gl_ingest *in, struct gl_ingest_entry *entry)
{
    entry->known = connection(in, entry);
}

int
gl_ingest_lags_(const struct gl_ingest_account *account)
{
    const struct gl_ingest_entry *entry;

    LIST_FOREACH(entry, &account->all, of_account)
    if (entry->upto < entry->seen)
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
        error = account->store == NULL ? gl_meta_forget(in->meta, id)
                                       : gl_account_forget(account->store, id);
        if (error < 0)
            return error;
        GL_POINT("rows_forgotten");
    }
    return 0;
}
