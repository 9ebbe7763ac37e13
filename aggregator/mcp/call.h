/* A tool is called: its questions, and what is told of their answers.  Query
 * thread. */

#ifndef GL_MCP_CALL_H
#define GL_MCP_CALL_H

#include <jansson.h>

#include "calls/query.h"

struct gl_mcp_call {
    const struct gl_query_view *view;
    const char *account; /* id: sites of no other are there */
    const char *tool;
    json_t *arguments; /* an object */
};

/* A status as answer/answer.h says it, with *ANSWER, an object: what is told,
 * or {"error": SENTENCE}. */
int gl_mcp_call(const struct gl_mcp_call *call, json_t **answer);

#endif
