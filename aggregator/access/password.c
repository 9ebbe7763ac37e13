/* Passwords; see password.h. */

#include "access/password.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

/* For who signs in now and then on a server that does other things: 64 MiB,
 * two passes. */
#define PASSES crypto_pwhash_OPSLIMIT_INTERACTIVE
#define BYTES crypto_pwhash_MEMLIMIT_INTERACTIVE

_Static_assert(GL_PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "libsodium's");

const char *
gl_password_fault(const char *password)
{
    if (strlen(password) > GL_PASSWORD_MAX)
        return "a password has at most 256 bytes";
    if (g_utf8_strlen(password, -1) < GL_PASSWORD_MIN)
        return "a password has at least 8 characters";
    return NULL;
}

int
gl_password_hash(const char *password, char hash[GL_PASSWORD_HASH_MAX])
{
    return crypto_pwhash_str(hash, password, strlen(password), PASSES, BYTES);
}

int
gl_password_fits(const char *hash, const char *password)
{
    char another[GL_PASSWORD_HASH_MAX];

    if (hash[0] != '\0')
        return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    gl_password_hash(password, another);
    return 0;
}
