/*
 * A tool's arguments as questions of the Stats API v2 (question/parse.h), and
 * what is told of their answers.  What is wrong with a value that goes into a
 * question unchanged is said by who reads it.  Pure.
 */

#ifndef GL_MCP_QUESTIONS_H
#define GL_MCP_QUESTIONS_H

#include <jansson.h>

/* One question, the caller's; or NULL and *WHY, a sentence that is the
 * caller's (g_free). */
json_t *gl_mcp_breakdown(json_t *arguments, char **why);
json_t *gl_mcp_compare(json_t *arguments, char **why);

/* Of the last five minutes and the last thirty: an array; and what is told of
 * the array of their answers. */
json_t *gl_mcp_realtime(json_t *arguments);
json_t *gl_mcp_realtime_told(json_t *arguments, const json_t *answers);

/* "limit" among ARGUMENTS, a whole number from 1 to MOST, OTHER when it is not
 * there: 0, or -1 and *WHY. */
int gl_mcp_limit(const json_t *arguments, json_int_t other, json_int_t most,
                 json_int_t *limit, char **why);

/* KEYS of ARGUMENTS, those that are there, ended by NULL: an object, the
 * caller's. */
json_t *gl_mcp_pick(const json_t *arguments, const char *const *keys);

#endif
