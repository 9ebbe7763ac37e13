/*
 * Questions in codes: which columns of a set they look at, the value of each
 * code of a dimension, and whether a code passes a filter.  Questions of one
 * plan have site, range and filter in common.
 */

#ifndef GL_QUERY_PLAN_PLAN_H
#define GL_QUERY_PLAN_PLAN_H

#include "columns/columns.h"
#include "columns/shelf.h"
#include "question/question.h"
#include "query/plan/texts.h"

/* What the metrics of each kind are counted from. */
#define GL_METRIC_BIT(name) (1u << GL_METRIC_##name)
#define GL_METRICS_OF_EVENTS                                                  \
    (GL_METRIC_BIT(VISITORS) | GL_METRIC_BIT(PAGEVIEWS) |                     \
     GL_METRIC_BIT(EVENTS) | GL_METRIC_BIT(PERCENTAGE) |                      \
     GL_METRIC_BIT(CONVERSIONS) | GL_METRIC_BIT(CONVERSION_RATE) |            \
     GL_METRIC_BIT(GROUP_CONVERSION_RATE) | GL_METRICS_OF_MORE)
#define GL_METRICS_OF_VISITS                                                  \
    (GL_METRIC_BIT(VIEWS_PER_VISIT) | GL_METRIC_BIT(BOUNCE_RATE) |            \
     GL_METRIC_BIT(VISIT_DURATION))

/* What tally_more.c sums up. */
#define GL_METRICS_OF_MORE                                                    \
    (GL_METRIC_BIT(TOTAL_REVENUE) | GL_METRIC_BIT(AVERAGE_REVENUE) |          \
     GL_METRIC_BIT(TIME_ON_PAGE) | GL_METRIC_BIT(SCROLL_DEPTH))

/* Where a dimension is found in a set. */
struct gl_place {
    enum gl_dimension what;
    int of_event;      /* 1 = each event has its own, 0 = one a visit */
    int column;        /* enum gl_event_column, enum gl_visit_column */
    int entry;         /* of_event: of a visit where it was entered, enum
                  gl_visit_column; -1 = there is no such */
    uint32_t prop_key; /* GL_DIMENSION_PROP: its code, 0 = there is none */
};

/* A dimension to group by. */
struct gl_axis {
    struct gl_place place;
    const struct gl_values *values; /* of time: NULL, there are buckets */
};

/* A node of the filter. */
struct gl_test {
    enum gl_predicate_op op;
    int of_event;          /* it may differ within a visit */
    GPtrArray *children;   /* struct gl_test */
    struct gl_place place; /* of a leaf */
    uint32_t codes_n;
    uint8_t *passes; /* [codes_n] */
    uint32_t scroll; /* of GL_PREDICATE_SCROLLED: percent */
};

struct gl_plan {
    const struct gl_question *question;
    struct gl_axis axes[GL_QUESTION_DIMENSIONS_MAX];
    size_t axes_n;
    int of_event;  /* an axis is, time left out */
    int of_visits; /* metrics of what visits were are asked */
    int more;      /* GL_METRICS_OF_MORE are */
    /* By event:page or event:hostname, where a visit is at what it was entered
     * by: the test with the filters on these asked of that page.  NULL: the
     * same as of all. */
    const struct gl_test *entry_test;
    /* event:page as the entry page, event:hostname as its host, else the axes;
     * only where all that are of the event are these */
    int has_entries;
};

struct gl_plans {
    struct gl_plan *plan; /* [n] */
    size_t n;
    struct gl_shelf *shelf;
    struct gl_shelved *texts[GL_WORD_KINDS]; /* lent, as wanted */
    struct gl_test *test;                    /* NULL = all pass */
    struct gl_test *entry_test;              /* NULL = none has one */
};

enum gl_planned { GL_PLANNED, GL_PLAN_BAD, GL_PLAN_STORAGE, GL_PLAN_STOPPED };

struct gl_plan_ask {
    struct gl_account *reader;
    struct gl_shelf *shelf;
    uint64_t question;      /* gl_shelf_question() */
    int (*stop)(void *arg); /* 1 = give up */
    void *arg;
    char *why; /* out: a sentence, unless planned */
    size_t why_len;
};

/* To be given to gl_plans_fini() whatever comes of it. */
enum gl_planned gl_plans_init(struct gl_plans *plans,
                              const struct gl_question *const *questions,
                              size_t n, const struct gl_plan_ask *ask);
void gl_plans_fini(struct gl_plans *plans);

#endif
