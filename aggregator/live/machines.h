/*
 * What glinto-postgresql tells of this machine (log/told.h) that does not pass
 * by itself: machines or servers that do not agree, and lanes that fill.
 *
 * Writer thread.
 */

#ifndef GL_LIVE_MACHINES_H
#define GL_LIVE_MACHINES_H

#include "ingest/state.h"

/* Once a second: .cluster_why, who does not agree, and how, "" = all do;
 * .lane, the primary of the fullest lane, and .lane_fill, that in percent of
 * its room.  Of a machine alone nothing is read. */
void gl_live_ask_machines_(struct gl_ingest *in);

#endif
