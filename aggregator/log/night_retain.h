/*
 * What the night's job does about events that are older than their site's
 * retention_days: they go from the packs, as rows go from all cities (move/
 * retention.h), by UTC days, of today as of three hours after midnight.
 *
 *   packs, by the times of their events
 *   ├── before what any site keeps ─► gone, unread
 *   ├── with a day that is too old for some site since the last night ─┐
 *   ├── of this night, with older events ──────────────────────────────┤
 *   └── all others stay                  read, written again, or gone ◄┘
 *
 * The night's thread.
 */

#ifndef GL_LOG_NIGHT_RETAIN_H
#define GL_LOG_NIGHT_RETAIN_H

#include "log/night_rewrite.h"

/* By the sites of this machine, whose files are in DATA, if it has made all
 * changes of sites: else not this night.  Adds to *PACKS those that went
 * unread.  0, or -1 with the server's .why. */
int gl_night_retain(struct gl_rewrite *r, const char *data, uint64_t *packs);

#endif
