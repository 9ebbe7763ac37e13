/*
 * A row of another product's table of day totals, as the glinto command makes
 * a line of it (total_line.h), as a row of one of ours:
 *
 *   "matomo-csv"  CSV of Matomo's Reporting API: a file is called like the
 *                 method that gave it, "Actions.getPageUrls.csv"
 *   "ga4-csv"     CSV of a free-form exploration of Google Analytics 4, in
 *                 English: which table it is, its columns say
 *
 * What a visit was is not told by them: a row is a sum.  Pure.
 */

#ifndef GL_IMPORT_PRODUCT_H
#define GL_IMPORT_PRODUCT_H

#include <jansson.h>
#include <stddef.h>

struct gl_product;

/* By the name of its format, or NULL. */
const struct gl_product *gl_product_by_name(const char *format);

/*
 * "table" and "row" of LINE become ours: 0, 1 = it is nothing that is counted,
 * or -1 with a sentence that names file, line and column in WHY.
 */
int gl_product_read(const struct gl_product *product, json_t *line, char *why,
                    size_t why_len);

#endif
