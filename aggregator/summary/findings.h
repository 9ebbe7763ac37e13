/*
 * What there is to tell of a week: facts → findings.  Pure.
 */

#ifndef GL_SUMMARY_FINDINGS_H
#define GL_SUMMARY_FINDINGS_H

#include "summary/causes.h"
#include "summary/facts.h"

/* Hours in which nothing came, though they never are so silent. */
struct gl_hole {
    int from, to; /* hours of the week, from 0; TO is not in it */
    double usual; /* pageviews of these hours */
};

/* A count beside what is usual: by how many spreads it differs, to be told
 * where that is much. */
struct gl_differs {
    double now, usual, spreads;
};

#define GL_SUMMARY_GOALS 2
struct gl_findings {
    int is_compared; /* 1: there are enough weeks before */
    struct gl_differs visitors;
    struct gl_causes causes;
    int is_record; /* more visitors than in any week before */
    int busiest;   /* day of the week with most visitors, -1 = none */
    int odd;       /* one whose visitors are an anomaly, -1 = none */
    struct gl_differs odd_day;
    struct gl_hole hole; /* the longest; FROM == TO: there is none */
    /* goals that changed, else those that most reached */
    int goals_n;
    const struct gl_summary_value *goals[GL_SUMMARY_GOALS];
    struct gl_differs goal[GL_SUMMARY_GOALS];
    struct gl_differs bots, dropped;
    const struct gl_summary_value *bot; /* which made more of them, or NULL */
    const struct gl_summary_value *ai, *ai_bots; /* that there were, or NULL */
};

/* From so many spreads on a difference is one. */
#define GL_SUMMARY_TOLD 3.0

void gl_findings(const struct gl_summary_facts *facts,
                 struct gl_findings *findings);

#endif
