/*
 * Which days are sealed, and when.
 *
 *   accounts ──► one of which a day that is over has changed
 *                  │ a thread reads and packs its next days (seal_job.c)
 *                  ▼
 *   old pieces deleted ──► pieces written ──► the head ──► the next days
 *                  ▲                             │
 *                  └──────── the next one ◄──────┘
 *
 * Of that as much is one commit as SLICE_US and GL_SEAL_SLICE_BYTES let: a
 * part of a large day, or all days that were read.  The head of a day comes
 * last, and says which rows the set was made from.  So nothing has to be
 * undone: whatever cuts this short, or changes the day meanwhile, leaves
 * pieces that nobody believes, and the day is sealed again.
 */

#include "columns/seal.h"

#include "columns/seal_job.h"
#include "count/count.h"
#include "ingest/batch.h"
#include "log.h"
#include "point.h"

#include <string.h>
#include <sys/statvfs.h>

/* After a day's end: who was late for some reason is there by then. */
#define OVER_MS (2 * 3600 * 1000)
#define SCAN_MS 2000     /* looking for accounts */
#define READING_MS 20    /* whether the thread has ended */
#define SLICE_US 20000   /* writing in one turn of the loop */
#define UNSEAL_PIECES 16 /* deleted at a time */
#define REST_MS 5000     /* of an account with nothing to seal */
#define AGAIN_MS 60000   /* after a failure */
/* On the disk of DATA: nothing is sealed while there is less.  A day is some
 * MiB, a log that is written meanwhile 64 more. */
#define ROOM_BYTES (UINT64_C(256) << 20)

struct gl_sealing {
    struct gl_seal_sums sums;
    GQueue accounts; /* ids, owned: to be looked at */
    int64_t scan_ms; /* boot: when accounts are looked for again */

    char *account; /* id, owned: which is; NULL = none */
    struct gl_seal_job job;
    int sealed;  /* some day of it was */
    int written; /* days of the job, of which the next is under way */
    int cleared; /* nothing old is left of that */
    int part;    /* how far it is written: the next piece */
    size_t at;
    int piece, pieces;
    size_t bytes; /* of this turn */
};

/* ---- which account ---- */

static int64_t
before_day(const struct gl_ingest *in)
{
    return gl_day_of(in->now_ms - OVER_MS);
}

/* What it has in a transaction is not there to be read, and would be forgotten
 * by gl_account_looked(). */
static int
is_due(const struct gl_ingest *in, const struct gl_ingest_account *account)
{
    return gl_ingest_works_(account) &&
           account->transaction == GL_ACCOUNT_IDLE &&
           account->seal_at_ms <= in->boot_ms &&
           gl_account_changed_day(account->store) < before_day(in);
}

/* Events need it more. */
static int
has_room(const struct gl_ingest *in)
{
    struct statvfs fs;

    return statvfs(in->conf->data, &fs) == 0 &&
           (uint64_t) fs.f_bavail * fs.f_frsize >= ROOM_BYTES;
}

static void
look_for_accounts(struct gl_ingest *in, struct gl_sealing *s)
{
    GHashTableIter iter;
    gpointer id, account;

    s->scan_ms = in->boot_ms + SCAN_MS;
    if (!has_room(in))
        return;
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, &id, &account))
        if (is_due(in, account))
            g_queue_push_tail(&s->accounts, g_strdup(id));
}

/* That is still there and works, or NULL. */
static struct gl_ingest_account *
account_of(struct gl_ingest *in, const char *id)
{
    struct gl_ingest_account *account = g_hash_table_lookup(in->accounts, id);

    return account != NULL && gl_ingest_works_(account) ? account : NULL;
}

/* ---- its days ---- */

static void
leave(struct gl_sealing *s, struct gl_ingest_account *account, int64_t at_ms)
{
    gl_seal_job_stop(&s->job);
    if (account != NULL)
        account->seal_at_ms = at_ms;
    g_free(s->account);
    s->account = NULL;
}

/* ACCOUNT, NULL = it is gone, is looked at again. */
static void
fail(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account != NULL)
        gl_account_looked(account->store, 0);
    leave(in->sealing, account, in->boot_ms + AGAIN_MS);
}

static void
begin_day(struct gl_sealing *s)
{
    s->cleared = s->part = s->piece = s->pieces = 0;
    s->at = 0;
}

static void
start_job(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct gl_sealing *s = in->sealing;

    s->written = 0;
    begin_day(s);
    if (gl_seal_job_start(&s->job, account->store) != 0)
        fail(in, account);
}

static void
start(struct gl_ingest *in, char *id)
{
    struct gl_sealing *s = in->sealing;
    struct gl_ingest_account *account = account_of(in, id);

    if (account == NULL || !is_due(in, account)) { /* no more */
        g_free(id);
        return;
    }
    s->account = id;
    s->sealed = 0;
    s->job = (struct gl_seal_job){
        .before = before_day(in), .sums = s->sums, .day = {INT64_MIN, 0, 0}};
    gl_account_looked(account->store, INT64_MAX);
    start_job(in, account);
}

/* No day is left. */
static void
finish(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct gl_sealing *s = in->sealing;

    if (s->job.later)
        gl_account_looked(account->store, 0);
    else if (s->job.next < gl_account_changed_day(account->store))
        gl_account_looked(account->store, s->job.next);
    leave(s, account, in->boot_ms + (s->sealed ? GL_SEAL_SEALED_MS : REST_MS));
}

