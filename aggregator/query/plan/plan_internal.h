/* Between plan.c and plan_place.c. */

#ifndef GL_QUERY_PLAN_PLAN_INTERNAL_H
#define GL_QUERY_PLAN_PLAN_INTERNAL_H

#include "query/plan/plan.h"

struct gl_planning {
    struct gl_plans *plans;
    struct gl_plan *plan; /* which is made */
    const struct gl_plan_ask *ask;
    enum gl_planned result;
};

/* 1: it is a column of events or of visits, or a prop. */
int gl_plan_has_place_(enum gl_dimension what);
struct gl_place gl_plan_place_(struct gl_planning *p, const struct gl_by *by);
/* PLACE, for visits: of a page it is the one they were entered by. */
struct gl_place gl_plan_place_of_entry_(struct gl_place place);
/* Where a visit has WHAT it was entered by: enum gl_visit_column, or -1. */
int gl_plan_entry_column_(enum gl_dimension what);
/* The value of each code; NULL: p->result says why. */
const struct gl_values *gl_plan_values_(struct gl_planning *p,
                                        enum gl_dimension what);

#endif
