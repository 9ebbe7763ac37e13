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

struct gl_verb {
    const char *name;
    gl_verb_run *run;
};

/* Tables, each ended by a NULL name. */
extern const struct gl_verb gl_verbs_account_[];
extern const struct gl_verb gl_verbs_site_[];
extern const struct gl_verb gl_verbs_token_[];
extern const struct gl_verb gl_verbs_status_[];
extern const struct gl_verb gl_verbs_import_[];
extern const struct gl_verb gl_verbs_errand_[];

/* *ANSWER becomes an error sentence; returns STATUS. */
int gl_verb_refuse_(json_t **answer, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* ARGS by a jansson format; unknown keys are refused: 0, or a status. */
int gl_verb_args_(const struct gl_call *call, json_t **answer,
                  const char *format, ...);
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
/* 0, or a status: an errand counts on every row staying in its file. */
int gl_verb_files_rest_(struct gl_ingest *in, json_t **answer);
/* After a committed change of a site: its object, the workers' file. */
void gl_verb_site_changed_(struct gl_ingest *in, int64_t id);
gl_verb_run gl_verb_site_set_;
gl_verb_run gl_verb_health_;
/* What holds now, for an operator: [{kind, account, ..., advice}]. */
json_t *gl_verb_conditions_(struct gl_ingest *in);

#endif
