/*
 * Totals of days by some dimensions, in ten tables: what other products give
 * of a site, and take.  A person is counted in each of the days.
 */

#ifndef GL_STORE_ROWS_DAY_TABLES_H
#define GL_STORE_ROWS_DAY_TABLES_H

enum gl_day_table_number {
#define TABLE(name, file, columns) GL_DAY_##name,
#include "store/rows/day_tables.def"
#undef TABLE
    GL_DAY_TABLES_N
};

enum gl_day_sum {
    GL_DAY_SUM_VISITORS,
    GL_DAY_SUM_VISITS,
    GL_DAY_SUM_PAGEVIEWS,
    GL_DAY_SUM_EVENTS, /* custom ones */
    GL_DAY_SUM_BOUNCES,
    GL_DAY_SUM_SECONDS, /* of visits */
    GL_DAY_SUMS_N
};

#define GL_DAY_TEXTS_MAX 7 /* of a table: imported_sources */
#define GL_DAY_COLUMNS_MAX 12

struct gl_day_column {
    const char *name; /* NULL: that was the last one */
    const char *word; /* of a text: its dimension; of a sum: NULL */
    enum gl_day_sum sum;
};

struct gl_day_table {
    const char *name;
    struct gl_day_column columns[GL_DAY_COLUMNS_MAX + 1];
};

extern const struct gl_day_table gl_day_tables[GL_DAY_TABLES_N];

#endif
