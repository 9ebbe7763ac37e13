/*
 * The outbox: a folder with one file a mail, or a notice for a program, that
 * glintod wrote and glinto-mail hands on.
 *
 *     OUTBOX/2026-W47-k3v...      JSON, glintod's; nobody else writes there
 *     JOURNAL/2026-W47-k3v...     what became of it, glinto-mail's alone
 *
 * A file is there whole or not at all, and is on the disk.  Any thread.
 */

#ifndef GL_OUTBOX_OUTBOX_H
#define GL_OUTBOX_OUTBOX_H

#include <glib.h>
#include <jansson.h>

/* ID into FOLDER, unless it is there: 0, or -1 with errno. */
int gl_outbox_put(const char *folder, const char *id, const json_t *mail);
/* The mail ID, the caller's; NULL: it is not there, or is none. */
json_t *gl_outbox_get(const char *folder, const char *id);
int gl_outbox_has(const char *folder, const char *id);
/* 0, also when it is not there, or -1 with errno. */
int gl_outbox_remove(const char *folder, const char *id);
/* The names of all mails in FOLDER, sorted, of char *: the caller's.  NULL:
 * the folder cannot be read. */
GPtrArray *gl_outbox_list(const char *folder);
/* What was made or removed in FOLDER is on the disk: 0, or -1 with errno.
 * Inside this room only. */
int gl_outbox_sync_(const char *folder);

#endif
