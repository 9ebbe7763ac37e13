/*
 * How large the accounts' files were, by UTC day: the last look of a day
 * counts, and a day of which nothing is told is as the one before it.
 */

#ifndef GL_STORE_META_SIZES_H
#define GL_STORE_META_SIZES_H

#include <stdint.h>

struct gl_meta;

/* Bytes of account ID's file, with what was written to it since, now; only the
 * folder of META is used.  Any thread. */
int64_t gl_meta_size_now(const struct gl_meta *meta, const char *id);

/* Writer thread, in a transaction.  BYTES on DAY, unless that is what was told
 * last. */
int gl_meta_add_size(struct gl_meta *meta, const char *id, int64_t day,
                     int64_t bytes);

/* Of account ID, what was told on days up to LAST, from the last one that is
 * not after FIRST on: to EACH.  0, or an error. */
int gl_meta_sizes(struct gl_meta *meta, const char *id, int64_t first,
                  int64_t last,
                  void (*each)(void *arg, int64_t day, int64_t bytes),
                  void *arg);

#endif
