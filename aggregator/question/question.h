/*
 * What is asked of a site's rows, once the API's words are understood, and the
 * counts that answer it.  Plain data: parse.c makes a question of JSON,
 * execute.c an answer of a question, respond.c JSON of an answer.
 *
 * What counts, in FROM <= time < TO:
 *
 *   an event    pageview (but GL_MARK_REPEAT) or custom event whose own
 *               dimensions and those of its visit pass the filter; its time is
 *               its own
 *   a visit     its time is that of its first event; its own dimensions pass
 *               the filter, and where the filter has one of the event, at
 *               least one of its events in the range passes the whole filter
 *   visitors    different visitor ids of events that count
 *   visits      visits that count; grouped by a dimension of the event: once
 *               for each value that an event of it that counts has; those of
 *               event:page and event:hostname in the metrics of visits alone:
 *               the entry page, and its host
 *
 *   a group     is there when what the metrics asked are counted from is not
 *               nothing: events, visits, or visits that were entered
 *
 * Where one of these two is grouped by, filters on both are of the entry page
 * in the metrics of visits alone, as Plausible's are.  Grouped by another
 * dimension of the event there are none of those.  A visit's seconds are whole
 * ones, each rounded down.  An event of which a dimension is missing has ""
 * for it; without a referrer the channel is "Direct".
 *
 *   more        what few events have, summed up: what engagement told; of
 *               revenue what is in the question's currency
 *
 * Rows of pages served (events.server) and those sent by scripts are two
 * views of the truth: script rows alone are counted here.
 */

#ifndef GL_QUESTION_QUESTION_H
#define GL_QUESTION_QUESTION_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "question/group.h"

#define GL_QUESTION_FILTERS_MAX 64  /* nodes of the tree */
#define GL_QUESTION_DEPTH_MAX 8     /* of the tree */
#define GL_QUESTION_VALUES_MAX 1000 /* of one filter */
/* Of time: the hours of more than a year, the minutes of six days. */
#define GL_QUESTION_BUCKETS_MAX 10000

enum gl_metric {
#define METRIC(name, word, needs) GL_METRIC_##name,
#include "question/metrics.def"
#undef METRIC
    GL_METRIC_N
};

enum gl_dimension {
#define DIMENSION(name, word, of, dictionary, column) GL_DIMENSION_##name,
#include "question/dimensions.def"
#undef DIMENSION
    GL_DIMENSION_N
};

struct gl_by {
    enum gl_dimension what;
    char *prop; /* GL_DIMENSION_PROP: its key; else NULL */
};

enum gl_predicate_op {
    GL_PREDICATE_AND,
    GL_PREDICATE_OR,
    GL_PREDICATE_NOT, /* one child */
    /* one child: the visit has, in the range, an event that passes it */
    GL_PREDICATE_HAS_DONE,
    GL_PREDICATE_IS,       /* one of the values */
    GL_PREDICATE_CONTAINS, /* has one of them in it */
    GL_PREDICATE_MATCHES,  /* one of them is a regular expression (PCRE2) */
    GL_PREDICATE_SCROLLED  /* a pageview, scrolled down at least so far */
};

struct gl_predicate {
    enum gl_predicate_op op;
    GPtrArray *children; /* struct gl_predicate; AND, OR, NOT, HAS_DONE */
    struct gl_by by;     /* the others */
    GPtrArray *values;   /* char *, UTF-8; "" = has none */
    int any_case;        /* 1 = upper and lower case are the same */
    uint32_t scroll;     /* SCROLLED: percent */
    int of_goal;         /* 1 = a goal's: pages in it are no entry pages */
};

/* Consecutive stretches of local time. */
struct gl_buckets {
    GArray *edges;     /* int64_t, UTC ms; one more than there are labels */
    GPtrArray *labels; /* char *: "2026-11-28", "2026-11-28 14:00:00" */
};

struct gl_question {
    int64_t site;
    int64_t from_ms, to_ms; /* UTC */
    uint32_t metrics;       /* bit N: enum gl_metric N is asked */
    struct gl_by by[GL_QUESTION_DIMENSIONS_MAX];
    size_t by_n;
    struct gl_predicate *filter; /* NULL = all */
    struct gl_buckets time;      /* where GL_DIMENSION_TIME is among BY */
    uint32_t currency;           /* of revenue: columns/money.h, 0 = none */
};

void gl_predicate_free(struct gl_predicate *filter);
void gl_question_fini(struct gl_question *question);

#endif
