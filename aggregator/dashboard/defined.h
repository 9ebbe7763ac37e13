/* What is defined for a site's reports, and what was changed, as the pages of
 * its settings show it.  Any thread. */

#ifndef GL_DASHBOARD_DEFINED_H
#define GL_DASHBOARD_DEFINED_H

#include <jansson.h>

/* Of offers.h, into VIEW: goals, funnels, segments, annotations. */
void gl_defined_view(const json_t *offers, json_t *view);

/* "/ → /buy → Order" of the STEPS of a funnel, the caller's (g_free). */
char *gl_defined_steps(const json_t *steps);

/* Of the verb "site.show", into VIEW: kept, blocked, retention_days,
 * refresh_window. */
void gl_collection_view(const json_t *answer, json_t *view);

/* Of the verb "site.audit", into VIEW: changes: [{when, by, what, about:
 * [{key?, value?}]}], and where older ones are; times are of ZONE_NAME. */
void gl_audit_view(const json_t *answer, const char *zone_name, json_t *view);

#endif
