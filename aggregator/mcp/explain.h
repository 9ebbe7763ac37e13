/*
 * Why a number changed: which values of which dimensions account for the
 * difference of a metric between two ranges.  Pure: questions
 * (question/parse.h) and what is told of their answers.
 *
 * Of each dimension the values are told that changed most, and by how much
 * the shares of its values shifted: half the sum of the differences of all
 * shares, the "total variation distance" of the two ranges.  0: all values
 * changed alike, so that the dimension explains nothing; 1: the ranges have no
 * value in common.
 */

#ifndef GL_MCP_EXPLAIN_H
#define GL_MCP_EXPLAIN_H

#include <jansson.h>

/* The question whose answer says which ranges these are, the caller's; or
 * NULL and *WHY, the caller's (g_free). */
json_t *gl_explain_ranges(json_t *arguments, char **why);

/* All others, once RANGES, the answer of the first, is known: an array of one
 * body of several "queries" for each range, the caller's. */
json_t *gl_explain_questions(json_t *arguments, const json_t *ranges);

/* ANSWERS are those of these questions, in their order.  The caller's. */
json_t *gl_explain_told(json_t *arguments, const json_t *ranges,
                        const json_t *answers);

#endif
