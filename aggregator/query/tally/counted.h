/* What was counted, as texts: the end of a question.  Pure. */

#ifndef GL_QUERY_TALLY_COUNTED_H
#define GL_QUERY_TALLY_COUNTED_H

#include "query/tally/tally.h"

/* The answer to question number AT of the plan; the caller's. */
struct gl_counted *gl_counted_new(const struct gl_tallying *tallying,
                                  size_t at);

#endif
