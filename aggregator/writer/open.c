/*
 * What the writer opens, in the order of R1: the locks of spool and data
 * first, so that a second glintod touches nothing.
 */

#include "writer/open.h"

#include "admin/passing.h"
#include "calls/bulletin.h"
#include "ingest/inflight.h"
#include "ingest/replay.h"
#include "ingest/state.h"
#include "live/conditions.h"
#include "log.h"
#include "move/remains.h"
#include "store/account/accounts.h"
#include "store/db/lock.h"
#include "store/meta/accounts.h"
#include "store/meta/sites.h"
#include "store/words/words.h"
#include "workers/workers.h"
#include "writer/first_owner.h"
#include "writer/quotas.h"
#include "writer/restored.h"

#include <sodium.h>
#include <stdio.h>

#define EXIT_BUSY 75 /* EX_TEMPFAIL: another glintod has it */
#define DEFAULT_ACCOUNT "default"

static void
note(void *arg, const char *sentence)
{
    (void) arg;
    gl_log(GL_LOG_NOTICE, "%s", sentence);
}

static void
alarm_operator(void *arg, const char *sentence)
{
    (void) arg;
    gl_log(GL_LOG_ERROR, "%s", sentence);
}

static int
queue_account(void *arg, const struct gl_meta_account *account)
{
    struct gl_ingest *in = arg;

    g_queue_push_tail(in->unexamined, g_strdup(account->id));
    return 0;
}

/* R1: the locks first, so that a second glintod touches nothing. */
static int
lock_data(struct gl_ingest *in, char *why, size_t why_len, int *exit_code)
{
    int busy;

    in->data_lock = gl_data_lock(in->conf->data, why, why_len, &busy);
    if (busy)
        *exit_code = EXIT_BUSY;
    return in->data_lock == -1 ? -1 : 0;
}

static int
open_spool(struct gl_ingest *in, char *why, size_t why_len, int *exit_code)
{
    struct gl_spool_options options = {
        .path = gl_conf_spool(in->conf),
        .uids = in->conf->workers,
        .uids_n = (size_t) in->conf->workers_n,
        .note = note,
        .alarm = alarm_operator,
    };
    int busy = 0;

    in->spool = gl_spool_open(&options, why, why_len, &busy);
    if (busy)
        *exit_code = EXIT_BUSY;
    return in->spool == NULL ? -1 : 0;
}

/* In meta.db's transaction: 0 or -enum gl_store_error.  A machine that tells
 * no boot id had no power cut. */
static int
begin_life(struct gl_ingest *in)
{
    char boot[GL_CLOCK_BOOT_MAX];
    int killed;

    gl_clock_boot_id(boot);
    if (in->restored) /* of whoever made the backup, and did not end */
        gl_meta_end_life(in->meta);
    killed = gl_meta_begin_life(in->meta, boot, in->now_ms, &in->cut_ms);
    if (killed == 1)
        gl_log(GL_LOG_NOTICE, "the last glintod did not end by itself: it "
                              "could not start, broke, was killed, or the "
                              "machine went down");
    return killed < 0 ? killed : 0;
}

/* There is an account: 0, or -1 with a sentence in WHY.  The file first: one
 * in meta.db always has a file. */
static int
begin_accounts(struct gl_ingest *in, char *why, size_t why_len)
{
    struct gl_meta_account account;
    int result = gl_meta_account_add(in->meta, DEFAULT_ACCOUNT, "", in->now_ms,
                                     &account);

    if (result == 1 && gl_accounts_create(in->pool, account.id) < 0) {
        snprintf(why, why_len, "the file of account %s cannot be made: %s",
                 account.id,
                 gl_account_why(gl_accounts_get(in->pool, account.id)));
        gl_accounts_remove(in->pool, account.id);
        return -1;
    }
    if (result >= 0 && begin_life(in) >= 0 && gl_meta_commit(in->meta) >= 0)
        return 0;
    snprintf(why, why_len, "meta.db: %s", gl_meta_why(in->meta));
    return -1;
}

static int
open_store(struct gl_ingest *in, char *why, size_t why_len)
{
    struct gl_accounts_options options = {.data = in->conf->data,
                                          .open_max = in->conf->accounts_open,
                                          .note = note};
    struct gl_accounts_stats stats;

    /* who wants more paths has more text of all kinds */
    options.caps[GL_WORD_PATH] = in->conf->paths_per_day;
    options.text_max =
        MAX(GL_ACCOUNT_TEXT_MAX, (uint64_t) in->conf->paths_per_day *
                                     (GL_ACCOUNT_TEXT_MAX / 10000));
    if (gl_passing_new(in->conf, &in->passing, why, why_len) != 0)
        return -1;
    in->meta = gl_meta_open(in->conf->data, why, why_len);
    if (in->meta == NULL)
        return -1;
    gl_ingest_of_meta_(in);
    gl_meta_rename_sites(in->meta);
    in->pool = gl_accounts_new(&options, why, why_len);
    if (in->pool == NULL)
        return -1;
    gl_accounts_stats(in->pool, &stats);
    in->begun_max = (guint) stats.open_max;
    if (gl_meta_begin(in->meta) < 0) {
        snprintf(why, why_len, "meta.db: %s", gl_meta_why(in->meta));
        return -1;
    }
    if (begin_accounts(in, why, why_len) != 0)
        return -1;
    gl_writer_first_owner_(in);
    gl_meta_accounts(in->meta, queue_account, in);
    gl_writer_quotas_read_(in);
    if (gl_meta_remains(in->meta, gl_move_add_remain_, in) >= 0)
        return 0;
    snprintf(why, why_len, "meta.db: %s", gl_meta_why(in->meta));
    return -1;
}

/* NULL with a sentence in WHY. */
struct gl_enrich *
gl_writer_read_patterns_(const struct gl_ingest *in, char *why, size_t why_len)
{
    const char *sentence = "";
    struct gl_enrich *enrich = gl_enrich_new(in->conf->enrich, &sentence);

    if (enrich == NULL)
        snprintf(why, why_len, "%s (key \"enrich\"): %s", in->conf->enrich,
                 sentence);
    else if (gl_enrich_keys(enrich, in->conf->bot_keys) != 0) {
        snprintf(why, why_len, "out of memory");
        gl_enrich_free(enrich);
        enrich = NULL;
    }
    return enrich;
}

int
gl_writer_open_(struct gl_ingest *in, char *why, size_t why_len,
                int *exit_code)
{
    gl_ingest_look_at_clocks_(in);
    in->began_ms = in->now_ms;
    if (sodium_init() == -1) {
        snprintf(why, why_len, "libsodium does not start");
        return -1;
    }
    if (open_spool(in, why, why_len, exit_code) != 0 ||
        lock_data(in, why, why_len, exit_code) != 0 ||
        gl_writer_restored_(in, why, why_len) != 0 ||
        open_store(in, why, why_len) != 0 ||
        gl_ingest_find_parked_(in, why, why_len) != 0)
        return -1;
    in->enrich = gl_writer_read_patterns_(in, why, why_len);
    if (in->enrich == NULL)
        return -1;
    in->inflight = gl_inflight_open(in->conf->data, why, why_len);
    if (in->inflight == NULL)
        gl_log(GL_LOG_ERROR, "%s: a frame that ends glintod is not noted",
               why);
    gl_workers_make_salt_(&in->workers, in->now_ms, in->boot_ms);
    gl_workers_write_sites_(&in->workers, in->meta, in->boot_ms);
    gl_live_find_conditions_(in);
    gl_bulletin_tell_(in); /* who asks finds something */
    return 0;
}
