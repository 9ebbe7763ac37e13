/* Texts of day totals as events have them: a page, a host, a country of both
 * is one. */

#ifndef GL_IMPORT_TOTAL_TEXT_H
#define GL_IMPORT_TOTAL_TEXT_H

#include "enrich/enrich.h"
#include "import/event_line.h"

/*
 * Make of TEXT, of the dimension WORD, what an event would keep, in LINE's
 * memory or until it is cleared.  A path that is CODED has escapes, as in an
 * address.  ENRICH knows the lists of codes (NULL: none is looked at).  0, or
 * -1 with why not in MUST, a sentence.
 */
int gl_total_text_(struct gl_import_line *line, struct gl_enrich *enrich,
                   const char *word, int coded, struct gl_text *text,
                   char *must, size_t must_len);

/* What stands for a text of WORD that is none, where that is no error. */
struct gl_text gl_total_text_instead_(const char *word);

#endif
