/*
 * What a program says at POST /glinto/mcp, and what it is told before a tool
 * is called: JSON-RPC of the Model Context Protocol over "streamable HTTP", of
 * two eras at one address.  Pure; nothing is kept between two messages.
 *
 *     2026-07-28    every request says in "_meta" and in headers which version
 *                   it speaks; server/discover
 *     2025-11-25,   a handshake, "initialize", comes first; no session is
 *     before        made, so that nothing depends on it
 *
 * Each answer is one JSON object: nothing is streamed, and the server asks
 * the program nothing.
 */

#ifndef GL_MCP_MESSAGE_H
#define GL_MCP_MESSAGE_H

#include <jansson.h>
#include <stddef.h>

/* Values of headers; NULL = there is none, or several. */
struct gl_mcp_headers {
    const char *version; /* MCP-Protocol-Version */
    const char *method;  /* Mcp-Method */
    const char *name;    /* Mcp-Name */
};

struct gl_mcp_reply {
    int status;        /* of HTTP; 0 = TOOL is to be called */
    json_t *body;      /* NULL = none: it was a notification */
    const char *tool;  /* the name of one that there is */
    json_t *arguments; /* an object */
    json_t *message;   /* the three above and ID are parts of it */
    const json_t *id;
};

/* To be given to gl_mcp_reply_fini(). */
void gl_mcp_read(const char *text, size_t len,
                 const struct gl_mcp_headers *headers,
                 struct gl_mcp_reply *reply);
void gl_mcp_reply_fini(struct gl_mcp_reply *reply);

/* What a tool answered, with STATUS as the Stats API says it, as the result of
 * its call, the caller's: also a refusal, so that who asks can ask better.
 * ANSWER is an object. */
json_t *gl_mcp_result(int status, json_t *answer);

/* The response to the request with ID (JSON), made of texts, since a result
 * may be long: the caller's (g_free). */
char *gl_mcp_response(const char *id, const char *result);
/* The response when there is no result: ours is the fault. */
char *gl_mcp_failure(const char *id, const char *sentence);

#endif
