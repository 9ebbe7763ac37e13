/*
 * What the files of the ingest thread share.  Names end in _: nobody else's.
 *
 *   ingest.c   start, stop                    loop.c     what happens when
 *   round.c    frames to accounts
 *   batch.c    one account's transaction      apply.c    one event to its rows
 *   settle.c   segments: settled, released    sites.c    objects of sites
 *   park.c     frames set aside               replay.c   and applied again
 *   closing.c  visits that end by time        live.c     live numbers
 *   dirty.c    late visitors, dirty days      route.c    sites and accounts
 *   night.c    ids over midnight, erased
 *   import.c   event lines                    verbs*.c   what can be asked
 *   retry.c    accounts that failed, again   space.c    a disk no longer full
 *   conditions.c   what somebody should know
 *   work.c     what takes many turns          move.c     a site, elsewhere
 *   remains.c  rows to be deleted
 *
 * Everything here belongs to the ingest thread.
 */

#ifndef GL_INGEST_INTERNAL_H
#define GL_INGEST_INTERNAL_H

#include <glib.h>
#include <sys/queue.h>

#include "clock.h"
#include "enrich/enrich.h"
#include "ingest/errand.h"
#include "ingest/inflight.h"
#include "ingest/ingest.h"
#include "writer/mailbox.h"
#include "workers/salt.h"
#include "ingest/sites.h"
#include "writer/work.h"
#include "spool/spool.h"
#include "store/account.h"
#include "store/meta.h"

struct gl_ingest_refolding; /* dirty.c */
struct gl_ingest_site;

/* How often something happened since the start, and when. */
struct gl_tally {
    uint64_t n;
    int64_t first_ms, last_ms; /* wall clock */
};

/*
 * One database: an account's, or meta.db (store NULL) for frames of no
 * account.
 *
 *   IDLE --begin--> BEGUN --commit--> IDLE
 *     ^               | any error         a bad frame: BEGUN again, frame by
 *     |               v                   frame (careful)
 *     '---- retry -- FAILED --holds the spool--> its frames are parked
 *     |                |
 *     '-- REPLAYING <--'  what is parked is applied before anything newer
 */
struct gl_ingest_account {
    char id[GL_ACCOUNT_ID_LEN + 1];
    struct gl_account *store;

    int begun;          /* in this round */
    int late;           /* begun with GL_COMMIT_LATER */
    int careful;        /* frame by frame, each with a savepoint */
    int bad;            /* a frame was refused: to be done again carefully */
    GPtrArray *entries; /* struct gl_ingest_entry in the transaction */
    GPtrArray *sites;   /* struct gl_ingest_site in the transaction */

    uint32_t commits; /* that happened */
    int failed;       /* nothing is applied until retry_at_ms */
    int held;         /* nothing is wrong: its file is being written anew */
    int moving;       /* a site of it is being copied: no day is folded */
    int parking;      /* failing, and it is time to park */
    int replaying;    /* failed no more, but what is parked comes first */
    int behind;       /* scratch of retry.c */
    int failures;
    int64_t failing_since_ms; /* boot clock */
    uint64_t look;            /* of its damaged file: gl_account_look() */
    uint64_t held_bytes;      /* of segments with frames it has not; failing */
    GArray *parked_files;     /* struct gl_ingest_parked, in order of time */
    int64_t retry_at_ms;      /* boot clock */
    struct gl_tally rejected;
    int error;          /* enum gl_store_error of the last one; 0 = well */
    int64_t failing_ms; /* wall clock: since when it fails; 0 = well */
    int read_only;      /* its file is damaged: nothing is written to it */
    uint64_t parked;    /* frames that wait in DATA/parked */

