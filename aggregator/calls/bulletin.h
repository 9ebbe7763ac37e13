/*
 * What the writer says of itself and of one site, for threads that must not
 * wait for it: told once a second, and at the end of the turn when somebody
 * asks.  Who asks waits a moment for that, so that the answer is newer than
 * the question; while the writer takes longer, what was told last is the
 * answer, and the next who ask have it at once.
 */

#ifndef GL_CALLS_BULLETIN_H
#define GL_CALLS_BULLETIN_H

#include "ingest/state.h"
#include "live/numbers.h"
#include "spool/stats.h"
#include "store/account/accounts.h"

/* A turn is a commit or a few; one of 250 ms is the longest there may be. */
#define GL_BULLETIN_TOLD_MS 50
#define GL_BULLETIN_LIVE_MS 250

/* An account whose storage does not work, or of which something is parked. */
struct gl_told_account {
    char id[GL_ACCOUNT_ID_LEN + 1];
    int works;
    uint64_t parked_files, parked; /* segments, frames */
};

/* Nobody changes it any more. */
struct gl_told {
    int refs; /* behind the bulletin's lock */
    int64_t now_ms;
    struct gl_ingest_counters counters;
    int64_t round_ms;
    uint64_t site_bytes, site_objects, watched, frames_per_s, gathered;
    struct gl_enrich_lookups agents;
    int backlog;
    struct gl_spool_stats spool;
    struct gl_accounts_stats store;
    struct gl_ingest_unknown unknown[GL_INGEST_UNKNOWN_MAX];
    char sites_why[sizeof((struct gl_workers *) NULL)->sites_why];
    char cluster_why[sizeof((struct gl_ingest *) NULL)->cluster_why];
    unsigned int lane_fill;
    char lane[sizeof((struct gl_ingest *) NULL)->lane];
    struct gl_condition_places places;
    GArray *conditions; /* struct gl_condition */
    GArray *accounts;   /* struct gl_told_account */
};

struct gl_bulletin *gl_bulletin_new(struct gl_mailbox *wake);
void gl_bulletin_free(struct gl_bulletin *bulletin);

/* ---- one thread that is not the writer's, at a time ---- */

/* What is told now, or what was last, until gl_bulletin_leave(). */
struct gl_told *gl_bulletin_enter(struct gl_bulletin *bulletin);
struct gl_told *gl_bulletin_last(struct gl_bulletin *bulletin);
void gl_bulletin_leave(struct gl_bulletin *bulletin, struct gl_told *told);
/* The numbers of the site with ID, of now or the last that were asked for: 1
 * and *LIVE, or 0. */
int gl_bulletin_live(struct gl_bulletin *bulletin, int64_t id,
                     struct gl_live *live);

/* ---- the writer ---- */

/* The site whose numbers are asked for: once a turn. */
void gl_bulletin_tell_live_(struct gl_ingest *in);
/* All else: when a turn is over, if it is asked for or a second has passed. */
void gl_bulletin_tell_(struct gl_ingest *in);

#endif
