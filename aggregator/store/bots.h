/*
 * What an account's file has of bots.  Any thread.
 */

#ifndef GL_STORE_BOTS_H
#define GL_STORE_BOTS_H

#include <stdint.h>

#include "store/rows/tallies.h"

struct gl_meta;

/* Of SITE in the file of ACCOUNT, from the UTC day FROM on, the newest first;
 * at most LIMIT rows.  Only the folder of META is used.  0; -1: the file
 * cannot be read now. */
int gl_bots_read(const struct gl_meta *meta, const char *account, int64_t site,
                 int64_t from, int limit,
                 void (*each)(void *arg, int64_t day,
                              const struct gl_store_bot *bot, int64_t n),
                 void *arg);

#endif
