/*
 * The writer thread: start, stop, and what other threads may call.
 *
 * The mailbox is the only thing shared with them.  Start opens in the order
 * of R1: the locks of spool and data first, so that a second glintod touches
 * nothing; stop closes in the reverse order.
 */

#include "writer/writer.h"

#include "admin/verbs.h"
#include "calls/bulletin.h"
#include "calls/mailbox.h"
#include "calls/measured.h"
#include "columns/seal.h"
#include "count/site.h"
#include "days/dirty.h"
#include "ingest/builds.h"
#include "ingest/gather.h"
#include "ingest/inflight.h"
#include "ingest/position.h"
#include "ingest/replay.h"
#include "ingest/sites.h"
#include "ingest/state.h"
#include "jobs/job.h"
#include "live/conditions.h"
#include "live/silences.h"
#include "log.h"
#include "move/remains.h"
#include "patience.h"
#include "calls/query.h"
#include "query/seal_sums.h"
#include "store/accounts.h"
#include "store/lock.h"
#include "store/meta_accounts.h"
#include "store/meta_sites.h"
#include "workers/workers.h"
#include "writer/first_owner.h"
#include "writer/loop.h"
#include "writer/mails.h"
#include "writer/notices.h"
#include "writer/quotas.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_BUSY 75 /* EX_TEMPFAIL: another glintod has it */
#define DEFAULT_ACCOUNT "default"
#define NICE 5

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

static void
free_account(gpointer account)
{
    gl_ingest_account_fini_(account);
    g_free(account);
}

static void
free_site(gpointer value)
{
    struct gl_ingest_site *site = value;

    gl_site_free(site->object);
    g_free(site->told);
    g_free(site->hosts);
    g_free(site);
}

static void
free_zone(gpointer zone)
{
    gl_zone_free(zone);
}

static void
free_ingest(struct gl_ingest *in)
{
    struct gl_spool_segment *segment = NULL;

    gl_query_free(in->query);
    gl_query_free(in->reads);
    gl_query_free(in->again);
    gl_sealing_free(in->sealing);
    gl_query_free(in->proofs);
    gl_writer_mails_free_(in->mails);
    gl_writer_notices_free_(in->notices);
    gl_query_view_free(in->view);
    gl_jobs_free(in->jobs);
    gl_days_refold_stop_(in, NULL);
    gl_ingest_build_stop_(in, NULL);
    gl_live_silences_stop_(in);
    while (in->spool != NULL &&
           (segment = gl_spool_next(in->spool, segment)) != NULL)
        gl_ingest_free_entries_(segment->owner);
    g_hash_table_destroy(in->named);
    g_hash_table_destroy(in->sites);
    g_hash_table_destroy(in->accounts);
    g_hash_table_destroy(in->zones);
    gl_ingest_account_fini_(&in->of_meta);
    g_ptr_array_free(in->begun, TRUE);
    g_ptr_array_free(in->nights, TRUE);
    g_ptr_array_free(in->refolds, TRUE);
    g_ptr_array_free(in->late, TRUE);
    g_ptr_array_free(in->gathering.taken, TRUE);
    g_ptr_array_free(in->watched, TRUE);
    g_ptr_array_free(in->buildings, TRUE);
    g_queue_free_full(in->unexamined, g_free);
    g_array_free(in->leftovers, TRUE);
    g_array_free(in->remains, TRUE);
    g_array_free(in->retention, TRUE);
    g_array_free(in->conditions, TRUE);
    g_free(in->state_since_ms);
    gl_decoder_free(in->decoder);
    gl_enrich_free(in->enrich);
    gl_enrich_free(in->fresh_enrich);
    gl_inflight_close(in->inflight);
    if (in->pool != NULL)
        gl_accounts_free(in->pool);
    if (in->meta != NULL)
        gl_meta_close(in->meta);
    if (in->data_lock != -1)
        close(in->data_lock);
    if (in->spool != NULL)
        gl_spool_close(in->spool); /* the locks go last */
    gl_bulletin_free(in->bulletin);
    gl_mailbox_free(in->mailbox);
    free(in);
}