    LIST_HEAD(, gl_ingest_entry) all; /* of every segment it has frames in */
    int unsearched;       /* rows of gone segments could not be told yet */
    GByteArray *dropped;  /* ids of segments unlinked, not yet synced (R11) */
    GByteArray *gone;     /* the same, synced: rows to forget */
    GArray *dirty;        /* struct gl_ingest_day to be marked */
    int64_t refold_at_ms; /* boot clock; INT64_MAX = nobody late, no day */
    enum {
        GL_NIGHT_NONE,   /* no visitor is known by two ids */
        GL_NIGHT_LOGGED, /* but perhaps in the log of the file */
        GL_NIGHT_LINKED  /* some may be */
    } night;
};

/* A segment in DATA/parked/<account>. */
struct gl_ingest_parked {
    uint8_t id[GL_SEGMENT_ID_BYTES];
    int64_t wall_ms; /* of the segment's creation */
    uint32_t frames;
};

struct gl_ingest_day {
    int64_t site, day;
};

/* How far one segment has come in one database. */
struct gl_ingest_entry {
    struct gl_ingest_entry *next; /* of the same segment */
    LIST_ENTRY(gl_ingest_entry) of_account;
    struct gl_spool_segment *segment;
    struct gl_ingest_account *account;
    uint32_t seen;    /* highest index for this database */
    uint32_t upto;    /* committed; the file may be further unless current */
    uint32_t before;  /* the same before this life */
    int asked;        /* the database told that */
    uint32_t pending; /* highest in the open transaction */
    uint32_t known;   /* connection that told upto, 0 = not asked since */
    int parked;       /* a durable copy holds all its frames */
    uint64_t lost;    /* of_meta: frames lost, as committed */
    int unsure;       /* the same: perhaps more */
};

/* Counted since the start; names as in the status answer. */
struct gl_ingest_counters {
    uint64_t rounds, frames, rows, bots, drops, late, skipped;
    uint64_t undecodable, unknown_site, rejected, crashed, clock_suspect;
    uint64_t failures, rebuilds, rebuild_us, evictions, refolds, refold_rows;
    uint64_t longest_turn_ms; /* of the loop */
};

/* Accounts in a round that are synced one by one; with more of them a syncfs
 * comes at its end. */
#define GL_INGEST_FULL_ACCOUNTS 32
#define GL_INGEST_MEMO 256 /* slots, a power of two */

struct gl_ingest {
    const struct gl_conf *conf;
    struct gl_ingest_events events;
    pthread_t thread;
    struct gl_mailbox *mailbox;

    int data_lock; /* descriptor of DATA, -1 = not locked */
    struct gl_spool *spool;
    struct gl_meta *meta;
    struct gl_accounts *pool;
    struct gl_enrich *enrich;
    struct gl_decoder *decoder;
    struct gl_inflight *inflight; /* NULL = crashes leave no mark */

    struct gl_ingest_account of_meta;
    GHashTable *accounts; /* id -> struct gl_ingest_account */
    GHashTable *sites;    /* id -> struct gl_ingest_site */
    GHashTable *zones;    /* name -> struct gl_zone */
    struct gl_ingest_site *memo[GL_INGEST_MEMO]; /* by hash of the domain */
    GPtrArray *begun;   /* accounts in a transaction */
    GPtrArray *nights;  /* accounts whose `night` is not over */
    GPtrArray *late;    /* committed with GL_COMMIT_LATER, not yet synced */
    int parking;        /* some account is */
    int64_t park_at_ms; /* boot clock: not before; parking failed */
    size_t site_bytes;  /* memory of all objects */
    TAILQ_HEAD(, gl_ingest_site) objects; /* longest unused first */

