/* "filters" of the Stats API as a tree of predicates.  Pure. */

#ifndef GL_QUERY_FILTER_H
#define GL_QUERY_FILTER_H

#include <jansson.h>

#include "query/question.h"

/*
 * A list of filters, all of which must hold.  0 and *FILTER (NULL: the list is
 * empty), or -1 and *WHY, a sentence that is the caller's.
 */
int gl_filter_read(const json_t *list, struct gl_predicate **filter,
                   char **why);

#endif
