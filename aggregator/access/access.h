/* May this request see this site?  The one function that decides it. */

#ifndef GL_ACCESS_H
#define GL_ACCESS_H

#include <event2/http.h>

#include "store/directory.h"

/*
 * Public sites are open; any other needs "Authorization: Bearer TOKEN" with a
 * token of the site's account.  200 and *SITE; 401 without a valid token, 404
 * for an unknown site and for another account's, both with a *SENTENCE.
 */
int gl_access_check(struct gl_directory *directory, struct evhttp_request *req,
                    const char *name, struct gl_directory_site *site,
                    const char **sentence);

#endif
