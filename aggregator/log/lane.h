/*
 * Lanes: a folder of segments for each primary, FOLDER/NAME, in which a spool
 * is split (split.h).  A turn of it is one commit of lanes.db, and one sync:
 *
 *   frames ─► gl_lane_add() ─► note: how far each segment of the spool was
 *                                    split, and these bytes, where they go
 *                           ─► commit
 *                           ─► show: the bytes, at the end of segments of the
 *                              lanes that grow (growing.h)
 *
 * So what a forwarder can see is decided and durable.  Files are synced when
 * there is time, before what is kept of them in lanes.db goes:
 *
 *   no more comes to it ─► sync, and its folder ─► commit: it does not grow,
 *   nothing of it is kept ─► lock gone: its forwarder may remove it
 *
 *   killed, or power lost      found by the next start
 *   ───────────────────────    ─────────────────────────────────────────────
 *   before the commit          nothing of the turn: its frames are split anew
 *   after it, nothing shown    all of it: what is kept is written, at the same
 *                              place; a new file is made
 *   shown in part, or seen     the same: what a forwarder took of it has the
 *   by a forwarder             same place, of the same segment
 *   all shown, power lost      what is kept is what no sync has covered
 *   synced, not committed      what is kept is written once more
 *   committed, the lock held   no row: it is whole
 *
 * A file that has more than is kept of it and is not there was taken, with all
 * it had.  Forwarders read nothing before .ready: a lock that nobody has says
 * that a segment is whole.
 *
 * One thread: the splitter's.
 */

#ifndef GL_LOG_LANE_H
#define GL_LOG_LANE_H

#include "cluster.h"
#include "log/growing.h"
#include "log/handover.h"
#include "log/lost_file.h"
#include "store/lanes.h"

#include <glib.h>
#include <stdatomic.h>
#include <stddef.h>

struct gl_lane {
    char name[GL_CLUSTER_NAME_MAX]; /* of its primary */
    char *folder;
    int dir;
    struct gl_handover *handover;
    GPtrArray *open;    /* struct gl_growing */
    uint32_t next_size; /* of the next of these, bytes */
    int lets_go;        /* this turn: what an older version held is in OPEN */
    int waiting;        /* segments in it, when last looked */
    int64_t size;       /* bytes of these */
    atomic_llong until_ms; /* wall: all until then is in its segments */
};

struct gl_lanes_set {
    char *folder;
    GPtrArray *lanes;    /* struct gl_lane; those of the cluster come first */
    struct gl_lanes *db; /* NULL = not open */
    atomic_int ready;    /* files are as that says: they may be read */
    char why[512];
};

/* Those of CLUSTER, in its order, and folders that are missing; nothing is
 * read.  NULL with a sentence in WHY. */
struct gl_lanes_set *gl_lanes_set_new(const char *folder,
                                      const struct gl_cluster *cluster,
                                      char *why, size_t why_len);
void gl_lanes_set_free(struct gl_lanes_set *set);

/* Whatever is in memory: as lanes.db says.  0, or -1 with .why. */
int gl_lanes_set_recover(struct gl_lanes_set *set);

/* That of the primary NAME, which is made if it is missing: its segments wait.
 * NULL with .why. */
struct gl_lane *gl_lanes_set_find(struct gl_lanes_set *set, const char *name);
void gl_lane_add(struct gl_lane *lane, const struct gl_chunk_frame *frame);

/* What of segments that grow got nothing lately, or nothing in this turn if
 * ALL, gets nothing more. */
void gl_lanes_set_end(struct gl_lanes_set *set, int64_t boot_ms, int all);

/* A turn, in this order; the second inside a transaction.  BUSY: more frames
 * wait, so what can be done later is.  0, or -1 with .why: then
 * gl_lanes_set_recover() is due. */
int gl_lanes_set_write(struct gl_lanes_set *set, int busy);
int gl_lanes_set_note(struct gl_lanes_set *set);
int gl_lanes_set_show(struct gl_lanes_set *set, int64_t boot_ms);
/* All of it has come to lanes: what was answered until NOW_MS (wall) is. */
void gl_lanes_set_until(struct gl_lanes_set *set, int64_t now_ms);
/* A failed turn. */
void gl_lanes_set_undo(struct gl_lanes_set *set);

/* 1 = a turn without frames has something to do. */
int gl_lanes_set_is_due(const struct gl_lanes_set *set, int busy);
/* Look at the folders, for .size: which lane has most. */
const struct gl_lane *gl_lanes_set_look(struct gl_lanes_set *set);

/* Requests refused, as gl_handover_refused(), of no account: for each primary
 * of the cluster, so that all cities tell.  0, or -1 with .why. */
int gl_lanes_set_refused(struct gl_lanes_set *set, int n,
                         const uint8_t life[GL_SEGMENT_ID_BYTES],
                         const struct gl_segment_drops *drops);
/* The same of LOST, which the spool has lost. */
int gl_lanes_set_lost(struct gl_lanes_set *set, int n,
                      const struct gl_lost *lost);

/* Lanes' own: -1, with .why by errno, and by what lanes.db says. */
int gl_lane_failed_(struct gl_lanes_set *set, const struct gl_lane *lane);
int gl_lanes_failed_(struct gl_lanes_set *set);

#endif
