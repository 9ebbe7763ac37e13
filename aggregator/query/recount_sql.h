/*
 * Questions as SQL over the tables of a recount.  Texts of a question are
 * parameters, never a part of a statement.  Pure.
 *
 *   temp.v   visits: id, visitor, at, referrer, agent, place, screen (codes),
 *            seconds, views, bounced, entry, exit (temp.e.id)
 *   temp.e   their events: id, visit, visitor, at, kind, counts, passive,
 *            host, path, name (codes), props
 *   temp.b   stretches of time: bucket, since
 */

#ifndef GL_QUERY_RECOUNT_SQL_H
#define GL_QUERY_RECOUNT_SQL_H

#include <glib.h>

#include "query/question.h"

struct gl_recount_sql {
    GString *text;
    GPtrArray *parameters; /* char *: ?3 and so on; ?1 and ?2 are the range */
};

/* Run one after the other; the days' rows go in between. */
extern const char gl_recount_tables[], gl_recount_visits[];
/* Rows of ?1, a site, and ?2, a day: visits of all days, then events. */
extern const char gl_recount_take_visits[], gl_recount_take_events[];
extern const char gl_recount_end[];

/* Keys (texts, or a bucket) and the sums of enum gl_sum, a group a row;
 * GROUPED 0: without keys.  To be given to gl_recount_sql_fini(). */
void gl_recount_sql_sums(const struct gl_question *question, int grouped,
                         struct gl_recount_sql *sql);
/* When, the visit, the visitor, the props, then the texts of all dimensions
 * but props and time, of each event that counts, or each visit. */
void gl_recount_sql_rows(const struct gl_question *question, int visits,
                         int limit, struct gl_recount_sql *sql);
void gl_recount_sql_fini(struct gl_recount_sql *sql);

/* 1: a row of gl_recount_sql_rows() has it. */
int gl_recount_has_text(enum gl_dimension dimension);
/* The word of what cannot be recounted in QUESTION, or NULL. */
const char *gl_recount_cannot(const struct gl_question *question);

#endif
