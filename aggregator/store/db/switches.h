/*
 * How every connection that writes is set, whoever opens it.  Inside this room
 * only.
 */

#ifndef GL_STORE_DB_SWITCHES_H
#define GL_STORE_DB_SWITCHES_H

#include <sqlite3.h>

/* A foreign sqlite3 shell may hold the file; longer than this is an error: one
 * locked file must not hold up the others, it is tried again later. */
#define GL_STORE_BUSY_MS 25

/* What a commit syncs: nothing, the head of a log begun anew, all of it. */
enum gl_db_sync { GL_DB_OFF, GL_DB_NORMAL, GL_DB_FULL };

/* What is safe; before anything is read. */
void gl_store_set_switches_(sqlite3 *handle);
/* Cache, log, FULL durability: SQLITE_OK or an error. */
int gl_store_set_settings_(sqlite3 *handle);

#endif
