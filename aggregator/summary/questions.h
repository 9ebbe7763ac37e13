/*
 * What a summary asks of the rows, as the Stats API has it, and what the
 * answers say.  Each count of the facts is one number of one answer, or the
 * sum of some: gl_summary_receipt() is the question that gives it.  Pure.
 */

#ifndef GL_SUMMARY_QUESTIONS_H
#define GL_SUMMARY_QUESTIONS_H

#include <jansson.h>
#include <stdint.h>

#include "summary/facts.h"

/* Weeks before, among which a record is sought. */
#define GL_SUMMARY_PAST 104
/* Values of a dimension in a week: smaller ones cause nothing. */
#define GL_SUMMARY_VALUES 500

/* Whose week, and which. */
struct gl_summary_of {
    const char *domain;
    int64_t monday; /* days since 1970 */
    int weeks;      /* with those before: 1 to GL_SUMMARY_WEEKS */
    int past;       /* whole weeks before, as far as counting goes back, at
                       most GL_SUMMARY_PAST */
    int imports;    /* days that another product counted are in */
    int goals;      /* that are defined */
    int by_server;  /* the site's page begins with pages served */
};

/* "2026-W47"; the caller's (g_free). */
char *gl_summary_week_text(int64_t monday);
/* 1 and *MONDAY; 0: TEXT is no week. */
int gl_summary_week_read(const char *text, int64_t *monday);

/* WEEK's values and totals; all weeks by the hour and by the day; the weeks of
 * the past, NULL without any: questions with "queries".  The caller's. */
json_t *gl_summary_week_question(const struct gl_summary_of *of, int week);
json_t *gl_summary_time_question(const struct gl_summary_of *of);
json_t *gl_summary_past_question(const struct gl_summary_of *of);

/* What they answered, into FACTS. */
void gl_summary_read_week(const json_t *answer, int week,
                          const struct gl_summary_of *of,
                          struct gl_summary_facts *facts);
void gl_summary_read_time(const json_t *answer, const struct gl_summary_of *of,
                          struct gl_summary_facts *facts);
void gl_summary_read_past(const json_t *answer,
                          struct gl_summary_facts *facts);

/* "visit:source"; NULL: its counts are no answers. */
const char *gl_summary_dimension(enum gl_summary_by by);
/* The question of WEEK with METRIC by DIMENSION, NULL = of all.  The
 * caller's. */
json_t *gl_summary_receipt(const struct gl_summary_of *of, int week,
                           const char *metric, const char *dimension);
/* Of the past by weeks. */
json_t *gl_summary_past_receipt(const struct gl_summary_of *of);
/* How the answer calls an hour of WEEK: "2026-11-24 10:00:00"; the caller's
 * (g_free). */
char *gl_summary_hour_text(const struct gl_summary_of *of, int week, int hour);

#endif
