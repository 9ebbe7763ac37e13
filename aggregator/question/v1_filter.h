/* Filters of the Stats API v1; inside this room only.  Pure. */

#ifndef GL_QUESTION_V1_FILTER_H
#define GL_QUESTION_V1_FILTER_H

#include <jansson.h>

/* TEXT's are added to FILTERS, a list of v2's: 0, or -1 and a sentence in
 * *WHY, the caller's. */
int gl_v1_filters(const char *text, json_t *filters, char **why);

#endif
