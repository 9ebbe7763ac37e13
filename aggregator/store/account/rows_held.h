/*
 * Rows of an import, several in one statement: beginning and ending one costs
 * SQLite as much as the row itself.  Written before the commit, before a
 * savepoint and before rows are read.  Inside store/ only.
 */

#ifndef GL_STORE_ROWS_HELD_H
#define GL_STORE_ROWS_HELD_H

#include <stdint.h>

struct gl_account;
struct gl_rows_held; /* NULL: there are none */

/* A row's first columns, as GL_SQL_INSERT has them: the first five are never
 * NULL, of the others 0 is.  The texts, its last ones, are NULL. */
#define GL_ROW_NUMBERS_N 20

/* One more: 0 or an error. */
int gl_rows_hold_(struct gl_account *account,
                  const int64_t numbers[GL_ROW_NUMBERS_N]);
/* Write those that are held: 0 or an error. */
int gl_rows_flush_(struct gl_account *account);
void gl_rows_forget_(struct gl_account *account);

#endif
