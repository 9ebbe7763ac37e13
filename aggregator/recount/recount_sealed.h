/*
 * Days of a recount whose rows were let go: what is sealed of them, by the
 * tables of extension/, with codes in place of texts.
 */

#ifndef GL_RECOUNT_RECOUNT_SEALED_H
#define GL_RECOUNT_RECOUNT_SEALED_H

#include "recount/recount.h"

/* Into temp.v and temp.e, whole visits: of those of the N days from FROM on
 * whose rows were let go.  run->sealed tells which. */
enum gl_executed gl_recount_take_sealed_(struct gl_recount *run, int64_t site,
                                         int64_t from, int64_t n);

#endif
