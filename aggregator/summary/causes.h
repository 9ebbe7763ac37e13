/*
 * What caused a change of visitors: contribution analysis.
 *
 * Every value of every dimension (campaign, source, page, country) has a count
 * in the week and a usual one.  What all values of a dimension do alike, the
 * rate, is taken out first: the median of their factors; of the dimensions the
 * one whose factor is nearest to 1 is believed, since what hits one country
 * looks, to the sources, as if all had fallen alike.  What is left of each
 * value, its own change, is the mix.
 *
 * A value is a cause when its own change is far more than its own spread over
 * the weeks before and more than what weeks differ by anyhow.  The one with
 * the largest change comes first; values of other dimensions that changed with
 * it (the page that a campaign leads to) are told as a part of it, once each
 * dimension; values of a dimension that is told already, and those that went
 * the other way, are causes of their own.  Of those that changed together and
 * about as much the campaign is told first, then the source, the page, the
 * country.  Pure.
 */

#ifndef GL_SUMMARY_CAUSES_H
#define GL_SUMMARY_CAUSES_H

#include "summary/facts.h"

#define GL_SUMMARY_CAUSES_MAX 3

/* What of BY changed by itself, and by more than OF_WEEK spreads of WEEKS, the
 * counts that they are a part of: the one that grew most, or NULL. */
const struct gl_summary_value *
gl_causes_grown(const struct gl_summary_facts *facts, enum gl_summary_by by,
                const double *weeks);

struct gl_cause {
    enum gl_summary_by by;
    const struct gl_summary_value *value; /* of the facts */
    double usual;                         /* of it */
    double own;                           /* its change, without the rate */
    /* what changed with it, NULL = nothing, and by how much: of each other
     * dimension */
    const struct gl_summary_value *with[GL_SUMMARY_CAUSES];
    double with_own[GL_SUMMARY_CAUSES];
};

struct gl_causes {
    double usual, spread; /* visitors of a week */
    double factor;        /* by which all changed alike */
    int n;
    struct gl_cause one[GL_SUMMARY_CAUSES_MAX]; /* the largest first */
};

/* There are GL_SUMMARY_LEAST weeks before. */
void gl_causes_find(const struct gl_summary_facts *facts,
                    struct gl_causes *causes);

#endif
