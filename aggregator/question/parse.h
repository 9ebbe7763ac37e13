/*
 * JSON of the Stats API v2 → what is asked.  Pure; the time is an argument.
 *
 *     {"site_id": "example.com", "metrics": ["visitors"], "date_range": "7d",
 *      "dimensions": ["visit:source"], "filters": [...],
 *      "order_by": [["visitors", "desc"]], "include": {"total_rows": true},
 *      "pagination": {"limit": 10, "offset": 0}}
 *
 * Several questions of one site, range and filter, asked together:
 *
 *     {"site_id": "example.com", "date_range": "7d", "filters": [...],
 *      "queries": [{"metrics": ["visitors"], "dimensions": ["time:day"]},
 *                  {"metrics": ["visitors"], "dimensions": ["event:page"],
 *                   "pagination": {"limit": 10}}]}
 */

#ifndef GL_QUESTION_PARSE_H
#define GL_QUESTION_PARSE_H

#include <jansson.h>

#include "question/defined.h"
#include "question/question.h"
#include "question/range.h"

#define GL_PARSE_LIMIT_MAX 10000  /* rows of one answer, as Plausible's */
#define GL_PARSE_DIMENSIONS_MAX 4 /* at once: more is no table to read */
/* Asked together: a dashboard has a dozen. */
#define GL_PARSE_QUERIES_MAX 20

struct gl_order {
    int is_metric; /* else a dimension */
    size_t at;     /* which of those asked */
    int down;      /* the greatest first */
};

#define GL_ORDER_MAX (GL_METRIC_N + GL_PARSE_DIMENSIONS_MAX)

/* A question, and how its answer is to look. */
struct gl_asked {
    struct gl_question question;
    enum gl_metric metrics[GL_METRIC_N]; /* in the order asked */
    size_t metrics_n;
    struct gl_order order[GL_ORDER_MAX]; /* always some, when there are
                                            dimensions */
    size_t order_n;
    size_t limit, offset;
    int total_rows, time_labels, imports, cost, receipt; /* in "meta" */
    GPtrArray *goals; /* struct gl_goal, the site's: those that the filters at
                         the top leave */
    int of_goals;     /* 1 = they are asked about, by filter or dimension */
    int many_currencies; /* 1 = theirs are several: no revenue is told */
    /* The question of an earlier time, to be compared with: its range and time
     * are its own, all else is QUESTION's. */
    int compared;
    struct gl_question before;
    json_t *query; /* as understood: times for words, nothing left out */
};

struct gl_parse_site {
    int64_t id;
    struct gl_range_site range;
    /* must outlive what is asked; NULL: gl_defined_needed() says it is not */
    const struct gl_defined *defined;
};

/* 0 and *ASKED, to be given to gl_asked_fini(); or -1 and *WHY, a sentence
 * that names the key and is the caller's (g_free). */
int gl_parse(json_t *json, const struct gl_parse_site *site,
             struct gl_asked *asked, char **why);
void gl_asked_fini(struct gl_asked *asked);

/* Questions that have site, range and filter in common. */
struct gl_asked_all {
    struct gl_asked one[GL_PARSE_QUERIES_MAX];
    size_t n;
    int is_list; /* they were asked as "queries" */
};

/* As gl_parse(), of a body that is a query or has "queries". */
int gl_parse_all(json_t *json, const struct gl_parse_site *site,
                 struct gl_asked_all *all, char **why);
void gl_asked_all_fini(struct gl_asked_all *all);

/* What a question about steps (answer/steps.h) has in common with others. */
struct gl_asked_walk {
    struct gl_time_range range;
    struct gl_predicate *filter; /* NULL = all */
    size_t limit, offset;        /* of rows, where it takes "pagination" */
};

/* PAGES: it does.  TOLD gets the query as it was understood.  1 and *WALK, to
 * be given to gl_asked_walk_fini() either way; 0 and *WHY. */
int gl_parse_walk(const json_t *query, const struct gl_parse_site *site,
                  int pages, json_t *told, struct gl_asked_walk *walk,
                  char **why);
void gl_asked_walk_fini(struct gl_asked_walk *walk);

#endif
