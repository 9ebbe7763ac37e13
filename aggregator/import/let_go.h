/* Lines of days whose rows were let go, to which none can be added. */

#ifndef GL_IMPORT_LET_GO_H
#define GL_IMPORT_LET_GO_H

#include <stddef.h>
#include <stdint.h>

struct gl_ingest;
struct gl_ingest_site;

/* LINE (0 = not known) happened at AT_MS, on such a day: 1 and a sentence in
 * WHY; 0; or -enum gl_store_error. */
int gl_import_let_go_(struct gl_ingest *in, const struct gl_ingest_site *site,
                      int64_t line, int64_t at_ms, char *why, size_t why_len);

#endif
