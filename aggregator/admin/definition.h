/* What owners define for questions, a kind a noun: added, listed, removed. */

#ifndef GL_ADMIN_DEFINITION_H
#define GL_ADMIN_DEFINITION_H

#include "admin/verbs_internal.h"

/* {KIND: {id, name, ..., created}}; BODY is what it is made of. */
int gl_definition_add_(struct gl_ingest *in, const struct gl_call *call,
                       const char *kind, const char *name, const json_t *body,
                       json_t **answer);
/* As gl_definition_add_(), when it can be asked for; its name is CALL's.
 * BODY is taken. */
int gl_definition_add_checked_(struct gl_ingest *in,
                               const struct gl_call *call, const char *kind,
                               json_t *body, json_t **answer);

/* A number, or its digits: a copy as a number, if it is one. */
json_t *gl_definition_whole_(const json_t *given);
/* JSON, or a text that is JSON: a copy. */
json_t *gl_definition_json_(const json_t *given);

#endif
