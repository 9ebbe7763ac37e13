/*
 * The night's job, on the primary's side: chunks of the day before, and of the
 * first hours of this one, become packs, in which no visitor of two days is
 * one any more (people.h).
 *
 *   chunk ── slot 7 ──► pack, of slot 7     one job at a time, of any machine
 *         └─ slot 8, where chunks come from now on
 *
 *   1  a new slot, in a transaction that waits for those of edges, and for
 *      which they wait: no transaction of the old slot is newer than one of
 *      the new slot
 *   2  packs are written, which no city looks at yet
 *   3  the old slot is dropped and its packs hold, in one transaction
 *   4  what sites erased goes from the packs (night_erase.h), and what is
 *      older than they keep it (night_retain.h)
 *
 * Killed at any time it is done again from where nothing of it is seen.
 */

#ifndef GL_LOG_NIGHT_H
#define GL_LOG_NIGHT_H

#include "conf.h"

/* What it did. */
struct gl_nighted {
    int slots; /* how many became packs */
    uint64_t chunks, packs, frames, people;
    uint64_t bytes;   /* of packs */
    uint64_t erased;  /* frames of older packs, of sites reset or removed... */
    uint64_t expired; /* ...or older than retention_days says */
    uint64_t dropped; /* packs of which all was */
};

struct gl_night;

/* On the server of CONNINFO; NAME is its primary's, "" = there is one.  All is
 * the caller's. */
struct gl_night *gl_night_new(const struct gl_conf *conf, const char *name,
                              const char *conninfo, int stop_fd);
void gl_night_free(struct gl_night *night);
/* Until STOP_FD is readable; a thread of its own: it does the job three hours
 * after midnight, UTC. */
void *gl_night_run(void *night);

/* "glinto-postgresql night": do it now, on all primaries.  The status of this
 * program; prints. */
int gl_night_now(const struct gl_conf *conf);

#endif
