/*
 * The writer thread: start, stop, and what other threads may call.
 *
 * The mailbox is the only thing shared with them.  Stop closes in the reverse
 * order of open.c.
 */

#define _GNU_SOURCE /* pthread_setname_np */

#include "writer/writer.h"

#include "admin/passing.h"
#include "admin/verbs.h"
#include "calls/bulletin.h"
#include "calls/mailbox.h"
#include "calls/measured.h"
#include "columns/seal.h"
#include "count/site.h"
#include "days/dirty.h"
#include "ending.h"
#include "ingest/builds.h"
#include "ingest/gather.h"
#include "ingest/inflight.h"
#include "ingest/position.h"
#include "ingest/sites.h"
#include "ingest/state.h"
#include "jobs/job.h"
#include "live/silences.h"
#include "log.h"
#include "move/remains.h"
#include "patience.h"
#include "calls/query.h"
#include "query/sums/seal_sums.h"
#include "store/account/accounts.h"
#include "writer/loop.h"
#include "writer/mails.h"
#include "writer/notices.h"
#include "writer/open.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NICE 5

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
free_lists(struct gl_ingest *in)
{
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
    free_lists(in);
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
    gl_passing_free(in->passing);
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

/* The loop thread, in which pages are made, comes before this one and those it
 * starts: they are as patient as the spool is. */
static void *
run(void *arg)
{
    /* for top -H; fault tests wait for it */
    pthread_setname_np(pthread_self(), "writer");
    gl_patience_begin(NICE);
    return gl_writer_run_(arg);
}

/* Those that answer come first: the writer asks them in its first turn. */
static int
start_answering(struct gl_ingest *in)
{
    gl_query_keep_memory();
    in->query = gl_query_new(in->view, GL_QUERY_THREADS, GL_QUERY_NICE,
                             gl_verb_answer);
    in->reads = gl_query_new(in->view, GL_READ_THREADS, 0, gl_verb_answer);
    in->again = gl_query_new(in->view, GL_RECOUNT_THREADS, GL_LATER_NICE,
                             gl_verb_answer);
    in->proofs = gl_query_new(in->view, GL_PROOF_THREADS, GL_LATER_NICE,
                              gl_verb_answer);
    return in->query != NULL && in->reads != NULL && in->again != NULL &&
                   in->proofs != NULL
               ? 0
               : EAGAIN;
}

/* Signals are the loop thread's, but what breaks a thread is its own. */
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
    gl_ending_leave_to_others(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = start_answering(in);
    if (error == 0)
        error = pthread_create(&in->thread, NULL, run, in);
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
    if (gl_writer_open_(in, why, why_len, exit_code) != 0) {
        free_ingest(in);
        return NULL;
    }
    error = start_threads(in);
    if (error != 0) {
        snprintf(why, why_len, "no thread: %s", strerror(error));
        free_ingest(in);
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
    struct gl_enrich *fresh = gl_writer_read_patterns_(in, why, why_len);

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
