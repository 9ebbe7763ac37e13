/*
 * Bots of a transaction, added up in memory: the same few come again and
 * again, and a row of `bots` is changed once.  Written before the commit and
 * before a savepoint.  Inside store/ only.
 */

#ifndef GL_STORE_BOTS_ADDED_H
#define GL_STORE_BOTS_ADDED_H

#include <stddef.h>
#include <stdint.h>

struct gl_account;
struct gl_bot_added;

#define GL_BOT_TEXTS_N 5 /* reason, family, page, operator, kind */

struct gl_bots_added {
    struct gl_bot_added *slots; /* NULL: there are none */
    size_t used, size;
};

/* N more of the bot with these TEXTS: 0 or an error. */
int gl_bots_added_(struct gl_account *account, int64_t site, int64_t day,
                   const char *const texts[GL_BOT_TEXTS_N], uint64_t n);
/* Write them: 0 or an error. */
int gl_bots_flush_(struct gl_account *account);
void gl_bots_clear_(struct gl_bots_added *added);

#endif
