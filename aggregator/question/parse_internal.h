/* Between parse.c, what is asked, and parse_how.c, how the answer is to look.
 */

#ifndef GL_QUESTION_PARSE_INTERNAL_H
#define GL_QUESTION_PARSE_INTERNAL_H

#include "question/parse.h"

struct gl_parsing {
    const struct gl_parse_site *site;
    struct gl_asked *asked;
    char **why;
    struct gl_time_range range;
    enum gl_step step; /* of time, where it is a dimension */
    const char *words[GL_PARSE_DIMENSIONS_MAX]; /* of dimensions */
};

/* JSON of one key: NULL = absent.  0, or -1. */
typedef int gl_parse_key_(struct gl_parsing *parse, const json_t *json);

gl_parse_key_ gl_parse_order_, gl_parse_include_, gl_parse_pagination_;

/* ---- parse_check.c ---- */

/* 0, or -1: a metric goes only with what is not there.  Finds the currency of
 * all revenue, too. */
int gl_parse_check_needs_(struct gl_parsing *parse);

/* ---- parsing.c ---- */

/* -1: the sentence is why the query is refused. */
int gl_parse_refuse_(struct gl_parsing *parse, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* WORD, a WHAT, cannot be used in KEY. */
int gl_parse_refuse_word_(struct gl_parsing *parse, const char *key,
                          const char *what, const char *word);
/* VALUE of the query as it was understood (taken). */
void gl_parse_say_(struct gl_parsing *parse, const char *key, json_t *value);
/* The first and the last second of RANGE, the caller's. */
json_t *gl_parse_range_json_(const struct gl_parsing *parse,
                             const struct gl_time_range *range);

#endif
