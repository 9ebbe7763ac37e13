/*
 * A city from nothing that has its newest day first ("--newest"): it begins
 * two days back, and what is older is left out.
 *
 *       left out            first                now
 *   ──────────────────────────┼───────────────────┼──► transactions
 *    changes: made at once     in their places
 *
 * Two days, since a day of any time zone began within the last one, and a
 * visit of it within the one before (count/).  So that day is as in a city
 * that has all.  What is older cannot come later into the same data: changes
 * that held for it are made (conf/CITIES.md says how a city gets it).
 *
 * The follower's thread.
 */

#ifndef GL_LOG_NEWEST_H
#define GL_LOG_NEWEST_H

#include "log/server.h"

struct gl_followed;

/* Of a city that has read nothing yet, else nothing is done: FOLLOWED gets
 * where it begins.  0, -1 with SERVER's .why, or -2 with FOLLOWED's. */
int gl_newest_begin(struct gl_server *server, struct gl_followed *followed);

#endif
