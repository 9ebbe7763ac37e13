/*
 * Questions as SQL over the tables of a recount (recount_tables.h).  Texts of
 * a question are parameters, never a part of a statement.  Pure.
 */

#ifndef GL_RECOUNT_RECOUNT_SQL_H
#define GL_RECOUNT_RECOUNT_SQL_H

#include <glib.h>

#include "question/question.h"

struct gl_recount_sql {
    GString *text;
    GPtrArray *parameters; /* char *: ?3 and so on; ?1 and ?2 are the range */
};

/* What follows the sums of enum gl_sum: struct gl_more, member by member. */
enum gl_recount_more {
    GL_RECOUNT_PAID,
    GL_RECOUNT_AMOUNT,
    GL_RECOUNT_ENGAGED_MS,
    GL_RECOUNT_ENGAGED_VISITS,
    GL_RECOUNT_DEPTH,
    GL_RECOUNT_DEPTH_VISITS,
    GL_RECOUNT_MORE_N
};

/* Keys (texts, or a bucket) and the sums, a group a row; GROUPED 0: without
 * keys.  To be given to gl_recount_sql_fini(). */
void gl_recount_sql_sums(const struct gl_question *question, int grouped,
                         struct gl_recount_sql *sql);
/* When, the visit, the visitor, the props, amount and currency, then the texts
 * of all dimensions but props and time, of each event that counts, or each
 * visit. */
void gl_recount_sql_rows(const struct gl_question *question, int visits,
                         int limit, struct gl_recount_sql *sql);
void gl_recount_sql_fini(struct gl_recount_sql *sql);

/* 1: a row of gl_recount_sql_rows() has it. */
int gl_recount_has_text(enum gl_dimension dimension);
/* 1: what engagement tells is asked for. */
int gl_recount_wants_engagement(const struct gl_question *question);

#endif
