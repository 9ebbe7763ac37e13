/* Imports of day totals: what an import of events has not. */

#ifndef GL_IMPORT_TOTALS_H
#define GL_IMPORT_TOTALS_H

#include <jansson.h>

#include "import/product.h"
#include "ingest/state.h"
#include "store/rows/totals.h"

/*
 * Of import.start: may its days come?  Not where the site has events of its
 * own (but "before" leaves those days out), nor where it has totals.  0 and
 * *IMPORT, but for its hash; or a status with a sentence that names the dates.
 */
int gl_import_totals_begin_(struct gl_ingest *in, struct gl_ingest_site *site,
                            const struct gl_call *call,
                            struct gl_total_import *import, json_t **answer);

/* A line of it, number LINE, of PRODUCT or ours: 0, 1 = refused with a
 * sentence in WHY, or -enum gl_store_error.  Inside a transaction. */
int gl_import_totals_line_(struct gl_ingest *in, struct gl_ingest_site *site,
                           const struct gl_total_import *import,
                           const struct gl_product *product, int64_t line,
                           const char *text, size_t len, char *why,
                           size_t why_len);

#endif
