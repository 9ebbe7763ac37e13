/* May this request see or ask this site?  The one function that decides it. */

#ifndef GL_ACCESS_H
#define GL_ACCESS_H

#include "store/directory.h"

enum gl_access {
    GL_ACCESS_SEE, /* its page: open when the site is public */
    GL_ACCESS_ASK  /* anything about its rows: a token always */
};

/*
 * Where a token is needed it is "Authorization: Bearer TOKEN" with one of the
 * site's account.  200 and *SITE; 401 without a valid token, 404 for an
 * unknown site and for another account's, both with a *SENTENCE; to ask needs
 * the token first, so that nobody else learns which sites there are.
 * AUTHORIZATION is the value of that header, NULL = there is none, or two.
 */
int gl_access_check(struct gl_directory *directory, enum gl_access access,
                    const char *authorization, const char *name,
                    struct gl_directory_site *site, const char **sentence);

#endif
