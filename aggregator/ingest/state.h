/*
 * The state of the writer thread, which alone may touch it.
 */

#ifndef GL_INGEST_STATE_H
#define GL_INGEST_STATE_H

#include <glib.h>
#include <sys/queue.h>

#include "clock.h"
#include "conf.h"
#include "enrich/enrich.h"
#include "ingest/account.h"
#include "ingest/counters.h"
#include "ingest/fold.h"
#include "ingest/gathering.h"
#include "ingest/inflight.h"
#include "ingest/sites.h"
#include "ingest/unknown.h"
#include "ingest/work.h"
#include "spool/spool.h"
#include "store/meta/counts.h"
#include "store/meta/meta.h"
#include "workers/workers.h"

struct gl_bulletin; /* calls/bulletin.c */
struct gl_jobs;     /* jobs/job.c */
struct gl_live;     /* live/numbers.h */
struct gl_mailbox;  /* calls/mailbox.c */
struct gl_query;    /* calls/query.c */
struct gl_query_view;
struct gl_ingest_refolding; /* days/dirty.c */
struct gl_sealing;          /* columns/seal.c */
struct gl_writer_mails;     /* writer/mails.c */
struct gl_writer_notices;   /* writer/notices.c */

/* Accounts in a round that are synced one by one; with more of them a syncfs
 * comes at its end. */
#ifndef GL_INGEST_FULL_ACCOUNTS /* fewer in tests/faults/sim */
#define GL_INGEST_FULL_ACCOUNTS 32
#define GL_INGEST_FULL_BACKLOG 8 /* the same, while the disk is busy */
#endif

struct gl_ingest {
    const struct gl_conf *conf;
    void (*told)(void *arg, const struct gl_live *live); /* who looks */
    void *told_arg;
    pthread_t thread;
    struct gl_mailbox *mailbox;
    /* answer what is no question to this thread: of rows, of what it told, of
     * rows slowly */
    struct gl_query *query, *reads, *again, *proofs;
    struct gl_query_view *view;   /* what they see */
    struct gl_bulletin *bulletin; /* what it tells */
    struct gl_jobs *jobs;

    int data_lock; /* descriptor of DATA, -1 = not locked */
    int restored;  /* it came from the backup of a city (writer/restored.h) */
    struct gl_spool *spool;
    struct gl_meta *meta;
    struct gl_accounts *pool;
    struct gl_enrich *enrich;
    struct gl_enrich *_Atomic fresh_enrich; /* of HUP, to take its place */
    struct gl_decoder *decoder;
    struct gl_inflight *inflight; /* NULL = crashes leave no mark */

    struct gl_ingest_account of_meta;
    GHashTable *accounts; /* id -> struct gl_ingest_account */
    GHashTable *sites;    /* id -> struct gl_ingest_site */
    GHashTable *zones;    /* name -> struct gl_zone */
    GHashTable *named;    /* name, struct gl_text -> the same; not all */
    GPtrArray *begun;     /* accounts in a transaction */
    GPtrArray *nights;    /* accounts whose `night` is not over */
    GPtrArray *refolds;   /* accounts that have a time `refold_at_ms` */
    GPtrArray *late;      /* committed with GL_COMMIT_LATER, not yet synced */
    guint begun_max;      /* transactions open at once */
    struct gl_ingest_gathering gathering;
    int slicing;        /* many of them: one sync for all */
    int replaying;      /* some account is, perhaps */
    int parking;        /* some account is */
    int64_t park_at_ms; /* boot clock: not before; parking failed */
    size_t site_bytes;  /* memory of all objects */
    TAILQ_HEAD(, gl_ingest_site) objects; /* longest unused first */
    uint64_t objects_n;
    uint64_t committed_rows; /* of counters.rows, measured with a commit */

    int64_t began_ms;        /* wall: when this life did, or earlier if the
                                clock was set back since */
    int64_t now_ms, boot_ms; /* of this turn of the loop */
    int64_t doorbell_ms;     /* boot: first hint since the last round, or 0 */
    uint32_t hinted;         /* frames that came by hint since then */
    uint32_t round_accounts; /* that began a transaction in this round */
    int large;               /* there were many in the last one */
    int64_t round_start_ms, round_ms; /* boot: then it applied; took in all */
    int64_t rest_ms; /* before the next one; none after a backlog,
                                whose rounds say nothing about the next */
    int64_t round_end_ms, tick_ms; /* boot: when last done */
    struct gl_workers workers;
    int backlog;   /* the last round left frames unread */
    int caught_up; /* one round did not */
    int busy;      /* there is work left that waits for no clock */
    const struct gl_ingest_fold *fold;
    int64_t refold_days; /* how many dirty days the last refold had */
    struct gl_ingest_refolding *refolding; /* under way; or NULL */
    int64_t refold_ms;                     /* boot: when the next may begin */
    struct gl_sealing *sealing;
    int64_t seal_ms;           /* boot: when its next step is due */
    uint64_t least_free_bytes; /* of DATA, while an account wants space */
    GPtrArray *watched;        /* sites with watchers */
    struct gl_live_silences *silences; /* live/silences.c */
    GPtrArray *buildings;    /* struct gl_ingest_building, oldest first */
    int waiting;             /* accounts that wait for one of them */
    int closings_left;       /* visits are over and not closed yet */
    int64_t closings_ms;     /* boot: when the next of them are */
    GQueue *unexamined;      /* ids of accounts to look at in the background */
    GArray *leftovers;       /* ids of sites, scratch of closing.c */
    GArray *remains;         /* move/remains.h */
    GArray *retention;       /* ids of sites, of tonight: move/retention.c */
    int64_t retention_night; /* UTC day whose night they are of; 0 = none */
    struct gl_ingest_work work;
    struct gl_ingest_counters counters;
    uint64_t round_frames;   /* of the last round */
    size_t round_most;       /* frames of the next one at most, 0 = few */
    GArray *conditions;      /* struct gl_condition, of the last second */
    int64_t *state_since_ms; /* wall, by kind of condition; 0 = it is not so */
    struct gl_meta_sum refused, lost; /* of the last day */
    int64_t sums_ms, lost_ns; /* boot: when asked, 0 = ask; told_lost.c */
    char cluster_why[512], lane[64]; /* live/machines.c */
    unsigned int lane_fill;
    int64_t cut_ms;            /* wall: the last power cut, 0 = none */
    struct gl_tally suspect;   /* times that are not believed */
    struct gl_tally set_aside; /* frames counted in meta.db */
    struct gl_ingest_unknown unknown[GL_INGEST_UNKNOWN_MAX]; /* samples */
    int64_t names_ms; /* boot: not before, names are let go */
    GPtrArray *sizes; /* ids of accounts that are to be looked at, or NULL */
    int64_t sizes_ms; /* boot: not before */
    struct gl_writer_mails *mails;     /* writer/mails.c; or NULL */
    struct gl_writer_notices *notices; /* writer/notices.c; or NULL */
    struct gl_passing *passing;        /* admin/passing.h; NULL = alone */
    int quotas_changed;                /* they are looked at at once */
};

/* now_ms and boot_ms, for this turn. */
void gl_ingest_look_at_clocks_(struct gl_ingest *in);
void gl_ingest_tally_(struct gl_tally *tally, int64_t now_ms);
/* 1 = ACCOUNT failed with ERROR (enum gl_store_error) for want of space. */
int gl_ingest_is_full_(const struct gl_ingest_account *account, int error);

#endif
