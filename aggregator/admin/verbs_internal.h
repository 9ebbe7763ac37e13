/*
 * What the files of the verbs share.  A verb answers with an HTTP status and
 * a JSON object; a refusal is {"error": "sentence"}.
 */

#ifndef GL_VERBS_INTERNAL_H
#define GL_VERBS_INTERNAL_H

#include "ingest/state.h"
#include "admin/verbs.h"

typedef int gl_verb_run(struct gl_ingest *in, const struct gl_call *call,
                        json_t **answer);

/* What a verb returns that is answered by gl_ingest_answer_(), when its work
 * is done. */
#define GL_VERB_LATER 0

/* gl_verb_site_add_() and so on: all of the table.  The arguments are what it
 * says: no other, of these types, and those needed are there. */
#define VERB(function, name, kind, args, help)                                \
    gl_verb_run gl_verb_##function##_;
#include "admin/verbs.def"
#undef VERB

/* *ANSWER becomes an error sentence; returns STATUS. */
int gl_verb_refuse_(json_t **answer, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The text of an argument, or ABSENT. */
const char *gl_verb_text_(const struct gl_call *call, const char *key,
                          const char *absent);
/* Storage failed: 507 with SENTENCE. */
int gl_verb_storage_(json_t **answer, const char *sentence);
/* The same of an account's file, by what STORE knows. */
int gl_verb_cannot_write_(const struct gl_ingest *in,
                          const struct gl_account *store, json_t **answer);

/*
 * One change of meta.db: audit row, then commit.  RESULT is what the change
 * returned inside gl_meta_begin(): >= 0 done.  0, or a status.
 */
int gl_verb_begin_(struct gl_ingest *in, json_t **answer);
int gl_verb_commit_(struct gl_ingest *in, const struct gl_call *call,
                    int result, json_t **answer);

/* The account NAME: 0 and *ACCOUNT, or a status. */
int gl_verb_account_(struct gl_ingest *in, const char *name,
                     struct gl_meta_account *account, json_t **answer);
/* The site DOMAIN (any case, www. allowed): a copy, or a status. */
int gl_verb_site_(struct gl_ingest *in, const char *domain,
                  struct gl_meta_site **site, json_t **answer);
/* 0, or a status: the system has no such time zone. */
int gl_verb_zone_(const char *name, json_t **answer);
/* {"site": ...} as it is now; "note" says that workers do not know it so. */
int gl_verb_answer_site_(struct gl_ingest *in, int64_t id, json_t **answer);
/* To *ANSWER, which may be NULL: workers do not know of a change yet. */
void gl_verb_note_workers_(const struct gl_ingest *in, json_t **answer);
/* 0, or a status: a job counts on every row staying in its file. */
int gl_verb_files_rest_(struct gl_ingest *in, json_t **answer);
/* After a committed change of a site: its object, the workers' file. */
void gl_verb_site_changed_(struct gl_ingest *in, int64_t id);
/* What holds now, for an operator: [{kind, account, ..., advice}]. */
json_t *gl_verb_conditions_(struct gl_ingest *in);

#endif
