/* May this request see this site?  The one function that decides it. */

#ifndef GL_ACCESS_H
#define GL_ACCESS_H

#include "store/directory.h"

/*
 * Public sites are open; any other needs "Authorization: Bearer TOKEN" with a
 * token of the site's account.  200 and *SITE; 401 without a valid token, 404
 * for an unknown site and for another account's, both with a *SENTENCE.
 * AUTHORIZATION is the value of that header, NULL = there is none, or two.
 */
int gl_access_check(struct gl_directory *directory, const char *authorization,
                    const char *name, struct gl_directory_site *site,
                    const char **sentence);

#endif
