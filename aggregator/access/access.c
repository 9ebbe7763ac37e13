/*
 * May this request see this site?  The directory knows, so nobody is asked and
 * nothing is kept.  Loop thread.
 */

#include "access/access.h"
#include "store/account.h"

#include <string.h>
#include <strings.h>

#define GL_ACCESS_TOKEN_MAX 256 /* ours are 46; longer is nonsense */

static const char no_site[] = "there is no such site";

/* The token in VALUE, or NULL. */
static const char *
bearer(const char *value)
{
    static const char scheme[] = "Bearer ";
    if (value == NULL || strncasecmp(value, scheme, sizeof scheme - 1) != 0)
        return NULL;
    value += sizeof scheme - 1;
    size_t len = strlen(value);
    return len == 0 || len > GL_ACCESS_TOKEN_MAX ? NULL : value;
}

int
gl_access_check(struct gl_directory *directory, const char *authorization,
                const char *name, struct gl_directory_site *site,
                const char **sentence)
{
    char account[GL_ACCOUNT_ID_LEN + 1];
    if (!gl_directory_site(directory, name, site)) {
        *sentence = no_site;
        return 404;
    }
    if (site->is_public)
        return 200;
    const char *token = bearer(authorization);
    if (token == NULL) {
        *sentence = "this site is not public. \"glinto site set DOMAIN public "
                    "yes\" opens it to everybody; a program sends a token "
                    "(\"glinto token create\") as \"Authorization: Bearer "
                    "TOKEN\"";
        return 401;
    }
    if (!gl_directory_token(directory, token, account)) {
        *sentence = "this token is not known";
        return 401;
    }
    if (strcmp(account, site->account) != 0) {
        *sentence = no_site;
        return 404;
    }
    return 200;
}
