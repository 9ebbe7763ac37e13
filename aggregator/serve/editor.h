/* What an editor's page of a site has beside what others see.  Loop thread. */

#ifndef GL_EDITOR_H
#define GL_EDITOR_H

#include <event2/http.h>

#include "serve/path.h"

/* How the page of SITE is shown to who may change it, with the way there and
 * forms (dashboard/render.h); the caller's, NULL = who asks may not. */
json_t *gl_editor_by(const struct gl_paths *paths, struct evhttp_request *req,
                     const struct gl_meta_site *site);

#endif
