/*
 * One transaction an account and round (R8), and what follows an error (R9).
 *
 * A transaction begins with the account's first frame that is new to it and
 * ends in gl_ingest_commit_all_(): visits that are over are closed, upto is
 * written, all is committed at once.  After an error nothing in memory is
 * believed: the connection is closed, objects of touched sites are dropped,
 * upto is read from the file, and the frames come again from the segments once
 * the account has waited (retry.c).
 *
 * A frame that its database refuses as data makes the account wait for no time
 * at all: its frames come again, each with a savepoint, until it has caught
 * up; only that one is counted as rejected (frame.c).
 *
 * A large round ends with one syncfs for most of its accounts, the next one
 * for all: how many there will be nobody knows before they come.  It does not
 * say whose pages failed, so each of them has failed then: what was committed
 * may be found in the file and yet be nowhere on the disk (store/db/wal.c).
 *
 * Writer thread.
 */

#include "ingest/batch.h"

#include "gl_assert.h"
#include "ingest/builds.h"
#include "ingest/expire.h"
#include "ingest/gather.h"
#include "ingest/position.h"
#include "ingest/sites.h"
#include "log.h"
#include "point.h"
#include "spool/spool.h"
#include "store/account/account.h"
#include "store/account/accounts.h"
#include "store/rows/tallies.h"

#include <stdlib.h>
#include <string.h>

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_LAST_MS 60000

static int
begin(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int of_meta = account == &in->of_meta;
    int later = !of_meta &&
                (in->large || in->slicing ||
                 in->begun->len >= (in->backlog ? GL_INGEST_FULL_BACKLOG
                                                : GL_INGEST_FULL_ACCOUNTS));
    int error =
        gl_file_begin(account->file, later ? GL_COMMIT_LATER : GL_COMMIT_FULL);

    in->round_accounts += !of_meta;
    if (error >= 0)
        account->transaction =
            later ? GL_ACCOUNT_BEGUN_LATER : GL_ACCOUNT_BEGUN;
    return error;
}

static int
commit(struct gl_ingest_account *account)
{
    int error;

    GL_POINT("before_commit");
    error = gl_file_commit(account->file);
    GL_POINT("after_commit");
    return error;
}

int
gl_ingest_try_begin_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int error;

    if (account->transaction != GL_ACCOUNT_IDLE)
        return 0;
    error = begin(in, account);
    if (error >= 0)
        g_ptr_array_add(in->begun, account);
    return error;
}

int
gl_ingest_begin_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int error;

    if (!gl_ingest_works_(account))
        return -1;
    error = gl_ingest_try_begin_(in, account);
    if (error < 0)
        gl_ingest_fail_(in, account, error);
    return error < 0 ? -1 : 0;
}

/* Nothing of the transaction stays in memory. */
static void
forget_transaction(struct gl_ingest *in, struct gl_ingest_account *account)
{
    for (guint i = 0; i < account->entries->len; i++)
        ((struct gl_ingest_entry *) account->entries->pdata[i])->pending = 0;
    g_ptr_array_set_size(account->entries, 0);
    while (account->sites->len > 0)
        gl_ingest_drop_(in, account->sites->pdata[0]);
    account->transaction = GL_ACCOUNT_IDLE;
}

void
gl_ingest_cancel_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    gl_file_close(account->file);
    forget_transaction(in, account);
    g_ptr_array_remove_fast(in->begun, account);
}

static void
note_failure(struct gl_ingest *in, struct gl_ingest_account *account,
             int error)
{
    int64_t wait_ms = BACKOFF_FIRST_MS << MIN(account->failures, 6);
    int damaged;

    in->counters.failures++;
    gl_ingest_scatter_(in, account);
    if (account->failing_ms == 0) {
        account->failing_ms = in->now_ms;
        account->failing_since_ms = in->boot_ms;
    }
    /* SQLite calls a file malformed after a passing error of the system, too:
     * it is when the next try, on a new handle, finds the same. */
    damaged = error == -GL_STORE_CORRUPT && account->error == GL_STORE_CORRUPT;
    account->error = -error;
    if (damaged)
        account->stamp = gl_file_stamp(account->file);
    gl_ingest_set_state_(account,
                         damaged ? GL_ACCOUNT_DAMAGED : GL_ACCOUNT_FAILED);
    account->failures++;
    account->retry_at_ms = in->boot_ms + MIN(wait_ms, BACKOFF_LAST_MS);
}

void
gl_ingest_fail_(struct gl_ingest *in, struct gl_ingest_account *account,
                int error)
{
    int refused = error == -GL_STORE_DATA && account != &in->of_meta &&
                  !account->careful;

    GL_ASSERT(error < 0);
    gl_log(GL_LOG_ERROR, "account %s: %s", account->id,
           gl_file_why(account->file));
    gl_file_close(account->file);
    forget_transaction(in, account);
    g_ptr_array_remove_fast(in->begun, account);
    in->fold->stop(in, account);
    account->careful = refused;
    if (refused) { /* the storage works */
        gl_ingest_scatter_(in, account);
        gl_ingest_wait_(in, account);
        return;
    }
    gl_ingest_wait_no_more_(in, account);
    gl_ingest_build_cancel_all_(in, account);
    note_failure(in, account, error);
}

