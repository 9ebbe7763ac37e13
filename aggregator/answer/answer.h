/* Questions about one site, from their JSON to the answer's. */

#ifndef GL_ANSWER_ANSWER_H
#define GL_ANSWER_ANSWER_H

#include <jansson.h>

#include "calls/query.h"
#include "question/v1.h"
#include "store/meta/sites.h"

/* The site that NAME is called, NULL = nobody said: 0 and *SITE, or a status
 * and *ANSWER.  ACCOUNT is the id of the only one that it may be of; NULL =
 * any. */
int gl_query_find(const struct gl_query_view *view, const char *name,
                  const char *account, struct gl_meta_site *site,
                  json_t **answer);

/*
 * Answer QUERY, any JSON: as respond.h has it, or {"answers": [of each]} for
 * "queries".  200; 400 no query, or one that is not answered; 503
 * when it takes longer than GL_QUERY_DEADLINE_MS, 507 storage: with a sentence
 * in *ANSWER.  Opens the account's file: who asks must be allowed to.
 */
int gl_query_site(const struct gl_query_view *view,
                  const struct gl_meta_site *site, json_t *query,
                  json_t **answer);

/* An array of QUERIES, all as of one commit and within that time: an array of
 * their answers, or what the first that fails says. */
int gl_query_site_all(const struct gl_query_view *view,
                      const struct gl_meta_site *site, json_t *queries,
                      json_t **answers);

/* A question asked by the parameters of v1 (question/v1.h). */
int gl_query_site_v1(const struct gl_query_view *view,
                     const struct gl_meta_site *site, enum gl_v1 kind,
                     json_t *params, json_t **answer);

#endif
