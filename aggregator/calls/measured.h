/*
 * What threads that are not the writer's measure: how long answers took, by
 * verb, and what is open.  Any thread.
 */

#ifndef GL_CALLS_MEASURED_H
#define GL_CALLS_MEASURED_H

#include <stdint.h>

#include "admin/table.h"
#include "histogram.h"

struct gl_measured;

struct gl_measured *gl_measured_new(void);
void gl_measured_free(struct gl_measured *measured);

/* An answer to VERB, of whatever name, took so long. */
void gl_measured_answer(struct gl_measured *measured, const char *verb,
                        int64_t us);
/* So far, to VERB: 0 = there was none. */
int gl_measured_answers(struct gl_measured *measured,
                        const struct gl_verb *verb,
                        struct gl_histogram *histogram);

/* One WebSocket more (1) or less (-1); how many there are. */
void gl_measured_socket(struct gl_measured *measured, int change);
int64_t gl_measured_sockets(struct gl_measured *measured);

#endif