static struct gl_ingest *
new_ingest(const struct gl_conf *conf, const struct gl_ingest_events *events)
{
    struct gl_ingest *in = calloc(1, sizeof *in);

    if (in == NULL)
        return NULL;
    in->conf = conf;
    in->told = events->live;
    in->told_arg = events->arg;
    in->workers.conf = conf;
    in->fold = &gl_days_fold;
    in->data_lock = -1;
    in->accounts =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_account);
    in->sites =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_site);
    in->named = gl_ingest_named_new_();
    in->zones =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_zone);
    in->begun = g_ptr_array_new();
    in->nights = g_ptr_array_new();
    in->refolds = g_ptr_array_new();
    in->late = g_ptr_array_new();
    in->watched = g_ptr_array_new();
    in->buildings = g_ptr_array_new();
    TAILQ_INIT(&in->objects);
    in->unexamined = g_queue_new();
    in->leftovers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    in->remains = g_array_new(FALSE, FALSE, sizeof(struct gl_ingest_remain));
    in->retention = g_array_new(FALSE, FALSE, sizeof(int64_t));
    in->conditions = g_array_new(FALSE, FALSE, sizeof(struct gl_condition));
    in->state_since_ms = g_new0(int64_t, GL_CONDITION_KINDS);
    gl_ingest_gather_init_(in);
    gl_ingest_account_init_(&in->of_meta);
    in->decoder = gl_decoder_new();
    in->mailbox = gl_mailbox_new();
    in->bulletin = gl_bulletin_new(in->mailbox);
    in->jobs = gl_jobs_new();
    in->view = gl_query_view_new();
    in->sealing =
        gl_sealing_new(&(struct gl_seal_sums){gl_seal_sums_add, in->view});
    if (in->decoder != NULL && in->mailbox != NULL)
        return in;
    free_ingest(in);
    return NULL;
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
        .path = in->conf->spool,
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

    gl_clock_boot_id(boot);
    return gl_meta_begin_life(in->meta, boot, in->now_ms, &in->cut_ms);
}

/* All was read and committed: a new boot that finds this mark is no power
 * cut. */
static void
end_life(struct gl_ingest *in)
{
    if (gl_meta_begin(in->meta) < 0 || gl_meta_end_life(in->meta) < 0 ||
        gl_meta_commit(in->meta) < 0)
        gl_log(GL_LOG_ERROR, "meta.db: the end is not marked as clean: %s",
               gl_meta_why(in->meta));
}

/* There is an account: 0, or -1 with a sentence in WHY.  The file first: one
 * in meta.db always has a file. */