    int64_t began_ms;        /* wall: when this life did */
    int64_t now_ms, boot_ms; /* of this turn of the loop */
    int64_t doorbell_ms;     /* boot: first hint since the last round, or 0 */
    uint32_t hinted;         /* frames that came by hint since then */
    uint32_t round_accounts; /* that began a transaction in this round */
    int large;               /* there were many in the last one */
    int64_t round_ms;        /* how long the last round took */
    int64_t rest_ms;         /* before the next one; none after a backlog,
                                whose rounds say nothing about the next */
    int64_t round_end_ms, tick_ms, salt_ms; /* boot: when last done */
    struct gl_salt_clock salt_clock;
    int backlog;         /* the last round left frames unread */
    int passing;         /* frames of a round are under way */
    int caught_up;       /* one round did not */
    int busy;            /* there is work left that waits for no clock */
    int64_t refold_days; /* how many dirty days the last refold had */
    struct gl_ingest_refolding *refolding; /* under way; or NULL */
    int64_t refold_ms;                     /* boot: when the next may begin */
    int spools;                /* folders that segments were ever read from */
    uint64_t least_free_bytes; /* of DATA, while an account wants space */
    GPtrArray *watched;        /* sites with watchers */
    GQueue *unexamined; /* ids of accounts to look at in the background */
    GArray *leftovers;  /* ids of sites, scratch of closing.c */
    GArray *remains;    /* struct gl_ingest_remain */
    struct gl_ingest_work work;

    struct gl_errand *errand; /* the last one, running or done; or NULL */
    int64_t errand_id;        /* its number since the start */

    struct gl_ingest_counters counters;

    uint64_t round_frames; /* of the last round */
    GArray *conditions;    /* struct gl_condition, of the last second */
    int64_t state_since_ms[GL_CONDITION_KINDS]; /* wall; 0 = it is not so */
    struct gl_meta_sum refused, lost;           /* of the last day */
    int64_t sums_ms;           /* boot: when these were asked; 0 = ask */
    int64_t cut_ms;            /* wall: the last power cut, 0 = none */
    struct gl_tally suspect;   /* times that are not believed */
    struct gl_tally set_aside; /* frames counted in meta.db */
    int64_t sites_due_ms; /* boot: the workers' file; INT64_MAX = it is so */
    int64_t sites_ms;     /* boot: when it was written last */
    char sites_why[512];  /* why workers do not know all sites; "" = they do */
};

/* ---- loop.c ---- */

void *gl_ingest_run_(void *ingest); /* the thread */
void gl_ingest_look_at_clocks_(struct gl_ingest *in);
void gl_ingest_make_salt_(struct gl_ingest *in);

/* ---- round.c ---- */

/* Read, apply and commit what there is.  1 = frames are left unread. */
int gl_ingest_round_(struct gl_ingest *in);
/* Apply and commit FRAMES, parked ones of ACCOUNT.  What of them belongs to
 * meta.db counts there by NOTE's id. */
void gl_ingest_take_parked_(struct gl_ingest *in,
                            struct gl_ingest_account *account,
                            const struct gl_spool_frame *frames, size_t n,
                            struct gl_spool_segment *note);
/* 0 = nothing in FRAME is ACCOUNT's.  What cannot be decoded may be. */
int gl_ingest_belongs_(struct gl_ingest *in,
                       const struct gl_ingest_account *account,
                       const struct gl_frame *frame);

/* ---- batch.c ---- */

struct gl_ingest_account *gl_ingest_account_(struct gl_ingest *in,
                                             const char *id);
void gl_ingest_accounts_init_(struct gl_ingest *in); /* meta.db's own */
void gl_ingest_account_fini_(struct gl_ingest_account *account);

/* The account was removed. */
void gl_ingest_forget_account_(struct gl_ingest *in, const char *id);

/* A transaction is open: 0, or -1 and the account has failed. */
int gl_ingest_begin_(struct gl_ingest *in, struct gl_ingest_account *account);
/* Commit every account that has begun, and one sync for many. */
void gl_ingest_commit_all_(struct gl_ingest *in);
/* R9: after ERROR (-enum gl_store_error) anywhere in a transaction. */
void gl_ingest_fail_(struct gl_ingest *in, struct gl_ingest_account *account,
                     int error);
