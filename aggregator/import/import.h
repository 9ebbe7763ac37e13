/* The verbs import.* and, of access logs, log.* (admin/verbs.def). */

#ifndef GL_IMPORT_H
#define GL_IMPORT_H

#include <jansson.h>

struct gl_call;
struct gl_ingest;

/* Each: GL_VERB_LATER, or a status with *ANSWER. */
int gl_verb_import_start_(struct gl_ingest *in, const struct gl_call *call,
                          json_t **answer);
int gl_verb_import_chunk_(struct gl_ingest *in, const struct gl_call *call,
                          json_t **answer);
int gl_verb_import_finish_(struct gl_ingest *in, const struct gl_call *call,
                           json_t **answer);

int gl_verb_log_start_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer);
int gl_verb_log_key_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer);
int gl_verb_log_chunk_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer);
int gl_verb_log_agents_(struct gl_ingest *in, const struct gl_call *call,
                        json_t **answer);
int gl_verb_log_end_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer);

#endif
