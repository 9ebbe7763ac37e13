/*
 * What must be known of a sealed day before its rows are let go, read in a
 * thread of low priority: that it can be read as it is sealed, which words it
 * needs, and which rows of the day after belong to its visits.
 */

#ifndef GL_MOVE_LET_GO_JOB_H
#define GL_MOVE_LET_GO_JOB_H

#include <glib.h>

#include "jobs/reading.h"
#include "store/site/let_go.h"

struct gl_let_go_job {
    struct gl_reading reading; /* is it there?  Its error. */
    struct gl_sealed_day day;
    /* out: NULL = its rows are not to be let go yet */
    char *words;  /* gl_let_go_day.words */
    GArray *rows; /* int64_t, ascending */
};

/* NULL: no thread, no memory. */
struct gl_let_go_job *gl_let_go_job_start(const struct gl_account *account,
                                          int64_t site, int64_t day);
/* NULL is allowed; a thread is waited for. */
void gl_let_go_job_free(struct gl_let_go_job *job);

#endif