/* Give up what was begun, without anything being wrong (no frame in it). */
void gl_ingest_cancel_(struct gl_ingest *in,
                       struct gl_ingest_account *account);
/* The same, and whether ACCOUNT's commit happened: 0 or -1. */
int gl_ingest_commit_(struct gl_ingest *in, struct gl_ingest_account *account);
/* Mark a day dirty with the account's next commit. */
void gl_ingest_dirty_(struct gl_ingest *in, struct gl_ingest_account *account,
                      int64_t site, int64_t day);

/* ---- space.c ---- */

/* Once a second; WANTED: an account failed that space may help.  1 = the disk
 * of DATA has more of it than before. */
int gl_ingest_space_back_(struct gl_ingest *in, int wanted);

/* ---- park.c ---- */

/* Once a second: which accounts hold the spool. */
void gl_ingest_choose_parking_(struct gl_ingest *in);
/* A copy of one segment for one of them, so that rounds go on in between: 1 =
 * did something. */
int gl_ingest_park_(struct gl_ingest *in);
/* 1 = the segment ID is in ACCOUNT's parked folder. */
int gl_ingest_is_parked_(const struct gl_ingest_account *account,
                         const uint8_t *id);
/* There is such a file, or no more. */
void gl_ingest_add_parked_(struct gl_ingest_account *account,
                           const struct gl_ingest_parked *parked);
void gl_ingest_drop_parked_(struct gl_ingest_account *account, guint at);
/*
 * meta.db counts what it must of a parked segment (a frame that ended glintod)
 * under an id of its own: its row of the segment itself may be past the frame.
 */
void gl_ingest_note_id_(uint8_t note[GL_SEGMENT_ID_BYTES],
                        const struct gl_ingest_account *account,
                        const uint8_t *id);
/* 1 = ID is one of these, of a segment that is parked now. */
int gl_ingest_is_note_(struct gl_ingest *in, const uint8_t *id);

/* ---- retry.c ---- */

/* Once a second: accounts whose time to try again has come, or space. */
void gl_ingest_retry_(struct gl_ingest *in);
/* The frames of accounts that are BEHIND come again; those they have are
 * skipped by index. */
void gl_ingest_deliver_again_(struct gl_ingest *in);

/* ---- replay.c ---- */

/* At start: what an earlier life parked. */
int gl_ingest_find_parked_(struct gl_ingest *in, char *why, size_t why_len);
/* One parked segment of an account that works again: 1 = did something. */
int gl_ingest_replay_(struct gl_ingest *in);

/* ---- apply.c ---- */

/* 0 or -enum gl_store_error; inside SITE's account's transaction. */
int gl_ingest_apply_(struct gl_ingest *in, struct gl_ingest_site *site,
                     const struct gl_event *event);

/*
 * An event as its row: words, place, agent and origin to codes.  GIVEN may be
 * NULL; what it has outranks what the agent and the referrer tell (import).
 * 0, 1 = it was a bot or spam and is counted as such, or -enum gl_store_error.
 */
struct gl_ingest_given {
    struct gl_text source, channel;
    struct gl_store_agent agent;
};
int gl_ingest_row_(struct gl_ingest *in, struct gl_ingest_site *site,
                   const struct gl_event *event,
                   const struct gl_ingest_given *given,
                   struct gl_store_event *row);

/* ---- settle.c ---- */

/* The entry of SEGMENT for ACCOUNT, made when new: without it the segment
 * would go while ACCOUNT has not all its frames. */
struct gl_ingest_entry *gl_ingest_entry_(struct gl_spool_segment *segment,
                                         struct gl_ingest_account *account);
/* 1 = nothing can be further in the file than ENTRY's upto. */
int gl_ingest_is_current_(struct gl_ingest *in,
                          const struct gl_ingest_entry *entry);
/* Its upto was read or committed just now. */
void gl_ingest_set_current_(struct gl_ingest *in,
                            struct gl_ingest_entry *entry);
