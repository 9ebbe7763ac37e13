/* Between filter.c, groups of filters, and filter_one.c, one of them. */

#ifndef GL_QUESTION_FILTER_INTERNAL_H
#define GL_QUESTION_FILTER_INTERNAL_H

#include "question/filter.h"

#define GL_FILTER_TOP 2 /* depth of the filters of the list */

struct gl_filter_reading {
    const struct gl_defined *defined;
    GPtrArray *goals; /* struct gl_goal: left by the filters at the top */
    char **why;
    int nodes, depth;
    int in_has_done;
};

/* How a filter begins. */
struct gl_filter_word {
    const char *word;
    enum gl_predicate_op op;
    int negates;
};

/* NULL, so that it can be returned; the sentence is why. */
struct gl_predicate *gl_filter_refuse_(struct gl_filter_reading *reading,
                                       const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct gl_predicate *gl_filter_new_(enum gl_predicate_op op);
/* [WORD, dimension, [value ...], {...}?], or NULL. */
struct gl_predicate *gl_filter_one_(struct gl_filter_reading *reading,
                                    const struct gl_filter_word *word,
                                    const json_t *json);

#endif
