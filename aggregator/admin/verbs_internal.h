/*
 * The verbs.  Each answers with an HTTP status and a JSON object, or with
 * GL_VERB_LATER.
 */

#ifndef GL_VERBS_INTERNAL_H
#define GL_VERBS_INTERNAL_H

#include "admin/verbs.h"
#include "calls/bulletin.h"
#include "import/import.h"
#include "ingest/state.h"
#include "store/directory/directory.h"

typedef int gl_verb_run(struct gl_ingest *in, const struct gl_call *call,
                        json_t **answer);
/* Of a kind that changes nothing, in a thread that reads. */
typedef int gl_verb_ask(const struct gl_query_view *view,
                        const struct gl_call *call, json_t **answer);

/* gl_verb_site_add_() and so on: all of the table.  The arguments are what it
 * says: no other, of these types, and those needed are there. */
#define GL_VERB_TYPE_ASKS gl_verb_ask
#define GL_VERB_TYPE_READS gl_verb_ask
#define GL_VERB_TYPE_SHOWS gl_verb_ask
#define GL_VERB_TYPE_RECOUNTS gl_verb_ask
#define GL_VERB_TYPE_PROVES gl_verb_ask
#define GL_VERB_TYPE_CHANGES gl_verb_run
#define GL_VERB_TYPE_HERE gl_verb_run
#define GL_VERB_TYPE_LINES gl_verb_run
#define VERB(function, name, kind, args, help)                                \
    GL_VERB_TYPE_##kind gl_verb_##function##_;
#include "admin/verbs.def"
#undef VERB

/* 0, or a status: the system has no such time zone. */
int gl_verb_zone_(const char *name, json_t **answer);
/* 0, or a status: DOMAIN, as it is stored, is another's than SITE's (0 = is
 * anybody's), or was lately. */
int gl_verb_name_is_free_(const struct gl_version *version, const char *domain,
                          int64_t site, json_t **answer);
/* The site that CALL names, of the account that it names: a copy, or a
 * status. */
int gl_verb_named_site_(struct gl_ingest *in, const struct gl_call *call,
                        struct gl_meta_site **site, json_t **answer);
/* Frames of a site go to another account (ingest/route.h): 0, or a status. */
int gl_verb_reroute_(struct gl_ingest *in, struct gl_ingest_account *from,
                     struct gl_ingest_account *to, json_t **answer);
/* 0, or a status: a job counts on every row staying in its file. */
int gl_verb_files_rest_(struct gl_ingest *in, json_t **answer);
/* 0, or a status: "primary" of ARGS is none of the cluster.  The first is
 * taken out. */
int gl_verb_account_primary_(const struct gl_conf *conf, json_t *args,
                             json_t **answer);
/* 0, or a status: it has sites. */
int gl_verb_account_empty_(const struct gl_version *version,
                           const struct gl_meta_account *account,
                           json_t **answer);
/* Who gets mails of SITE, 0 = of all: 200 and *LIST, the caller's, or a
 * status. */
int gl_verb_recipients_(const struct gl_query_view *view, int64_t site,
                        json_t **list, json_t **answer);
/* What holds now, for an operator: [{kind, account, ..., advice}]. */
json_t *gl_verb_conditions_(const struct gl_query_view *view,
                            const struct gl_told *told);
/* What glinto-postgresql tells of itself, into ANSWER; of one machine alone
 * nothing. */
void gl_verb_set_machines_(json_t *answer, const struct gl_conf *conf,
                           int64_t now_ms);

#endif
