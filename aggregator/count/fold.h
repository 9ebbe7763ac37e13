/* The slow path: visits as a function of a set of rows. */

#ifndef GL_COUNT_FOLD_H
#define GL_COUNT_FOLD_H

#include <stddef.h>

#include "count/count.h"

/* Sort ROWS as gl_fold() needs them. */
void gl_fold_sort(struct gl_row *rows, size_t n, const struct gl_words *words);

/*
 * Make the visits of N sorted rows: sets each row's mark, and calls VISIT once
 * for each visit with FIRST..LAST, the indexes of its first and last row.
 */
void gl_fold(struct gl_row *rows, size_t n, const struct gl_count_rules *rules,
             void (*visit)(void *arg, const struct gl_visit *visit,
                           size_t first, size_t last),
             void *arg);

#endif
