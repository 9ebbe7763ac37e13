/* An account, and a token that opens one, as meta.db has them. */

#ifndef GL_STORE_DIRECTORY_ACCOUNT_H
#define GL_STORE_DIRECTORY_ACCOUNT_H

#include <stdint.h>

#include "cluster.h"
#include "store/account/account.h"
#include "store/directory/scopes.h"

#define GL_META_NAME_MAX 128 /* bytes of an account's or token's name */
#define GL_META_HASH_LEN 32  /* SHA-256 */
#define GL_META_TOKEN_LEN 46 /* "gl_" and base64url of 32 random bytes */

struct gl_meta_account {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char name[GL_META_NAME_MAX + 1];
    char
        primary[GL_CLUSTER_NAME_MAX]; /* that has its events; "" = the first */
    int64_t created_ms;
};

struct gl_meta_token {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char account[GL_ACCOUNT_ID_LEN + 1];
    char name[GL_META_NAME_MAX + 1];
    int64_t created_ms;
    uint8_t hash[GL_META_HASH_LEN]; /* of its text */
    uint32_t scopes;                /* bits: scopes.h */
};

#endif
