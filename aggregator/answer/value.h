/* What a metric shows of the counts of a group: rounded as it says.  Pure. */

#ifndef GL_ANSWER_VALUE_H
#define GL_ANSWER_VALUE_H

#include <jansson.h>

#include "question/question.h"

struct gl_value_of {
    const struct gl_counted *counted;
    const struct gl_group *group; /* of COUNTED */
};

/* A / B, B > 0, to two digits after the point, halves up. */
double gl_value_hundredths(uint64_t a, uint64_t b);

/* GL_VALUE_NONE: there is nothing that it could be of. */
#define GL_VALUE_NONE (-1e300)
double gl_value(const struct gl_value_of *of, enum gl_metric metric);
/* A whole number, one with two digits after the point, an amount or null. */
json_t *gl_value_json(const struct gl_value_of *of, enum gl_metric metric);

/* From THEN to NOW in percent of THEN, halves away from 0: 0 when both are 0,
 * 100 when THEN alone is.  Of what is itself in percent the difference; null
 * when there was nothing that it could be of. */
json_t *gl_value_change_json(enum gl_metric metric,
                             const struct gl_value_of *now,
                             const struct gl_value_of *then);

#endif
