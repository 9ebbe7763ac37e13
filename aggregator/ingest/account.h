/*
 * An account as the writer thread knows it.
 */

#ifndef GL_INGEST_ACCOUNT_H
#define GL_INGEST_ACCOUNT_H

#include <glib.h>
#include <sys/queue.h>

#include "spool/frame.h"
#include "store/account/account.h"

struct gl_ingest;
struct gl_ingest_entry;

/* How often something happened since the start, and when. */
struct gl_tally {
    uint64_t n;
    int64_t first_ms, last_ms; /* wall clock */
};

/*
 * Whether frames of an account are applied.
 *
 *            an error            its time has come
 *     WELL ───────────► FAILED  ───────────────────► ASKED ──► WELL
 *       ▲ ▲             DAMAGED ◄────── in vain ───────┘ │
 *       │ │                ▲                             │ frames are parked
 *       │ └─ all applied ──┼────── REPLAYING ◄───────────┘
 *       │                  │ error  │     ▲
 *       │                  └─────── APPLYING  one parked segment
 *       │
 *       └ ... any ──► HELD ──► FAILED, and asked at once
 *
 * account.c has the table.  WELL says nothing of the past: it has failed until
 * a commit while `error` is not 0.
 */
enum gl_account_state {
    GL_ACCOUNT_WELL = 0,
    GL_ACCOUNT_FAILED,    /* nothing is applied until retry_at_ms */
    GL_ACCOUNT_DAMAGED,   /* nothing is until its file looks different */
    GL_ACCOUNT_ASKED,     /* can it be opened? */
    GL_ACCOUNT_REPLAYING, /* what is parked comes first, nothing else */
    GL_ACCOUNT_APPLYING,  /* some of that, just now */
    GL_ACCOUNT_HELD,      /* nothing is wrong: its file is made anew */
    GL_ACCOUNT_STATES
};

/* One database: an account's, or meta.db for frames of no account. */
struct gl_ingest_account {
    char id[GL_ACCOUNT_ID_LEN + 1]; /* or "meta.db" */
    struct gl_file *file;           /* its transactions and positions */
    struct gl_account *store;       /* its rows; nobody asks meta.db for any */
    enum gl_account_state state;    /* gl_ingest_set_state_() alone sets it */

    enum {
        GL_ACCOUNT_IDLE,
        GL_ACCOUNT_BEGUN,      /* a transaction is open */
        GL_ACCOUNT_BEGUN_LATER /* the same, with GL_COMMIT_LATER */
    } transaction;
    int careful;        /* a frame was refused: each gets a savepoint */
    GPtrArray *entries; /* struct gl_ingest_entry in the transaction */
    GPtrArray *sites;   /* struct gl_ingest_site in the transaction */

    uint32_t commits; /* that happened */
    int waits;        /* its frames stay in the spool, and come again */
    int failures;
    int64_t failing_since_ms; /* boot clock */
    uint64_t stamp;           /* of its damaged file: gl_file_stamp() */
    uint64_t held_bytes;      /* of segments with frames it has not; failing */
    GArray *parked_files;     /* struct gl_ingest_parked, in order of time */
    int64_t retry_at_ms;      /* boot clock */
    struct gl_tally rejected;
    int error;          /* enum gl_store_error of the last one; 0 = well */
    int64_t failing_ms; /* wall clock: since when it fails; 0 = well */
    uint64_t parked;    /* frames that wait in DATA/parked */

    GArray *all;      /* struct gl_ingest_place: segments with frames of it */
    GArray *gathered; /* struct gl_ingest_gathered, in order */
    int64_t gathered_ms;   /* boot clock: since when the first one waits */
    int hurries;           /* some are of a backlog */
    int64_t asked_ms;      /* boot clock: until then nothing waits */
    int64_t busy_since_ms; /* boot clock: of the first of these */
    uint32_t busy_n;       /* fresh frames that had to wait */
    TAILQ_ENTRY(gl_ingest_account) gathering; /* while some do */
    uint32_t swept;       /* after so many syncs of the spool (R11) */
    GArray *dirty;        /* struct gl_ingest_day to be marked */
    int64_t refold_at_ms; /* boot clock; INT64_MAX = nobody late, no day */
    int64_t seal_at_ms;   /* boot clock: its days are sealed from then on */
    int64_t used_month;   /* of which its quota of events is used up, months
                           since 1970; 0 = of none */
    int used_full;        /* 1 = its quota of storage is */
    enum {
        GL_NIGHT_NONE,   /* no visitor is known by two ids */
        GL_NIGHT_LOGGED, /* but perhaps in the log of the file */
        GL_NIGHT_LINKED  /* some may be */
    } night;
};

struct gl_ingest_day {
    int64_t site, day;
};

/* As the table allows it. */
void gl_ingest_set_state_(struct gl_ingest_account *account,
                          enum gl_account_state state);
/* 1 = a transaction may begin, 0 = not now. */
int gl_ingest_works_(const struct gl_ingest_account *account);

/* By id, made when it is new; NULL = no memory. */
struct gl_ingest_account *gl_ingest_account_(struct gl_ingest *in,
                                             const char *id);
/* meta.db's own, when that is open. */
void gl_ingest_of_meta_(struct gl_ingest *in);
void gl_ingest_account_init_(struct gl_ingest_account *account);
void gl_ingest_account_fini_(struct gl_ingest_account *account);
/* Mark a day dirty with the account's next commit. */
void gl_ingest_dirty_(struct gl_ingest *in, struct gl_ingest_account *account,
                      int64_t site, int64_t day);
/* A frame of ACCOUNT met a site whose object is being made, or was refused: it
 * and all after it stay in the spool, until it goes on (retry.c), or fails. */
void gl_ingest_wait_(struct gl_ingest *in, struct gl_ingest_account *account);
void gl_ingest_wait_no_more_(struct gl_ingest *in,
                             struct gl_ingest_account *account);
/* Visitors or days of ACCOUNT are made again, from AT_MS (boot clock) on. */
void gl_ingest_refold_at_(struct gl_ingest *in,
                          struct gl_ingest_account *account, int64_t at_ms);
/* ACCOUNT's next commit has visitors with two ids, or an earlier one had. */
void gl_ingest_note_night_(struct gl_ingest *in,
                           struct gl_ingest_account *account);
/* Of an earlier life, erased, perhaps not from the log. */
void gl_ingest_note_log_(struct gl_ingest *in,
                         struct gl_ingest_account *account);

#endif
