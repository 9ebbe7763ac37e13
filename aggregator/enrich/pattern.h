/*
 * What the groups of one regular expression hold in a text.  It is compiled
 * when first tried, and every match is bounded in steps.  Bytes, not UTF-8.
 */

#ifndef GL_ENRICH_PATTERN_H
#define GL_ENRICH_PATTERN_H

#include <stddef.h>

#include "event.h"

struct gl_pattern; /* one expression */
struct gl_matcher; /* working memory, shared by all patterns of a thread */

struct gl_matcher *gl_matcher_new_(void); /* NULL: out of memory */
void gl_matcher_free_(struct gl_matcher *matcher);

/*
 * REGEX is borrowed and must outlive the pattern, which with ANCHORED is only
 * found where the look begins.  NULL: out of memory.
 */
struct gl_pattern *gl_pattern_new_(const char *regex, int anchored);
void gl_pattern_free_(struct gl_pattern *pattern);
/* 0, or -1: not a regular expression.  Compiles it. */
int gl_pattern_check_(struct gl_pattern *pattern);

/*
 * 1 when PATTERN is found in TEXT from START on, 0 when not, -1 when that
 * takes too many steps.  TEXT is borrowed until the next find.
 */
int gl_matcher_find_(struct gl_matcher *matcher, struct gl_pattern *pattern,
                     struct gl_text text, size_t start);
/*
 * Group N (0 = all) of the last find; length 0 when it took no part.  Valid
 * until the next find.
 */
const char *gl_matcher_group_(const struct gl_matcher *matcher, int n,
                              size_t *len);

#endif
