/*
 * A question in codes: which columns of a set it looks at, the value of each
 * code of a dimension, and whether a code passes a filter.
 */

#ifndef GL_QUERY_PLAN_H
#define GL_QUERY_PLAN_H

#include "columns/columns.h"
#include "query/question.h"
#include "store/dictionary.h"

/* Where a dimension is found in a set. */
struct gl_place {
    enum gl_dimension what;
    int of_event;      /* 1 = each event has its own, 0 = one a visit */
    int column;        /* enum gl_event_column, enum gl_visit_column */
    uint32_t prop_key; /* GL_DIMENSION_PROP: its code, 0 = there is none */
};

/* A dimension to group by. */
struct gl_axis {
    struct gl_place place;
    uint32_t codes_n;
    uint32_t *value_of; /* [codes_n] in values; time: NULL, buckets */
    GPtrArray *values;  /* const char *, of a dictionary */
};

/* A node of the filter. */
struct gl_test {
    enum gl_predicate_op op;
    int of_event;          /* it may differ within a visit */
    GPtrArray *children;   /* struct gl_test */
    struct gl_place place; /* of a leaf */
    uint32_t codes_n;
    uint8_t *passes; /* [codes_n] */
};

struct gl_plan {
    const struct gl_question *question;
    struct gl_dictionary dictionaries[GL_WORD_KINDS];
    struct gl_axis axes[GL_QUESTION_DIMENSIONS_MAX];
    size_t axes_n;
    int of_event;         /* an axis is, time left out */
    struct gl_test *test; /* NULL = all pass */
    /* By event:page, where a visit is at its entry page: the test with the
     * filters on event:page asked of that page.  NULL: the same as TEST. */
    struct gl_test *entry_test;
    /* event:page as the entry page, else the axes; only where all that are
     * of the event are pages */
    int has_entries;
};

enum gl_planned { GL_PLANNED, GL_PLAN_BAD, GL_PLAN_STORAGE, GL_PLAN_STOPPED };

/* To be given to gl_plan_fini() whatever comes of it; WHY: a sentence.  STOP
 * tells 1 when it is to be given up. */
enum gl_planned gl_plan_init(struct gl_plan *plan,
                             const struct gl_question *question,
                             struct gl_account *reader, int (*stop)(void *arg),
                             void *arg, char *why, size_t why_len);
void gl_plan_fini(struct gl_plan *plan);

#endif
