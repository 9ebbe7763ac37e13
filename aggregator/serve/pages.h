/* What a browser gets below /glinto/: paths of paths.def.  Loop thread. */

#ifndef GL_PAGES_H
#define GL_PAGES_H

#include <event2/http.h>

#include "store/directory.h"

/* A page that says what is wrong. */
void gl_pages_error(struct evhttp_request *req, int status,
                    const char *sentence);
/* To a person, who cannot send a token, the page says how to open SITE. */
void gl_pages_closed(struct evhttp_request *req,
                     const struct gl_meta_site *site, const char *sentence);

#endif
