/*
 * A receipt for an answer: how many events were seen, stored, left out and
 * taken for bots, and each number of it counted again (recount.h), of the same
 * commit.  The rows behind a number.
 *
 * A thread of low priority; one of an account at a time, GL_RECEIPT_S at most.
 */

#ifndef GL_RECOUNT_RECEIPT_H
#define GL_RECOUNT_RECEIPT_H

#include "answer/answer.h"

#define GL_RECEIPT_S 60
#define GL_RECEIPT_ROWS_MAX 10000 /* of a list */

struct gl_receipt_ask {
    const struct gl_query_view *view;
    const struct gl_meta_site *site;
    json_t *query;
    const atomic_int *gone; /* set when nobody waits any more; NULL = never */
};

/*
 * 200 and the answer of the Stats API v2, with what was recounted in each row
 * and "receipt" in its meta; a status as gl_query_site() has it, 409 while
 * another one of the account is under way, 503 after GL_RECEIPT_S.
 *
 *     {"results": [{"metrics": [12], "recounted": [12], "dimensions": []}],
 *      "meta": {"receipt": {"equal": true, "numbers": 1, "differences": [],
 *      "days": ["2026-11-28", "2026-11-28"], "seen": 40, "stored": 31,
 *      "stored_as": {"pageviews": 20, ...}, "dropped": {"prefetch": 2},
 *      "bots": {"bot_agent": 7}, "recounted_from": "rows", "rows": 22,
 *      "seconds": 0.01}}, "query": {...}}
 *
 * "recounted_from" is "rows", "sealed days" or "sealed days and rows"; where
 * some are sealed days whose rows were let go, "sealed_days" is the first and
 * the last of them.
 */
int gl_receipt(const struct gl_receipt_ask *ask, json_t **answer);

/* {"rows": [...]}: the first LIMIT events behind the answer, or VISITS. */
int gl_receipt_rows(const struct gl_receipt_ask *ask, int visits, int limit,
                    json_t **answer);

#endif
