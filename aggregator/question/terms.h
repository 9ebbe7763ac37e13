/*
 * The words of the Stats API: metrics.def and dimensions.def, looked up, and
 * how what has no value is called.  Pure.
 */

#ifndef GL_QUESTION_TERMS_H
#define GL_QUESTION_TERMS_H

#include "question/question.h"
#include "question/range.h"

/* Which rows a metric is counted from: metrics.def. */
enum gl_needs { GL_NEEDS_EVENTS, GL_NEEDS_VISITS, GL_NEEDS_BOTH };

/* What has a value of a dimension: dimensions.def. */
enum gl_of { GL_OF_EVENT, GL_OF_VISIT, GL_OF_NEITHER };

/* 1 and *METRIC, or 0: it is none. */
int gl_term_metric(const char *word, enum gl_metric *metric);
const char *gl_term_metric_word(enum gl_metric metric);
enum gl_needs gl_term_needs(enum gl_metric metric);

/* 1 and *BY (its key is malloc'd), or 0: it is none.  "time:day" and its like
 * are not among them. */
int gl_term_dimension(const char *word, struct gl_by *by);
/* "event:page"; of a property what its key follows. */
const char *gl_term_dimension_word(enum gl_dimension dimension);
enum gl_of gl_term_of(enum gl_dimension dimension);
/* 1 = each event has its own, and a visit has that by which it was entered. */
int gl_term_has_entry(enum gl_dimension dimension);
/* "time:hour" and its like: 1 and *STEP, or 0. */
int gl_term_step(const char *word, enum gl_step *step);

/* What stands for "" in answers and in the filter "is": "(not set)". */
const char *gl_term_none(enum gl_dimension dimension);

#endif
