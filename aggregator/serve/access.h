/* May this request see this site?  The one function that decides it. */

#ifndef GL_ACCESS_H
#define GL_ACCESS_H

#include <event2/http.h>
#include <jansson.h>

#include "serve/ask.h"

/*
 * Public sites are open; any other needs "Authorization: Bearer TOKEN" with a
 * token of the site's account.  DONE runs once: 200 with the site object, 401
 * without a valid token, 404 for an unknown site and for another account's,
 * GL_ASK_GONE; else an error with its sentence.
 */
void gl_access_check(struct gl_asks *asks, struct evhttp_request *req,
                     const char *site, gl_ask_done *done, void *arg);

#endif
