/*
 * The tables of glinto_columns for a connection of glintod's own, beside the
 * rows: temp.sealed_visits, temp.sealed_events.
 */

#ifndef GL_EXTENSION_ATTACH_H
#define GL_EXTENSION_ATTACH_H

struct sqlite3;

/* 0, or a code of SQLite, which the connection tells.  They may be there. */
int gl_extension_attach(struct sqlite3 *db);
void gl_extension_detach(struct sqlite3 *db);

#endif
