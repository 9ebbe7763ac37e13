/*
 * Which segments are parked: in memory what lies in DATA/parked.
 *
 * Writer thread.
 */

#include "ingest/parked.h"

#include <string.h>

int
gl_ingest_is_parked_(const struct gl_ingest_account *account,
                     const uint8_t *id)
{
    for (guint i = 0; i < account->parked_files->len; i++)
        if (memcmp(g_array_index(account->parked_files,
                                 struct gl_ingest_parked, i)
                       .id,
                   id, GL_SEGMENT_ID_BYTES) == 0)
            return 1;
    return 0;
}

void
gl_ingest_add_parked_(struct gl_ingest_account *account,
                      const struct gl_ingest_parked *parked)
{
    guint at = account->parked_files->len;

    while (at > 0 && g_array_index(account->parked_files,
                                   struct gl_ingest_parked, at - 1)
                             .wall_ms > parked->wall_ms)
        at--;
    g_array_insert_val(account->parked_files, at, *parked);
    account->parked += parked->frames;
}

void
gl_ingest_drop_parked_(struct gl_ingest_account *account, guint at)
{
    account->parked -=
        g_array_index(account->parked_files, struct gl_ingest_parked, at)
            .frames;
    g_array_remove_index(account->parked_files, at);
}

void
gl_ingest_note_id_(uint8_t note[GL_SEGMENT_ID_BYTES],
                   const struct gl_ingest_account *account, const uint8_t *id)
{
    memcpy(note, id, GL_SEGMENT_ID_BYTES);
    for (int i = 0; i < GL_ACCOUNT_ID_LEN; i++)
        note[i] ^= (uint8_t) account->id[i];
}

int
gl_ingest_any_parked_(const struct gl_ingest *in,
                      const struct gl_ingest_account *account)
{
    GHashTableIter iter;
    gpointer other;

    if (account != &in->of_meta)
        return account->parked_files->len > 0;
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &other))
        if (gl_ingest_any_parked_(in, other))
            return 1;
    return 0;
}
