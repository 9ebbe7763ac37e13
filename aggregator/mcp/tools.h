/*
 * The tools that a program may call, and what each takes: tools.json, the one
 * list of them.  In it "true" stands for what the schema of a query
 * (question/schema.json) says of the same key.  Pure.
 */

#ifndef GL_MCP_TOOLS_H
#define GL_MCP_TOOLS_H

#include <jansson.h>

/* All, as "tools/list" tells them, the caller's. */
json_t *gl_mcp_tools(void);
int gl_mcp_has_tool(const char *name);

/* ARGUMENTS has the keys that the tool NAME, one of them, needs and no other:
 * NULL; or a sentence that names the key, the caller's (g_free). */
char *gl_mcp_tool_fault(const char *name, json_t *arguments);

#endif
