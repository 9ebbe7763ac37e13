/*
 * Regular expressions of other people over text of strangers: each is
 * compiled when first tried, and every match is bounded in steps.  Bytes, not
 * UTF-8: a User-Agent may be anything.
 */

#ifndef GL_ENRICH_PATTERN_H
#define GL_ENRICH_PATTERN_H

#include <stddef.h>

struct gl_pattern; /* one expression */
struct gl_matcher; /* working memory, shared by all patterns of a thread */

struct gl_matcher *gl_matcher_new_(void); /* NULL: out of memory */
void gl_matcher_free_(struct gl_matcher *matcher);

/* REGEX is borrowed and must outlive the pattern.  NULL: out of memory. */
struct gl_pattern *gl_pattern_new_(const char *regex);
void gl_pattern_free_(struct gl_pattern *pattern);
/* 0, or -1: not a regular expression.  Compiles it. */
int gl_pattern_check_(struct gl_pattern *pattern);

/* Start with a new text: forgets how often the last one hit the limit. */
void gl_matcher_text_(struct gl_matcher *matcher, const char *text,
                      size_t len);
/*
 * 1 when PATTERN is found in the text, else 0.  A text that has hit the step
 * limit GL_MATCHER_STRIKES times is found by nothing any more.
 */
int gl_matcher_find_(struct gl_matcher *matcher, struct gl_pattern *pattern);
/*
 * Group N (0 = all) of the last find; length 0 when it took no part.  Valid
 * until the next find.
 */
const char *gl_matcher_group_(const struct gl_matcher *matcher, int n,
                              size_t *len);
/* Name of the last (*MARK) passed by the last find, or NULL. */
const char *gl_matcher_mark_(const struct gl_matcher *matcher);

/* Matches of one text that may run into the step limit. */
#define GL_MATCHER_STRIKES 3

#endif
