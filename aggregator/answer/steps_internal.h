/* Between steps.c, what the questions have in common, and a file each. */

#ifndef GL_ANSWER_STEPS_INTERNAL_H
#define GL_ANSWER_STEPS_INTERNAL_H

#include "answer/steps.h"

/* One that is answered. */
struct gl_steps_ {
    struct gl_execution *run;
    const struct gl_parse_site *site;
    const json_t *body; /* what stands under its key */
    struct gl_asked_walk asked;
    char **why;
    /* out: of an answer; the columns are "metrics" and "dimensions" */
    json_t *results, *meta, *metrics, *dimensions;
};

/* GL_EXECUTED, and what is out; GL_EXECUTE_BAD and *WHY; or what the walk
 * says. */
typedef enum gl_executed gl_steps_kind_(struct gl_steps_ *steps);

gl_steps_kind_ gl_steps_funnel_, gl_steps_retention_, gl_steps_journey_;

/* ---- steps_told.c ---- */

/* {"metrics": METRICS, "dimensions": DIMENSIONS}; both are taken. */
void gl_steps_add_row_(struct gl_steps_ *steps, json_t *metrics,
                       json_t *dimensions);
/* MANY 1: the walk remembered too much for RESULT to hold. */
enum gl_executed gl_steps_end_(struct gl_steps_ *steps,
                               enum gl_executed result, int many,
                               const char *why);
/* N of OF in percent, to two digits. */
json_t *gl_steps_share_(uint64_t n, uint64_t of);

#endif
