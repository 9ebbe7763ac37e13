/* Several sites on one page: of each the visitors of the last 24 hours, what
 * that is beside the day before, and their course.  Query thread. */

#ifndef GL_OVERVIEW_H
#define GL_OVERVIEW_H

#include <jansson.h>

#include "calls/query.h"

/*
 * 200 and the HTML of LIST, as gl_render_list() has it, whose sites whoever
 * asks must be allowed to see; or a status.  A site whose rows cannot be
 * counted soon enough is there without numbers.
 */
int gl_dashboard_overview(const struct gl_query_view *view, const json_t *list,
                          json_t **answer);

#endif
