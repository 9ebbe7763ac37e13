/*
 * Receipts: each number that a summary says is a fact of its ledger, once, and
 * each fact says where it comes from:
 *
 *     {"id": 0, "value": 62, "query": {...}, "row": ["Google"]}
 *         QUERY, asked of the Stats API, has 62 in this row (of a question
 *         without dimensions: [])
 *     {"id": 1, "value": 410, "query": {...}, "from": "2026-11-24 10:00:00",
 *      "to": "2026-11-24 16:00:00"}
 *         the sum of its rows from the one to before the other
 *     {"id": 2, "value": 900, "bots": {"first": "2026-11-16", "last":
 *      "2026-11-22", "bot": "GPTBot"}}
 *         events of these days (UTC), of a bot, a "kind" or of all, as "glinto
 *         site bots" has them
 *     {"id": 2, "value": 61, "served": {"first": "2026-11-16", "last":
 *      "2026-11-22", "who": "blocks_script"}}
 *         visitors of these days (UTC), as "glinto site served" has them
 *     {"id": 3, "value": 48, "of": "median", "facts": [4, 5, 6]}
 *         made of others: median, rounded, halves up; "percent", by how much
 *         the first differs from the second in percent of it, rounded;
 *         "difference", the first less the second, and "share", the first in
 *         percent of the second, rounded
 *
 * Pure.
 */

#ifndef GL_SUMMARY_LEDGER_H
#define GL_SUMMARY_LEDGER_H

#include <jansson.h>

#include "summary/facts.h"
#include "summary/questions.h"

struct gl_ledger {
    const struct gl_summary_of *of;
    const struct gl_summary_facts *facts;
    json_t *list;      /* of facts, by id */
    GHashTable *known; /* id + 1 by what it is */
};

void gl_ledger_init(struct gl_ledger *ledger, const struct gl_summary_of *of,
                    const struct gl_summary_facts *facts);
/* The list of facts, the caller's. */
json_t *gl_ledger_fini(struct gl_ledger *ledger);

/* Each returns the id of a fact. */
int gl_ledger_visitors(struct gl_ledger *ledger, int week);
int gl_ledger_day(struct gl_ledger *ledger, int week, int day);
/* Pageviews of hours FROM to before TO. */
int gl_ledger_hours(struct gl_ledger *ledger, int week, int from, int to);
int gl_ledger_value(struct gl_ledger *ledger, enum gl_summary_by by,
                    const struct gl_summary_value *value, int week);
int gl_ledger_bots(struct gl_ledger *ledger, int week);
/* WHO: "served" or "blocks_script". */
int gl_ledger_served(struct gl_ledger *ledger, int week, const char *who);
/* Visitors of the best week before. */
int gl_ledger_most(struct gl_ledger *ledger);

/* "percent", "difference" or "share" of facts A and B. */
int gl_ledger_made(struct gl_ledger *ledger, const char *how, int a, int b);
/* The median of what OF_WEEK says of the weeks before. */
typedef int gl_ledger_of_week(struct gl_ledger *ledger, int week,
                              const void *arg);
int gl_ledger_usual(struct gl_ledger *ledger, gl_ledger_of_week *of_week,
                    const void *arg);

json_int_t gl_ledger_number(const struct gl_ledger *ledger, int id);

#endif
