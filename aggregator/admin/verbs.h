/*
 * The verbs of the administrator (admin/verbs.def), run in the ingest thread.
 */

#ifndef GL_VERBS_H
#define GL_VERBS_H

#include "admin/table.h"
#include "query/query.h"
#include "writer/writer.h"

/* Run CALL and give its answer, or keep it until its work is done. */
void gl_verb_call_(struct gl_ingest *in, struct gl_call *call);
/* Once a turn: calls that waited a moment. */
void gl_verb_call_again_(struct gl_ingest *in);
/* VERB is a question about rows: a query thread answers.  Any thread. */
int gl_verb_asks(const char *name);
/* Such a thread (query/query.h). */
int gl_verb_answer(const struct gl_query_view *view,
                   const struct gl_call *call, json_t **answer);
/* VERB changes nothing: it is answered while a backlog is read. */
int gl_verb_reads_(const char *verb);

#endif
