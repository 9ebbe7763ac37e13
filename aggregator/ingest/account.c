/*
 * Accounts as this thread knows them: found by id, made when first needed.
 *
 * Writer thread.
 */

#include "ingest/account.h"

#include "gl_assert.h"
#include "ingest/gather.h"
#include "ingest/parked.h"
#include "ingest/position.h"
#include "ingest/state.h"
#include "store/account/accounts.h"

#define TO(state) (1u << GL_ACCOUNT_##state)

/* What may follow what.  Who is asked by somebody else while it fails may fail
 * once more. */
static const unsigned follows[GL_ACCOUNT_STATES] = {
    [GL_ACCOUNT_WELL] = TO(FAILED) | TO(DAMAGED) | TO(HELD),
    [GL_ACCOUNT_FAILED] = TO(FAILED) | TO(DAMAGED) | TO(ASKED) | TO(HELD),
    [GL_ACCOUNT_DAMAGED] = TO(FAILED) | TO(DAMAGED) | TO(ASKED) | TO(HELD),
    [GL_ACCOUNT_ASKED] = TO(WELL) | TO(REPLAYING) | TO(FAILED) | TO(DAMAGED),
    [GL_ACCOUNT_REPLAYING] =
        TO(APPLYING) | TO(WELL) | TO(FAILED) | TO(DAMAGED) | TO(HELD),
    [GL_ACCOUNT_APPLYING] = TO(REPLAYING) | TO(FAILED) | TO(DAMAGED),
    [GL_ACCOUNT_HELD] = TO(FAILED) | TO(DAMAGED),
};

void
gl_ingest_set_state_(struct gl_ingest_account *account,
                     enum gl_account_state state)
{
    GL_ASSERT(follows[account->state] & 1u << state);
    account->state = state;
}

int
gl_ingest_works_(const struct gl_ingest_account *account)
{
    return account->state == GL_ACCOUNT_WELL ||
           account->state == GL_ACCOUNT_ASKED ||
           account->state == GL_ACCOUNT_APPLYING;
}

void
gl_ingest_account_init_(struct gl_ingest_account *account)
{
    account->entries = g_ptr_array_new();
    account->sites = g_ptr_array_new();
    account->dirty = g_array_new(FALSE, FALSE, sizeof(struct gl_ingest_day));
    account->parked_files =
        g_array_new(FALSE, FALSE, sizeof(struct gl_ingest_parked));
    gl_ingest_positions_account_(account);
    gl_ingest_gather_account_(account);
    account->refold_at_ms = INT64_MAX;
}

void
gl_ingest_of_meta_(struct gl_ingest *in)
{
    g_strlcpy(in->of_meta.id, "meta.db", sizeof in->of_meta.id);
    in->of_meta.file = gl_meta_file(in->meta);
}

struct gl_ingest_account *
gl_ingest_account_(struct gl_ingest *in, const char *id)
{
    struct gl_ingest_account *account = g_hash_table_lookup(in->accounts, id);

    if (account != NULL)
        return account;
    account = g_new0(struct gl_ingest_account, 1);
    account->store = gl_accounts_get(in->pool, id);
    if (account->store == NULL) {
        g_free(account);
        return NULL;
    }
    account->file = gl_account_file(account->store);
    g_strlcpy(account->id, id, sizeof account->id);
    gl_ingest_account_init_(account);
    g_hash_table_insert(in->accounts, account->id, account);
    return account;
}

void
gl_ingest_account_fini_(struct gl_ingest_account *account)
{
    g_ptr_array_free(account->entries, TRUE);
    g_ptr_array_free(account->sites, TRUE);
    g_array_free(account->dirty, TRUE);
    g_array_free(account->parked_files, TRUE);
    g_array_free(account->all, TRUE);
    g_array_free(account->gathered, TRUE);
}

void
gl_ingest_wait_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    GL_ASSERT(account != &in->of_meta);
    in->waiting += !account->waits;
    account->waits = 1;
}

void
gl_ingest_wait_no_more_(struct gl_ingest *in,
                        struct gl_ingest_account *account)
{
    in->waiting -= account->waits;
    account->waits = 0;
    GL_ASSERT(in->waiting >= 0);
}

void
gl_ingest_dirty_(struct gl_ingest *in, struct gl_ingest_account *account,
                 int64_t site, int64_t day)
{
    struct gl_ingest_day dirty = {site, day};

    in->fold->stop(in, account);
    g_array_append_val(account->dirty, dirty);
    if (account->refold_at_ms == INT64_MAX)
        gl_ingest_refold_at_(in, account, in->boot_ms);
}

void
gl_ingest_refold_at_(struct gl_ingest *in, struct gl_ingest_account *account,
                     int64_t at_ms)
{
    if (account->refold_at_ms == INT64_MAX)
        g_ptr_array_add(in->refolds, account);
    account->refold_at_ms = at_ms;
}

void
gl_ingest_note_night_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->night == GL_NIGHT_NONE)
        g_ptr_array_add(in->nights, account);
    account->night = GL_NIGHT_LINKED;
}

void
gl_ingest_note_log_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->night == GL_NIGHT_NONE)
        g_ptr_array_add(in->nights, account);
    account->night = MAX(account->night, GL_NIGHT_LOGGED);
}
