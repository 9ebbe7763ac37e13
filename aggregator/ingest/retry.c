/*
 * Accounts that come back: when one's time to try again has come its file is
 * asked; if it answers, what is parked is applied first (replay.c), and then
 * what waits in the spool.
 *
 *   FAILED ── asked in vain ──► FAILED, longer
 *     └─ answers ──► its segments are read again ──► a commit: well
 *
 * A file that was damaged is asked only after somebody changed it, or at the
 * next start: nothing is written to it meanwhile.
 *
 * An account that waits for a site's object (building.c), or whose frame was
 * refused (batch.c), is well: its frames come again as soon as a turn finds
 * nothing to wait for.
 *
 * Writer thread.
 */

#include "ingest/retry.h"

#include "ingest/batch.h"
#include "ingest/position.h"
#include "ingest/space.h"
#include "spool/spool.h"
#include "store/account/account.h"

void
gl_ingest_deliver_again_(struct gl_ingest *in,
                         struct gl_ingest_account *account)
{
    for (guint i = 0; i < account->all->len; i++) {
        const struct gl_ingest_entry *entry =
            g_array_index(account->all, struct gl_ingest_place, i).entry;

        if (entry->parked ||
            (entry->upto >= entry->seen && gl_ingest_is_current_(entry)))
            continue;
        gl_spool_rewind(in->spool, entry->segment);
        in->backlog = 1;
    }
}

void
gl_ingest_resume_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    gl_ingest_wait_no_more_(in, account);
    in->replaying |= account->state == GL_ACCOUNT_REPLAYING;
    if (gl_ingest_works_(account))
        gl_ingest_deliver_again_(in, account);
}

/* The file can be opened and locked.  Whether it can be written shows with
 * the first frame. */
static int
answers(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (gl_ingest_begin_(in, account) != 0)
        return 0;
    gl_ingest_cancel_(in, account);
    return 1;
}

static int
wants_space(const struct gl_ingest_account *account)
{
    return account->state == GL_ACCOUNT_FAILED &&
           account->error == GL_STORE_ENVIRONMENT;
}

static int
is_time(const struct gl_ingest *in, const struct gl_ingest_account *account,
        int space_back)
{
    if (account->state == GL_ACCOUNT_DAMAGED)
        return gl_file_stamp(account->file) != account->stamp;
    return account->state == GL_ACCOUNT_FAILED &&
           (account->retry_at_ms <= in->boot_ms ||
            (space_back && wants_space(account)));
}

static void
retry_one(struct gl_ingest *in, struct gl_ingest_account *account,
          int space_back)
{
    if (!is_time(in, account, space_back))
        return;
    gl_ingest_set_state_(account, GL_ACCOUNT_ASKED);
    if (!answers(in, account))
        return;
    if (account->parked_files->len > 0) {
        gl_ingest_set_state_(account, GL_ACCOUNT_REPLAYING);
        in->replaying = 1;
    } else {
        gl_ingest_set_state_(account, GL_ACCOUNT_WELL);
        gl_ingest_deliver_again_(in, account);
    }
}

static int
is_unproved(const struct gl_ingest_account *account)
{
    return gl_ingest_works_(account) && account->error != 0;
}

/* It failed and nothing is left to do: it is well if it can commit. */
static void
prove(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (is_unproved(account) && !gl_ingest_lags_(account) &&
        gl_ingest_begin_(in, account) == 0)
        gl_ingest_commit_all_(in);
}

static void
prove_all(struct gl_ingest *in)
{
    int any = is_unproved(&in->of_meta);
    GHashTableIter iter;
    gpointer account;

    g_hash_table_iter_init(&iter, in->accounts);
    while (!any && g_hash_table_iter_next(&iter, NULL, &account))
        any = is_unproved(account);
    if (!any)
        return;
    prove(in, &in->of_meta);
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &account))
        prove(in, account);
}

void
gl_ingest_retry_(struct gl_ingest *in)
{
    int wanted = wants_space(&in->of_meta), back;
    GHashTableIter iter;
    gpointer value;

    prove_all(in);
    g_hash_table_iter_init(&iter, in->accounts);
    while (!wanted && g_hash_table_iter_next(&iter, NULL, &value))
        wanted = wants_space(value);
    back = gl_ingest_space_back_(in, wanted);
    retry_one(in, &in->of_meta, back);
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        retry_one(in, value, back);
}
