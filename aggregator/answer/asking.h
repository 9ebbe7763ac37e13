/*
 * Questions about one site, all of one commit: the account's file is opened
 * once, then asked.  Query thread.
 */

#ifndef GL_ANSWER_ASKING_H
#define GL_ANSWER_ASKING_H

#include <jansson.h>

#include "question/parse.h"
#include "calls/query.h"
#include "question/range.h"
#include "store/meta/sites.h"

struct gl_asking;

/* Open SITE's rows, which whoever asks must be allowed to see: 200 and
 * *ASKING, or 500 or 507 with a sentence in *ANSWER.  All of it may take
 * GL_QUERY_DEADLINE_MS from now. */
int gl_asking_open(const struct gl_query_view *view,
                   const struct gl_meta_site *site, struct gl_asking **asking,
                   json_t **answer);
void gl_asking_close(struct gl_asking *asking);
/* All of it may take MS from when it was opened. */
void gl_asking_hurry(struct gl_asking *asking, int ms);

/* The site's zone, the time now and when its oldest event was, to a day. */
const struct gl_range_site *gl_asking_site(const struct gl_asking *asking);
/* 1: there is an event at all. */
int gl_asking_has_rows(const struct gl_asking *asking);
/* From now on totals of another product are rows, too, for gl_asking_site()
 * and gl_asking_has_rows(): 200, or a status. */
int gl_asking_with_totals(struct gl_asking *asking, json_t **answer);
/* 1: there are such. */
int gl_asking_has_totals(const struct gl_asking *asking);

/* The connection, for who counts again (receipt.h). */
struct gl_account *gl_asking_reader(const struct gl_asking *asking);

/* 200, or a status and *ANSWER; *COUNTED and *BEFORE, NULL before, are to be
 * freed whatever comes of it. */
int gl_asking_count(const struct gl_asking *asking,
                    const struct gl_asked *asked, struct gl_counted **counted,
                    struct gl_counted **before, json_t **answer);

/*
 * Answer QUERY, any JSON, one or several asked together (parse.h): 200 and
 * *ANSWER, of several {"answers": [...]}; or, with a sentence in it, 400, no
 * query, or one that is not answered; 503, it takes too long or days are being
 * counted anew; 507, storage.
 */
int gl_asking_ask(const struct gl_asking *asking, json_t *query,
                  json_t **answer);
/* As gl_asking_ask(), and QUERY is freed: 200 and *TOLD, or a status and
 * *ANSWER. */
int gl_asking_take(const struct gl_asking *asking, json_t *query,
                   json_t **told, json_t **answer);
/* As gl_asking_ask(), of a question as keys.h has it. */
int gl_asking_keys(const struct gl_asking *asking, const json_t *query,
                   json_t **answer);

#endif
