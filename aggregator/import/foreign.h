/*
 * A row of another product's list of events, as the glinto command makes a
 * line of it (total_line.h), to an event:
 *
 *   "umami-csv"        website_event.csv of Umami's export
 *   "goatcounter-csv"  GoatCounter's export, versions 1 and 2
 *
 * What is no code, too long or without a word here is left out, as a worker
 * does: nobody can mend another product's list.  Pure.
 */

#ifndef GL_IMPORT_FOREIGN_H
#define GL_IMPORT_FOREIGN_H

#include "import/event_line.h"

struct gl_foreign; /* a product */

/* By the name of its format, or NULL. */
const struct gl_foreign *gl_foreign_by_name(const char *format);

/* As gl_import_line_read(): 0, 1 = the row is no event, or -1 with a sentence
 * that names file and line.  LINE is to be cleared in all cases. */
int gl_foreign_read(const struct gl_foreign *product,
                    struct gl_import_line *line, const char *text, size_t len,
                    const char *site, int64_t now_ms, char *why,
                    size_t why_len);

#endif
