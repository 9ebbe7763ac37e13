/* What a call of SQLite that failed means. */

#ifndef GL_RECOUNT_RECOUNT_FAIL_H
#define GL_RECOUNT_RECOUNT_FAIL_H

#include "recount/recount.h"

/* Said in run->why. */
enum gl_executed gl_recount_fail_(struct gl_recount *run);

#endif
