/*
 * A read-only connection that sees one file as it was at one commit, for as
 * long as it is open.  Writers go on; their log cannot be cut meanwhile.
 *
 * Any one thread.  Inside this room only.
 */

#ifndef GL_STORE_ACCOUNT_READER_H
#define GL_STORE_ACCOUNT_READER_H

#include <sqlite3.h>
#include <stddef.h>

struct gl_account;

/* NULL with a sentence in WHY. */
sqlite3 *gl_reader_open_(const char *path, char *why, size_t why_len);
void gl_reader_close_(sqlite3 *reader);

/* As gl_account_reader(), of account ID's file below the folder DATA.  NULL:
 * not an id, or out of memory. */
struct gl_account *gl_reader_of_account_(const char *data, const char *id);

#endif
