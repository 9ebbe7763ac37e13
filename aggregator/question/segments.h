/* ["is", "segment", [ID, ...]] of filters becomes what it stands for.  Pure. */

#ifndef GL_QUESTION_SEGMENTS_H
#define GL_QUESTION_SEGMENTS_H

#include <jansson.h>

#include "question/defined.h"

/* A copy of LIST, filters, with those of DEFINED in their places, at the top
 * as if they stood there; the caller's.  NULL and *WHY, a sentence that is the
 * caller's, when there is no such segment. */
json_t *gl_segments_expand(const json_t *list,
                           const struct gl_defined *defined, char **why);

#endif
