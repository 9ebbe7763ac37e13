/* The tables of day_tables.def as data. */

#include "store/rows/day_tables.h"

#include <stddef.h>

#define TEXT(column, word) {#column, word, 0},
#define SUM(column, sum) {#column, NULL, GL_DAY_SUM_##sum},
#define TABLE(name, file, columns) {file, {columns{NULL, NULL, 0}}},

const struct gl_day_table gl_day_tables[GL_DAY_TABLES_N] = {
#include "store/rows/day_tables.def"
};
