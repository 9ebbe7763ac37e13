/* What a browser gets below /glinto/: paths of paths.def.  Loop thread. */

#ifndef GL_PAGES_H
#define GL_PAGES_H

#include <event2/http.h>

/* A page that says what is wrong. */
void gl_pages_error(struct evhttp_request *req, int status,
                    const char *sentence);

#endif