void gl_ingest_forget_entry_(struct gl_spool_segment *segment,
                             const struct gl_ingest_account *account);
void gl_ingest_free_entries_(struct gl_spool_segment *segment);
/* Frames, parked or of a segment, that ACCOUNT has not committed: 1 = some. */
int gl_ingest_lags_(const struct gl_ingest_account *account);
/* R13: what the segments tell, into meta.db's transaction, which begins for
 * their damage, too: it is committed before those of the accounts. */
void gl_ingest_note_segments_(struct gl_ingest *in);
/* R10: tell the spool what is settled; remove what is complete. */
void gl_ingest_settle_(struct gl_ingest *in);
/* R11, R12: once a second. */
void gl_ingest_sync_(struct gl_ingest *in);
/* Every file of the directory is one we read. */
int gl_ingest_all_read_(struct gl_ingest *in);
/*
 * 1 = a segment made at WALL_MS may come again after it is gone, so that its
 * rows stay: segments were read from another folder once, and what waited at
 * the start may be a copy (cp -a) of what still waits there.
 */
int gl_ingest_may_return_(const struct gl_ingest *in, int64_t wall_ms);
/* Ids of segments that an earlier life left in ACCOUNT's table. */
int gl_ingest_find_stale_(struct gl_ingest *in,
                          struct gl_ingest_account *account);
/* Once a second: where that could not be done, when it can. */
void gl_ingest_search_again_(struct gl_ingest *in);
/* Forget rows of gone segments, in ACCOUNT's transaction. */
int gl_ingest_forget_(struct gl_ingest *in, struct gl_ingest_account *account);

/* ---- damage.c ---- */

/* SEGMENT has damage that meta.db does not know yet: its entry there. */
struct gl_ingest_entry *
gl_ingest_unnoted_damage_(struct gl_spool_segment *segment,
                          struct gl_ingest_account *of_meta);
/* Into meta.db's transaction, when the round's frames have been applied. */
void gl_ingest_write_damage_(struct gl_ingest *in);
/* That is committed. */
void gl_ingest_damage_noted_(struct gl_spool_segment *segment,
                             struct gl_ingest_account *of_meta);

/* ---- sites.c ---- */

/* By domain; NULL = unknown here, or no memory. */
struct gl_ingest_site *gl_ingest_site_(struct gl_ingest *in,
                                       struct gl_text domain);
struct gl_ingest_site *gl_ingest_site_by_id_(struct gl_ingest *in, int64_t id);
/* Its object is there and of the current day; OLDEST_MS: the oldest event to
 * come.  0 or -enum gl_store_error. */
int gl_ingest_load_(struct gl_ingest *in, struct gl_ingest_site *site,
                    int64_t oldest_ms);
/* Part of its account's transaction, so that a rollback drops the object. */
void gl_ingest_touch_(struct gl_ingest *in, struct gl_ingest_site *site);
void gl_ingest_drop_(struct gl_ingest *in, struct gl_ingest_site *site);
/* After a commit: memory, next closing. */
void gl_ingest_weigh_(struct gl_ingest *in, struct gl_ingest_site *site);
/* Forget a site that was moved or removed. */
void gl_ingest_forget_site_(struct gl_ingest *in, int64_t id);
/* An event or a watcher came to SITE: it is evicted last. */
void gl_ingest_use_(struct gl_ingest *in, struct gl_ingest_site *site);
void gl_ingest_evict_(struct gl_ingest *in);

/* ---- closing.c ---- */

/* Close the visits of SITE that are over at NOW, in its transaction. */
int gl_ingest_close_(struct gl_ingest *in, struct gl_ingest_site *site,
                     int64_t now_ms);
/* Once a second, without a backlog: sites whose visits end by time. */
void gl_ingest_close_due_(struct gl_ingest *in);
/* Look at one account that an earlier life left; 1 = did something. */
int gl_ingest_examine_(struct gl_ingest *in);

