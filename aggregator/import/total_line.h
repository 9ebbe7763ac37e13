/*
 * One row of a table of day totals, as the glinto command makes a line of it:
 *
 *   {"file": "imported_pages_20260101_20260131.csv", "line": 12,
 *    "table": "imported_pages", "row": {"date": "2026-01-01", "page": "/",
 *    "visitors": "3"}}
 *
 * Its texts become what events keep: total_text.h.  Pure.
 */

#ifndef GL_IMPORT_TOTAL_LINE_H
#define GL_IMPORT_TOTAL_LINE_H

#include "enrich/enrich.h"
#include "import/event_line.h"
#include "import/product.h"
#include "store/rows/totals.h"

struct gl_total_line {
    struct gl_total total; /* its table, date, texts and sums */

    struct gl_import_line _line; /* memory of the texts */
};

/*
 * TEXT is one line without its newline.  PRODUCT: whose tables they are, NULL
 * = ours, which are Plausible's; of another product a text that no event
 * could have is left out, where the row says something without it.  ENRICH as
 * of total_text.h.  0, 1 = it is nothing that is counted, or -1 with a
 * sentence that names file and line in WHY.  The texts are valid until
 * gl_total_line_clear(), due in all cases.
 */
int gl_total_line_read(struct gl_total_line *line,
                       const struct gl_product *product,
                       struct gl_enrich *enrich, const char *text, size_t len,
                       char *why, size_t why_len);
void gl_total_line_clear(struct gl_total_line *line);

#endif
