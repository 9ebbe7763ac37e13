/* The WebSocket handshake: is this request one, and from our own page? */

#ifndef GL_HANDSHAKE_H
#define GL_HANDSHAKE_H

#include <event2/http.h>

#include "serve/websocket.h"

/* Check REQ and make its Sec-WebSocket-Accept.  0; or -1 when it was refused
 * and has been answered. */
int gl_handshake_check(struct evhttp_request *req,
                       char accept[GL_WEBSOCKET_ACCEPT_LEN]);

/* 1 when ORIGIN is an origin of HOST, which may name a default port: of
 * SCHEME, or of either scheme when SCHEME is NULL, since who ends TLS before
 * nginx seldom says so.  NULL ORIGIN or HOST: 0. */
int gl_handshake_same_origin(const char *origin, const char *scheme,
                             const char *host);

#endif