/* ---- writing ---- */

/* 1 = there is one more, and it is written; 0 = there is none, or an error. */
static int
write_piece(struct gl_sealing *s, struct gl_account *store,
            const struct gl_seal_found *found)
{
    const struct gl_sealed *sealed = found->sealed;
    struct gl_sealed_piece piece;
    int error;

    while (sealed != NULL && s->part < GL_SEALED_ALL &&
           s->at == sealed->parts[s->part]->len) {
        s->part++;
        s->piece = 0;
        s->at = 0;
    }
    if (sealed == NULL || s->part == GL_SEALED_ALL)
        return 0;
    piece = (struct gl_sealed_piece){
        .part = gl_sealed_place(sealed, s->part),
        .piece = s->piece++,
        .bytes = &sealed->parts[s->part]->data[s->at],
        .len = MIN(sealed->parts[s->part]->len - s->at, GL_SEALED_PIECE_MAX)};
    s->at += piece.len;
    s->bytes += piece.len;
    s->pieces++;
    error = gl_account_seal_piece(store, &found->day, &piece);
    return error < 0 ? error : 1;
}

/* 0 = the day is sealed, 1 = there is more of it, or an error. */
static int
write_some(struct gl_sealing *s, struct gl_account *store)
{
    const struct gl_seal_found *found = &s->job.found[s->written];
    const struct gl_sealed_day *day = &found->day;
    int result;

    if (!s->cleared) {
        result = gl_account_unseal(store, day->site, day->day, day->day,
                                   UNSEAL_PIECES);
        s->cleared = result < UNSEAL_PIECES;
        return result < 0 ? result : 1;
    }
    result = write_piece(s, store, found);
    if (result != 0)
        return result;
    return found->sealed == NULL
               ? gl_account_seal_day(store, day, 0, "", 0)
               : gl_account_seal_day(store, day, s->pieces,
                                     found->sealed->head,
                                     found->sealed->head_len);
}

/* What one turn may write: 0, or an error. */
static int
write_slice(struct gl_sealing *s, struct gl_account *store)
{
    int64_t until_us = g_get_monotonic_time() + SLICE_US;
    int result = 0;

    s->bytes = 0;
    while (result >= 0 && s->written < s->job.n &&
           s->bytes < GL_SEAL_SLICE_BYTES &&
           g_get_monotonic_time() < until_us) {
        result = write_some(s, store);
        if (result == 0) {
            s->written++;
            begin_day(s);
        }
    }
    return MIN(result, 0);
}

/* 1 = there is more. */
static int
write_days(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct gl_sealing *s = in->sealing;
    int result, before = s->written;

    if (gl_ingest_begin_(in, account) != 0) {
        fail(in, account);
        return 0;
    }
    result = write_slice(s, account->store);
    if (result < 0)
        gl_ingest_fail_(in, account, result); /* which is stopped */
    else if (gl_ingest_commit_(in, account) != 0)
        result = -GL_STORE_ENVIRONMENT;
    GL_POINT("pieces_sealed");
    if (result < 0) {
        fail(in, account);
        return 0;
    }
    s->sealed |= s->written > before;
    in->counters.sealed += (uint64_t) (s->written - before);
    in->counters.seal_commits++;
    if (s->written < s->job.n)
        return 1;
    start_job(in, account);
    return 0;
}

/* ---- when ---- */

static int
go_on(struct gl_ingest *in)
{
    struct gl_sealing *s = in->sealing;
    struct gl_ingest_account *account = account_of(in, s->account);

    if (!gl_reading_ready(&s->job.reading, 0))
        return 0;
    if (account == NULL) { /* it comes again, when it works */
        fail(in, g_hash_table_lookup(in->accounts, s->account));
        return 0;
    }
    if (s->job.reading.error < 0) {
        gl_log(GL_LOG_ERROR, "account %s: days are not sealed: %s",
               account->id, s->job.reading.why);
        fail(in, account);
        return 0;
    }
    if (s->job.n > 0)
        return write_days(in, account);
    finish(in, account);
    return 0;
}

int
gl_seal_due_(struct gl_ingest *in)
{
    struct gl_sealing *s = in->sealing;
    int more = 0;

    if (s->account != NULL)
        more = go_on(in);
    else if (s->accounts.length == 0 && s->scan_ms <= in->boot_ms)
        look_for_accounts(in, s);
    if (s->account == NULL && s->accounts.length > 0)
        start(in, g_queue_pop_head(&s->accounts));
    in->seal_ms = s->account != NULL || s->accounts.length > 0
                      ? in->boot_ms + READING_MS
                      : s->scan_ms;
    return more;
}

void
gl_seal_stop_(struct gl_ingest *in, const struct gl_ingest_account *account)
{
    struct gl_sealing *s = in->sealing;

    if (s->account != NULL && strcmp(s->account, account->id) == 0)
        leave(s, NULL, 0);
    gl_account_looked(account->store, 0);
}

struct gl_sealing *
gl_sealing_new(const struct gl_seal_sums *sums)
{
    struct gl_sealing *sealing = g_new0(struct gl_sealing, 1);

    sealing->sums = *sums;
    g_queue_init(&sealing->accounts);
    return sealing;
}

void
gl_sealing_free(struct gl_sealing *sealing)
{
    if (sealing == NULL)
        return;
    leave(sealing, NULL, 0);
    g_queue_clear_full(&sealing->accounts, g_free);
    g_free(sealing);
}