/* ---- live.c ---- */

void gl_ingest_watch_site_(struct gl_ingest *in, const char *domain,
                           int change);
void gl_ingest_tell_(struct gl_ingest *in);
/* SITE's numbers now, or the last that were told; and its conditions. */
void gl_ingest_live_(struct gl_ingest *in, struct gl_ingest_site *site,
                     struct gl_live *live);

/* ---- conditions.c ---- */

void gl_ingest_tally_(struct gl_tally *tally, int64_t now_ms);
/* Once a second: what holds now. */
void gl_ingest_look_around_(struct gl_ingest *in);
/* What an account that fails with ERROR (enum gl_store_error) is called. */
enum gl_condition_kind
gl_ingest_fault_(const struct gl_ingest *in,
                 const struct gl_ingest_account *account, int error);
/* Frames a second while a backlog is read, else 0. */
uint64_t gl_ingest_rate_(const struct gl_ingest *in);
/* What the readers of SITE's numbers should know. */
void gl_ingest_tell_conditions_(const struct gl_ingest *in,
                                const struct gl_ingest_site *site,
                                struct gl_live *live);
/* The same: its numbers could not be read just now, for ERROR. */
void gl_ingest_tell_fault_(const struct gl_ingest *in,
                           const struct gl_ingest_site *site, int error,
                           struct gl_live *live);

/* ---- dirty.c ---- */
/* A step of folding again, when it is time: 1 = another need not wait. */
int gl_ingest_refold_due_(struct gl_ingest *in);
/* Give up what is under way for ACCOUNT (NULL = any), to begin again. */
void gl_ingest_refold_stop_(struct gl_ingest *in,
                            const struct gl_ingest_account *account);
/* While in->refolding: a row of VISITOR was stored, or a visit closed. */
void gl_ingest_disturb_(struct gl_ingest *in, int64_t site, uint64_t visitor);
/* A step of the dirty days of SITE now, once a turn: 1 = they are not folded
 * yet, 0 = there are none, or -enum gl_store_error. */
int gl_ingest_refold_(struct gl_ingest *in, struct gl_ingest_site *site);

/* ---- night.c ---- */
/* ACCOUNT's next commit has visitors with two ids, or an earlier one had. */
void gl_ingest_note_night_(struct gl_ingest *in,
                           struct gl_ingest_account *account);
/* Of an earlier life, erased, perhaps not from the log. */
void gl_ingest_note_log_(struct gl_ingest *in,
                         struct gl_ingest_account *account);
/* Once a second: where the night is over, ids are linked no more. */
void gl_ingest_end_nights_(struct gl_ingest *in);
/* The same for one account with no dirty day, if it is time. */
void gl_ingest_end_night_(struct gl_ingest *in,
                          struct gl_ingest_account *account);

/* ---- route.c ---- */
/* A change that a full disk does not allow; %s = the folder. */
#define GL_INGEST_NO_ROOM                                                     \
    "there is no room on the disk of %s; try again when there is"

/*
 * R15: everything read so far is committed, TO has taken note of the cursors.
 * 0, or -1 with a sentence in WHY and *STATUS for the answer.
 */
int gl_ingest_reroute_(struct gl_ingest *in, struct gl_ingest_account *from,
                       struct gl_ingest_account *to, int *status, char *why,
                       size_t why_len);
/* Write the workers' file anew; in->sites_why says whether it worked. */
void gl_ingest_write_sites_(struct gl_ingest *in);
/* At once, or at in->sites_due_ms when it is long and was written just now. */
void gl_ingest_sites_changed_(struct gl_ingest *in);

/* ---- verbs.c ---- */

/* Run CALL and give its answer, or keep it until its work is done. */
void gl_ingest_call_(struct gl_ingest *in, struct gl_call *call);
/* VERB changes nothing: it is answered while a backlog is read. */
int gl_ingest_reads_(const char *verb);

#endif
