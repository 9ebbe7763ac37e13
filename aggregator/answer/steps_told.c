/* What answers about steps are made of; see steps_internal.h. */

#include "answer/steps_internal.h"

#include <stdio.h>

#include "answer/value.h"

void
gl_steps_add_row_(struct gl_steps_ *steps, json_t *metrics, json_t *dimensions)
{
    json_array_append_new(
        steps->results,
        json_pack("{s:o, s:o}", "metrics", metrics, "dimensions", dimensions));
}

enum gl_executed
gl_steps_end_(struct gl_steps_ *steps, enum gl_executed result, int many,
              const char *why)
{
    if (result != GL_EXECUTED || !many)
        return result;
    snprintf(steps->run->why, sizeof steps->run->why, "%s", why);
    return GL_EXECUTE_MUCH;
}

json_t *
gl_steps_share_(uint64_t n, uint64_t of)
{
    return json_real(gl_value_hundredths(100 * n, of));
}
