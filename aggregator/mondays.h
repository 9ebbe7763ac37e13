/* When the summary of a week is due: the Monday after it at 06:00 of the
 * site's local clock.  Pure but for the time zones of the system. */

#ifndef GL_MONDAYS_H
#define GL_MONDAYS_H

#include <stdint.h>

#include "clock.h"

/* The Monday of the week that has DATE, both days since 1970. */
int64_t gl_monday_of(int64_t date);
/* The last Monday on which it has been 06:00. */
int64_t gl_mondays_due(const struct gl_zone *zone, int64_t now_ms);

#endif
