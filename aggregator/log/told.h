/*
 * What this program tells glintod, which shows it in "glinto status": a file
 * of JSON each in DATA, replaced whole once a second.
 */

#ifndef GL_LOG_TOLD_H
#define GL_LOG_TOLD_H

#include "log/lane.h"

#include <glib.h>
#include <stdint.h>

/* Of several primaries it is the splitter's, and each has one of its own,
 * "log-NAME.json". */
#define GL_TOLD_LOG_NAME "log.json"
#define GL_TOLD_FOLLOW_NAME "follow.json"
#define GL_TOLD_LOST_NAME "lost"

/* Of the forwarder.  ALARM, here and below: WHY does not pass by itself,
 * machines or servers must be told otherwise. */
struct gl_told_log {
    const char *why; /* NULL = the log takes events */
    int alarm;
    int64_t complete_ms; /* wall: all answered until then is in it; 0 = as yet
                            nobody knows */
    uint64_t frames, chunks; /* sent in this life */
};

/* Of the splitter. */
struct gl_told_split {
    const char *why; /* NULL = events go to their lanes */
    uint64_t frames; /* that went there in this life */
    const struct gl_lanes_set *lanes;
    int64_t lane_bytes; /* each takes so much */
};

/* Of an edge: all that it answered until COMPLETE_MS is in the log. */
struct gl_told_edge {
    char *name;
    int64_t complete_ms;
};

/* Of the follower. */
struct gl_told_follow {
    const char *why; /* NULL = it reads the log */
    int alarm;
    const char *server; /* which it reads: host and port, or the socket */
    GArray *edges;      /* struct gl_told_edge, of what was handed over */
    uint64_t frames, damaged; /* handed over in this life; chunks in pieces */
    int full;                 /* glintod has as much as it may wait for */
    int64_t begins_ms;        /* older events are not here; 0 = all are */
};

/* PRIMARY is its name, "" = there is one. */
void gl_told_log_write(const char *data, const char *primary,
                       const struct gl_told_log *told);
void gl_told_split_write(const char *data, const struct gl_told_split *told);
/* Lines "SEGMENT INDEX N AT" (lost.h): 0, or -1. */
int gl_told_lost_write(const char *data, const char *text);
/* Of the copies of changes on the primary NAME; WHY is NULL = it has all. */
void gl_told_changes_write(const char *data, const char *name, const char *why,
                           int alarm);
void gl_told_follow_write(const char *data, const struct gl_told_follow *told);

#endif
