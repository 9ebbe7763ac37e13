/* A request to the writer thread, or to those that read, and its answer. */

#ifndef GL_CALLS_CALL_H
#define GL_CALLS_CALL_H

#include <jansson.h>
#include <stdatomic.h>
#include <stddef.h>

/*
 * VERB is "site.add" and so on (admin/verbs.def lists them); ARGS is a JSON
 * object; BODY is for import.chunk only.  DONE runs in the thread that answers
 * with an HTTP status (200, 400 bad arguments, 404, 409 refused for now, 500,
 * 507 storage) and a JSON object ({"error": "sentence"} when not 200) that
 * DONE owns.
 */
struct gl_call {
    const char *verb;
    json_t *args; /* owned by the call once submitted */
    char *body;   /* malloc'd, owned by the call; NULL = none */
    size_t body_len;
    const char *actor; /* for the audit table: "admin uid 0" */
    int64_t change;    /* of all machines (schema/log.sql); 0 = none */
    void (*done)(void *arg, int status, json_t *answer);
    void *arg;
    /* set when nobody waits for the answer any more; NULL = never */
    const atomic_int *gone;
};

#endif
