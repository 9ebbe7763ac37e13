/*
 * The spool of an edge is split into lanes, one for each primary, when there
 * are several ("log cluster"):
 *
 *   workers ─► SPOOL ─► split ─► SPOOL/lanes/a ─► forward.c ─► primary a
 *                         └────► SPOOL/lanes/b ─► forward.c ─► primary b
 *
 * Whose a frame is (router.h) is decided once: how far each segment was split
 * and what came to the lanes with that are one commit of lanes.db.  So
 * whatever is killed, and whatever changes meanwhile, a frame is in one lane,
 * once.  A primary that is away holds up its own lane, until that is full;
 * then all of it waits in the spool.
 */

#ifndef GL_LOG_SPLIT_H
#define GL_LOG_SPLIT_H

#include "conf.h"
#include "log/begun.h"
#include "log/lane.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct gl_split;

/* Takes the spool's lock.  NULL with a sentence in WHY; *BUSY = 1: another has
 * the spool. */
struct gl_split *gl_split_new(const struct gl_conf *conf,
                              const struct gl_split_before *before,
                              int stop_fd, char *why, size_t why_len,
                              int *busy);
void gl_split_free(struct gl_split *split);

/* 1 = the spool of CONF was split before: to read it otherwise would bring
 * events twice, and leave some in lanes. */
int gl_split_was(const struct gl_conf *conf);

/* As long as SPLIT lives; those of the cluster come first. */
const struct gl_lanes_set *gl_split_lanes(const struct gl_split *split);
/* Frames in lanes are of sites as this change, or an older one, has left them;
 * -1 = nobody knows yet. */
const atomic_llong *gl_split_changes(const struct gl_split *split);

/* Until STOP_FD is readable; a thread of its own. */
void *gl_split_run(void *split);

#endif
