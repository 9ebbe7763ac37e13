/*
 * Which of many regular expressions a text holds, in one pass that never goes
 * back: what it costs grows with the text and the number of answers, whatever
 * a stranger wrote.  Bytes, not UTF-8.
 */

#ifndef GL_ENRICH_SCAN_H
#define GL_ENRICH_SCAN_H

#include <stddef.h>

#include "event.h"

struct gl_scan;

/*
 * The N expressions of REGEXES, numbered from 0.  FILE holds them compiled,
 * as gl_scan_save_() wrote it; when it is missing or is not about exactly
 * these expressions and this version of the library they are compiled anew,
 * which takes most of a second.  NULL with *WHY a static sentence.
 */
struct gl_scan *gl_scan_new_(const char *const *regexes, size_t n,
                             const char *file, const char **why);
void gl_scan_free_(struct gl_scan *scan);

/* For every processor of this architecture.  0, or -1: see errno. */
int gl_scan_save_(const struct gl_scan *scan, const char *file);

/*
 * Calls FOUND for each match in TEXT: the expression's number, and where the
 * match ends (bytes from the start), in the order of their ends, until it
 * returns 1.
 */
void gl_scan_find_(struct gl_scan *scan, struct gl_text text,
                   int (*found)(void *arg, size_t number, size_t end),
                   void *arg);

#endif
