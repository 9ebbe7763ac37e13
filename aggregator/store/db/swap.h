/*
 * One connection for many files, one after the other: its file and its log are
 * exchanged below it, by a VFS, and SQLite sees what it sees when another
 * process has changed them.
 *
 *   sqlite3 ──► page cache, statements, tables: stay
 *                 │
 *                 ▼
 *               swap ──► file, log of A ──► of B ──► of C
 *
 * The files are this connection's alone while it has them, by SQLite's own
 * lock on the file, and the index of the log is in memory.  After an exchange
 * that index is empty, so the log is read and pages of before are dropped, as
 * after a crash of somebody else.  Statements and tables are believed as long
 * as the file's schema cookie is the same: whoever exchanges asks whether the
 * tables are.
 *
 * One thread.  Inside this room only.
 */

#ifndef GL_STORE_DB_SWAP_H
#define GL_STORE_DB_SWAP_H

#include <sqlite3.h>

struct gl_swap;

/* NULL without memory. */
struct gl_swap *gl_swap_new(void);
/* No connection uses it any more. */
void gl_swap_free(struct gl_swap *swap);

/* The name to open a connection by; it opens the file of gl_swap_to(). */
const char *gl_swap_vfs(const struct gl_swap *swap);

/* From now on PATH, absolute and without links: SQLITE_OK, or an error, and
 * then no file.  SQLITE_BUSY: somebody else has it open.  No statement of the
 * connection may be under way, and no transaction. */
int gl_swap_to(struct gl_swap *swap, const char *path);
/* No file: it is closed, and its lock goes. */
void gl_swap_away(struct gl_swap *swap);

/* The first LEN bytes of the file: SQLITE_OK or an error. */
int gl_swap_head(struct gl_swap *swap, void *to, int len);

#endif
