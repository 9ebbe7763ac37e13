/* A change for glintod, by its admin socket. */

#ifndef GL_LOG_POST_H
#define GL_LOG_POST_H

#include <jansson.h>

/* Ask PATH of the glintod at SOCKET with BODY, and wait for the answer: its
 * HTTP status, or 0 when there is none.  *SAID: the sentence of a refusal, the
 * caller's (g_free), or NULL. */
int gl_post(const char *socket, const char *path, const json_t *body,
            char **said);

#endif
