/*
 * Lanes: a folder of segments for each primary, FOLDER/NAME, in which a spool
 * is split (split.h).  Segments come into them by handover.h; what they come
 * with is in lanes.db (store/lanes.h), in one commit:
 *
 *   frames ─► gl_lane_add() ─► write: n-<id> ─► note, commit ─► show: <id>.seg
 *                                └─ or held in lanes.db, of a lane that is far
 *                                   behind, until they fill a segment
 *
 * One thread: the splitter's.
 */

#ifndef GL_LOG_LANE_H
#define GL_LOG_LANE_H

#include "cluster.h"
#include "log/handover.h"
#include "log/lost_file.h"
#include "store/lanes.h"

#include <glib.h>
#include <stdatomic.h>
#include <stddef.h>

struct gl_lane {
    char name[GL_CLUSTER_NAME_MAX]; /* of its primary */
    char *folder;
    struct gl_handover *handover;
    /* of this turn */
    GPtrArray *pieces; /* GByteArray, each as one of chunk.h */
    size_t bytes;      /* of these */
    GString *names;    /* of segments that were written */
    int writes;        /* into segments; else it is held */
    /* of all */
    int waiting;   /* segments in it, when last looked */
    int64_t size;  /* bytes of these */
    int64_t held;  /* bytes in lanes.db */
    int64_t again; /* of HELD: what it is when this turn is committed */
    atomic_llong until_ms; /* wall: all until then is in its segments */
};

struct gl_lanes_set {
    char *folder;
    GPtrArray *lanes;    /* struct gl_lane; those of the cluster come first */
    struct gl_lanes *db; /* NULL = not open */
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

/* A turn, in this order; the second inside a transaction.  0, or -1 with
 * .why: then gl_lanes_set_recover() is due. */
int gl_lanes_set_write(struct gl_lanes_set *set);
int gl_lanes_set_note(struct gl_lanes_set *set);
int gl_lanes_set_show(struct gl_lanes_set *set);
/* All of it has come to lanes: what was answered until NOW_MS (wall) is in
 * those of which nothing is held. */
void gl_lanes_set_until(struct gl_lanes_set *set, int64_t now_ms);
/* A failed turn. */
void gl_lanes_set_undo(struct gl_lanes_set *set);

/* 1 = something is held that may go into a segment now. */
int gl_lanes_set_is_due(const struct gl_lanes_set *set);
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

#endif
