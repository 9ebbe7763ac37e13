/*
 * May this request see or ask this site?  The directory knows, so nobody is
 * asked and nothing is kept.  Loop thread.
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

static int
refuse(int status, const char *text, const char **sentence)
{
    *sentence = text;
    return status;
}

int
gl_access_check(struct gl_directory *directory, enum gl_access access,
                const char *authorization, const char *name,
                struct gl_directory_site *site, const char **sentence)
{
    char account[GL_ACCOUNT_ID_LEN + 1];
    const char *token = bearer(authorization);
    int known = gl_directory_site(directory, name, site);

    if (access == GL_ACCESS_SEE) {
        if (!known)
            return refuse(404, no_site, sentence);
        if (site->is_public)
            return 200;
        if (token == NULL)
            return refuse(401,
                          "this site is not public. \"glinto site set DOMAIN "
                          "public yes\" opens it to everybody; a program "
                          "sends a token (\"glinto token create\") as "
                          "\"Authorization: Bearer TOKEN\"",
                          sentence);
    }
    if (token == NULL)
        return refuse(401, "send a token as \"Authorization: Bearer TOKEN\"",
                      sentence);
    if (!gl_directory_token(directory, token, account))
        return refuse(401, "this token is not known", sentence);
    if (!known || strcmp(account, site->account) != 0)
        return refuse(404, no_site, sentence);
    return 200;
}
