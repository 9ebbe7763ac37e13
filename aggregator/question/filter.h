/* "filters" of the Stats API as a tree of predicates.  Pure. */

#ifndef GL_QUESTION_FILTER_H
#define GL_QUESTION_FILTER_H

#include <jansson.h>

#include "question/defined.h"
#include "question/question.h"

/*
 * A list of filters, all of which must hold.  0 and *FILTER (NULL: the list is
 * empty), or -1 and *WHY, a sentence that is the caller's.  GOALS: in, those
 * of DEFINED, which may be NULL where no filter needs it; out, those of them
 * that the filters at the top leave.
 */
int gl_filters_read(const json_t *list, const struct gl_defined *defined,
                    GPtrArray *goals, struct gl_predicate **filter,
                    char **why);

#endif