static int
write_dirty(struct gl_ingest_account *account)
{
    for (guint i = 0; i < account->dirty->len; i++) {
        const struct gl_ingest_day *day =
            &g_array_index(account->dirty, struct gl_ingest_day, i);
        int error = gl_account_add_dirty(account->store, day->site, day->day);

        if (error < 0)
            return error;
    }
    return 0;
}

static int
write_upto(const struct gl_ingest_entry *entry)
{
    GL_ASSERT(entry->pending > 0 || entry->upto == 0);
    return gl_file_set_upto(entry->account->file, entry->segment->header.id,
                            entry->pending, entry->segment->header.wall_ms);
}

/* All that a transaction ends with.  While a backlog is read the time is that
 * of the events, so that no visit ends before its events have come. */
static int
finish(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int error = write_dirty(account);

    GL_ASSERT(account->transaction != GL_ACCOUNT_IDLE &&
              gl_ingest_works_(account));
    for (guint i = 0; i < account->sites->len && error >= 0; i++) {
        struct gl_ingest_site *site = account->sites->pdata[i];

        if (site->newest_ms != INT64_MIN)
            error =
                gl_ingest_close_(in, site, MIN(site->newest_ms, in->now_ms));
    }
    for (guint i = 0; i < account->entries->len && error >= 0; i++)
        error = write_upto(account->entries->pdata[i]);
    if (error >= 0)
        error = gl_ingest_sweep_(in, account);
    return error >= 0 ? commit(account) : error;
}

static void
committed(struct gl_ingest *in, struct gl_ingest_account *account)
{
    GL_ASSERT(account->transaction != GL_ACCOUNT_IDLE);
    for (guint i = 0; i < account->entries->len; i++) {
        struct gl_ingest_entry *entry = account->entries->pdata[i];

        entry->upto = entry->pending;
        entry->asked = 1; /* what it tells from now on is of this life */
        gl_ingest_set_current_(entry);
        entry->pending = 0;
    }
    g_ptr_array_set_size(account->entries, 0);
    for (guint i = 0; i < account->sites->len; i++) {
        struct gl_ingest_site *site = account->sites->pdata[i];

        site->touched = 0;
        site->changed = 1;
        gl_ingest_weigh_(in, site);
    }
    g_ptr_array_set_size(account->sites, 0);
    g_array_set_size(account->dirty, 0);
    account->transaction = GL_ACCOUNT_IDLE;
    account->careful = account->careful && gl_ingest_lags_(account);
    account->commits++;
    account->failures = 0;
    account->error = 0;
    account->failing_ms = 0;
}

/* One sync for many; when it fails nobody is believed to have committed. */
static void
sync_late(struct gl_ingest *in)
{
    int error = gl_accounts_sync(in->pool);

    GL_POINT("large_round_synced");
    for (guint i = 0; i < in->late->len; i++) {
        struct gl_ingest_account *account = in->late->pdata[i];

        if (error >= 0) {
            committed(in, account);
            continue;
        }
        gl_account_sync_failed(account->store);
        gl_ingest_fail_(in, account, error);
    }
    g_ptr_array_set_size(in->late, 0);
}

void
gl_ingest_commit_unsynced_(struct gl_ingest *in,
                           struct gl_ingest_account *account)
{
    int error = finish(in, account);

    if (error < 0) {
        gl_ingest_fail_(in, account, error);
        return;
    }
    g_ptr_array_remove_fast(in->begun, account);
    if (account->transaction == GL_ACCOUNT_BEGUN_LATER)
        g_ptr_array_add(in->late, account);
    else
        committed(in, account);
}

static void
measure(struct gl_ingest *in, int64_t began_us)
{
    struct gl_ingest_counters *counters = &in->counters;

    GL_ASSERT(counters->rows >= in->committed_rows);
    gl_histogram_add(&counters->commit_us, gl_histogram_us,
                     g_get_monotonic_time() - began_us);
    gl_histogram_add(&counters->commit_rows, gl_histogram_rows,
                     (int64_t) (counters->rows - in->committed_rows));
    in->committed_rows = counters->rows;
}

void
gl_ingest_commit_all_(struct gl_ingest *in)
{
    int64_t began_us = g_get_monotonic_time();

    if (in->begun->len == 0 && in->late->len == 0)
        return;
    while (in->begun->len > 0)
        gl_ingest_commit_unsynced_(in, in->begun->pdata[0]);
    if (in->late->len > 0)
        sync_late(in);
    measure(in, began_us);
}

int
gl_ingest_commit_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    uint32_t before = account->commits;

    GL_ASSERT(in->late->len == 0);
    gl_ingest_commit_all_(in);
    return account->commits != before ? 0 : -1;
}
