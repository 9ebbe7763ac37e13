/*
 * The verbs of the administrator (admin/verbs.def), run in the writer thread
 * or, what changes nothing, in threads that read.
 */

#ifndef GL_VERBS_H
#define GL_VERBS_H

#include "admin/table.h"
#include "calls/call.h"
#include "calls/query.h"

struct gl_ingest;

/* Run CALL and give its answer, or keep it until its work is done. */
void gl_verb_call_(struct gl_ingest *in, struct gl_call *call);
/* Of a kind that changes nothing: a thread that reads (calls/query.h). */
int gl_verb_answer(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer);

#endif
