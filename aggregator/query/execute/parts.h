/* Which parts of a set (columns/columns.h) questions look at.  Pure. */

#ifndef GL_QUERY_EXECUTE_PARTS_H
#define GL_QUERY_EXECUTE_PARTS_H

#include "query/plan/plan.h"

/* Bits of enum gl_part: what counting the set of DAY for PLANS needs. */
uint32_t gl_plans_parts(const struct gl_plans *plans, int64_t day);

#endif
