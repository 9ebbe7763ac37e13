/*
 * Plain SQL over what a reader sees, for who counts again what others have
 * counted (recount/recount.h).
 */

#ifndef GL_STORE_DB_PLAIN_H
#define GL_STORE_DB_PLAIN_H

struct gl_account;
struct sqlite3;

/* The connection of READER, after gl_account_read(): it sees the same commit,
 * and its own temporary tables. */
struct sqlite3 *gl_account_plain(struct gl_account *reader);

#endif
