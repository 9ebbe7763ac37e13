/*
 * Bots of a transaction, added up in memory: the same few come again and
 * again, and a row of `bots` is changed once.  Written before the commit and
 * before a savepoint.  Inside store/ only.
 */

#ifndef GL_STORE_BOTS_ADDED_H
#define GL_STORE_BOTS_ADDED_H

#include <glib.h>
#include <stdint.h>

struct gl_account;

#define GL_BOT_TEXTS_N 5 /* reason, family, page, operator, kind */

/* N more of the bot with these TEXTS: 0 or an error. */
int gl_bots_added_(struct gl_account *account, int64_t site, int64_t day,
                   const char *const texts[GL_BOT_TEXTS_N], uint64_t n);
/* Write them: 0 or an error. */
int gl_bots_flush_(struct gl_account *account);
/* Of an account; NULL: there are none. */
void gl_bots_clear_(GArray **added);

#endif
