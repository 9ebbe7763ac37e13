/* Between imports.c, which totals are added, and imports_groups.c, to what. */

#ifndef GL_QUERY_IMPORTS_IMPORTS_INTERNAL_H
#define GL_QUERY_IMPORTS_IMPORTS_INTERNAL_H

#include "query/imports/imports.h"
#include "store/rows/day_tables.h"

struct gl_adding {
    struct gl_execution *run;
    const struct gl_zone *zone;
    const struct gl_question *question;
    struct gl_counted *counted;
    enum gl_day_table_number table;
    int at[GL_QUESTION_DIMENSIONS_MAX];             /* which text; -1 = time */
    GArray *leaves;                                 /* of the filter */
    GHashTable *values[GL_QUESTION_DIMENSIONS_MAX]; /* text -> 1 + key */
    GHashTable *groups;                             /* keys -> 1 + index */
    uint64_t rows;
    int alone; /* sums are those of all: no group, no filter */
    enum gl_executed result;
};

/* What is there so far. */
void gl_imports_begin_groups_(struct gl_adding *adding);
/* Of the dimension I. */
uint32_t gl_imports_key_of_text_(struct gl_adding *adding, size_t i,
                                 const char *text);
/* The bucket in which DATE begins; it is in the range. */
uint32_t gl_imports_key_of_date_(const struct gl_adding *adding, int64_t date);
/* The group with KEY's keys; it is made when there is none. */
struct gl_group *gl_imports_group_(struct gl_adding *adding,
                                   const struct gl_group *key);
/* As Plausible: events of a table without them are its pageviews. */
void gl_imports_add_sums_(const struct gl_adding *adding,
                          struct gl_group *group, const int64_t *sums);

#endif