static int
begin_accounts(struct gl_ingest *in, char *why, size_t why_len)
{
    struct gl_meta_account account;
    int result =
        gl_meta_account_add(in->meta, DEFAULT_ACCOUNT, in->now_ms, &account);

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
static struct gl_enrich *
read_patterns(const struct gl_ingest *in, char *why, size_t why_len)
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

static int
open_all(struct gl_ingest *in, char *why, size_t why_len, int *exit_code)
{
    gl_ingest_look_at_clocks_(in);
    in->began_ms = in->now_ms;
    if (sodium_init() == -1) {
        snprintf(why, why_len, "libsodium does not start");
        return -1;
    }
    if (open_spool(in, why, why_len, exit_code) != 0 ||
        lock_data(in, why, why_len, exit_code) != 0 ||
        open_store(in, why, why_len) != 0 ||
        gl_ingest_find_parked_(in, why, why_len) != 0)
        return -1;
    in->enrich = read_patterns(in, why, why_len);
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

/* The loop thread, in which pages are made, comes before this one and those it
 * starts: they are as patient as the spool is. */
static void *
run(void *arg)
{
    gl_patience_begin(NICE);
    return gl_writer_run_(arg);
}

/* Signals are the loop thread's. */
static int
start_threads(struct gl_ingest *in)
{
    sigset_t all, before;
    int error;

    in->view->meta = in->meta;
    in->view->directory = gl_meta_directory(in->meta);
    in->view->bulletin = in->bulletin;
    in->view->jobs = in->jobs;
    in->view->salt = in->workers.conf->salt;
    in->view->conf = in->conf;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&in->thread, NULL, run, in);
    if (error == 0) {
        gl_query_keep_memory();
        in->query = gl_query_new(in->view, GL_QUERY_THREADS, GL_QUERY_NICE,
                                 gl_verb_answer);
        in->reads = gl_query_new(in->view, GL_READ_THREADS, 0, gl_verb_answer);
        in->again = gl_query_new(in->view, GL_RECOUNT_THREADS, GL_RECOUNT_NICE,
                                 gl_verb_answer);
        in->proofs = gl_query_new(in->view, GL_PROOF_THREADS, GL_PROOF_NICE,
                                  gl_verb_answer);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

struct gl_ingest *
gl_writer_start(const struct gl_conf *conf,
                const struct gl_ingest_events *events, char *why,
                size_t why_len, int *exit_code)
{
    struct gl_ingest *in = new_ingest(conf, events);
    int error;

    *exit_code = EXIT_FAILURE;
    if (in == NULL) {
        snprintf(why, why_len, "out of memory");
        return NULL;
    }
    if (open_all(in, why, why_len, exit_code) != 0) {
        free_ingest(in);
        return NULL;
    }
    error = start_threads(in);
    if (error != 0) {
        snprintf(why, why_len, "no thread: %s", strerror(error));
        free_ingest(in);
        return NULL;
    }
    if (in->query == NULL || in->reads == NULL || in->again == NULL ||
        in->proofs == NULL) {
        snprintf(why, why_len, "no thread that answers questions");
        gl_writer_stop(in);
        return NULL;
    }
    return in;
}

void
gl_writer_stop(struct gl_ingest *in)
{
    gl_mailbox_stop(in->mailbox);
    pthread_join(in->thread, NULL);
    end_life(in);
    free_ingest(in);
}

/* ---- what other threads may call ---- */

int
gl_writer_reread(struct gl_ingest *in, char *why, size_t why_len)
{
    struct gl_enrich *fresh = read_patterns(in, why, why_len);

    if (fresh == NULL)
        return -1;
    /* what nobody has taken goes */
    gl_enrich_free(atomic_exchange(&in->fresh_enrich, fresh));
    gl_mailbox_wake(in->mailbox);
    return 0;
}

struct gl_directory *
gl_writer_directory(const struct gl_ingest *in)
{
    return gl_meta_directory(in->meta);
}

void
gl_writer_hint(struct gl_ingest *in, const uint8_t *packet, size_t len)
{
    gl_mailbox_hint(in->mailbox, packet, len);
}

int
gl_writer_call(struct gl_ingest *in, const struct gl_call *call)
{
    const struct gl_verb *verb = gl_verb_by_name(call->verb);

    if (verb != NULL &&
        (verb->kind == GL_VERB_ASKS || verb->kind == GL_VERB_SHOWS))
        return gl_query_call(in->query, call);
    if (verb != NULL && verb->kind == GL_VERB_READS)
        return gl_query_call(in->reads, call);
    if (verb != NULL && verb->kind == GL_VERB_RECOUNTS)
        return gl_query_call(in->again, call);
    if (verb != NULL && verb->kind == GL_VERB_PROVES)
        return gl_query_call(in->proofs, call);
    return gl_mailbox_call(in->mailbox, call);
}

void
gl_writer_watch(struct gl_ingest *in, int64_t site, int change)
{
    gl_mailbox_watch(in->mailbox, site, change);
}

void
gl_writer_socket(struct gl_ingest *in, int change)
{
    gl_measured_socket(in->view->measured, change);
}
