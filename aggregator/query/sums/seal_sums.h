/*
 * What a set sums up to by each dimension, to be sealed with it.
 *
 * Any one thread, with a reader of its own.
 */

#ifndef GL_QUERY_SUMS_SEAL_SUMS_H
#define GL_QUERY_SUMS_SEAL_SUMS_H

#include "columns/sealed.h"

/* As struct gl_seal_sums has it; VIEW is a struct gl_query_view, of which the
 * shelf is used, and the directory for the site's zone: UTC where it is NULL.
 */
int gl_seal_sums_add(void *view, struct gl_account *reader, int64_t site,
                     const struct gl_columns *set, GByteArray *const *sums);

#endif
