/*
 * What the verbs, and the long work that some of them begin, say and find: an
 * HTTP status and a JSON object; a refusal is {"error": "sentence"}.
 */

#ifndef GL_CALLS_ANSWER_H
#define GL_CALLS_ANSWER_H

#include "calls/call.h"
#include "ingest/state.h"
#include "store/directory/directory.h"

/* What a verb returns that is answered by gl_call_answer_(), when its work
 * is done. */
#define GL_VERB_LATER 0

/* *ANSWER becomes an error sentence; returns STATUS. */
int gl_verb_refuse_(json_t **answer, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with WHY, which is freed: 400. */
int gl_verb_refuse_why_(json_t **answer, char *why);
/* The text of an argument, or ABSENT. */
const char *gl_verb_text_(const struct gl_call *call, const char *key,
                          const char *absent);
/* Storage failed: 507 with SENTENCE. */
int gl_verb_storage_(json_t **answer, const char *sentence);
/* The file of an account failed: 507 with what STORE knows of it. */
int gl_verb_cannot_write_(const struct gl_ingest *in,
                          const struct gl_account *store, json_t **answer);

/*
 * One change of meta.db: audit row, then commit.  RESULT is what the change
 * returned inside gl_meta_begin(): >= 0 done.  0, or a status.
 */
int gl_verb_begin_(struct gl_ingest *in, json_t **answer);
/* As gl_verb_begin_(), of a CALL that removes what has its "id": the audit has
 * its name, too, as "removed". */
int gl_verb_begin_removal_(struct gl_ingest *in, const struct gl_call *call,
                           json_t **answer);
int gl_verb_commit_(struct gl_ingest *in, const struct gl_call *call,
                    int result, json_t **answer);
/* As gl_verb_commit_(); RESULT 0, nothing was changed: taken back, and refused
 * so. */
int gl_verb_commit_or_(struct gl_ingest *in, const struct gl_call *call,
                       int result, json_t **answer, int refusal,
                       const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* A copy of the account NAME: 0 and *ACCOUNT, or a status. */
int gl_verb_account_(const struct gl_version *version, const char *name,
                     struct gl_meta_account *account, json_t **answer);
/* The site DOMAIN (any case, www. allowed): a copy, or a status. */
int gl_verb_site_(struct gl_ingest *in, const char *domain,
                  struct gl_meta_site **site, json_t **answer);

/* CALL has STATUS and ANSWER (taken; may be NULL). */
void gl_call_done_(struct gl_call *call, int status, json_t *answer);
/* Whoever waits for the work has STATUS and ANSWER (taken; may be NULL). */
void gl_call_answer_(struct gl_ingest *in, int status, json_t *answer);

#endif
