/* Times as access logs write them: UTC milliseconds, INT64_MIN for what is no
 * time.  Pure. */

#ifndef GL_LOGS_TIME_H
#define GL_LOGS_TIME_H

#include "event.h"

#define GL_LOGS_NO_TIME INT64_MIN

int64_t
gl_logs_time_local(struct gl_text text);       /* 10/Oct/2026:13:55:36 +0200 */
int64_t gl_logs_time_iso(struct gl_text text); /* 2026-10-10T13:55:36.5Z */
int64_t gl_logs_time_unix(struct gl_text text); /* 1791640536.123 */

#endif
