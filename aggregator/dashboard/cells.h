/* The columns of lists behind the name of a row: which a list has, asked for
 * and written.  Pure. */

#ifndef GL_CELLS_H
#define GL_CELLS_H

#include <jansson.h>

#include "dashboard/parts.h"

struct gl_cells {
    const struct gl_cell *one;
    size_t n;
};

/* Of a list in its card, and of all of it. */
struct gl_cells gl_cells_of_card(const struct gl_page *page,
                                 const struct gl_list *list);
struct gl_cells gl_cells_of_whole(const struct gl_page *page,
                                  const struct gl_list *list);

/* Their words in the API. */
const char *gl_cell_metric(const struct gl_cells *cells, size_t i);
json_t *gl_cell_metrics(const struct gl_cells *cells);
/* [{metric, text, small, extra}]: SMALL is narrow, EXTRA not for a phone. */
json_t *gl_cell_heads(const struct gl_cells *cells);
/* [{metric, text, small, extra}] of a row's METRICS. */
json_t *gl_cell_texts(const struct gl_cells *cells, const json_t *metrics);

#endif
