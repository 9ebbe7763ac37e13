/*
 * One row of a table of day totals, as the glinto command makes a line of it:
 *
 *   {"file": "imported_pages_20260101_20260131.csv", "line": 12,
 *    "table": "imported_pages", "row": {"date": "2026-01-01", "page": "/",
 *    "visitors": "3"}}
 *
 * Pure.
 */

#ifndef GL_IMPORT_TOTAL_LINE_H
#define GL_IMPORT_TOTAL_LINE_H

#include "import/product.h"
#include "store/totals.h"

/* Fill TABLE, DATE, TEXTS and SUMS of TOTAL; texts are valid as long as *ROOT,
 * to be given to json_decref() in all cases.  PRODUCT: whose tables they are,
 * NULL = ours, which are Plausible's.  0, 1 = it is nothing that is counted,
 * or -1 with a sentence that names file and line in WHY. */
int gl_total_line_read(const struct gl_product *product, const char *text,
                       size_t len, struct gl_total *total, json_t **root,
                       char *why, size_t why_len);

#endif
