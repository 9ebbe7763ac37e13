/* A statement while it is written: recount_sql.c begins it, recount_filter.c
 * adds texts of dimensions and what passes a filter. */

#ifndef GL_RECOUNT_RECOUNT_SQL_INTERNAL_H
#define GL_RECOUNT_RECOUNT_SQL_INTERNAL_H

#include "recount/recount_sql.h"

struct gl_asking {
    const struct gl_question *question;
    struct gl_recount_sql *sql;
    const char *event; /* its table's name in the statement */
    int entry;         /* pages and hosts are where the visit was entered */
};

/* SQL, in which '@' is the event. */
void gl_recount_add_(const struct gl_asking *asking, const char *sql);
/* "?7", which is VALUE (taken). */
void gl_recount_add_parameter_(const struct gl_asking *asking, char *value);
/* The text of a dimension; it has one, gl_recount_has_text(), or is a prop. */
void gl_recount_add_text_(const struct gl_asking *asking,
                          const struct gl_by *by);
/* What is true for what passes. */
void gl_recount_add_filter_(const struct gl_asking *asking,
                            const struct gl_predicate *filter);

#endif
