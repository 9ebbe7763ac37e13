/* Who signs in, what lets them in, and what they may do, as meta.db has
 * it. */

#ifndef GL_STORE_DIRECTORY_PERSON_H
#define GL_STORE_DIRECTORY_PERSON_H

#include <stdint.h>

#include "store/directory/account.h"

#define GL_PASSWORD_HASH_MAX 128 /* crypto_pwhash_STRBYTES */
#define GL_TOTP_BYTES 20         /* RFC 4226, section 4: of SHA-1 */

struct gl_meta_person {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char name[GL_META_NAME_MAX + 1];
    char password[GL_PASSWORD_HASH_MAX]; /* "" = none yet */
    uint8_t totp[GL_TOTP_BYTES];
    int has_totp;
    int64_t step; /* of the last code that was taken: access/totp.h */
    int64_t created_ms;
};

/* Each may what those before it may. */
enum gl_role {
    GL_ROLE_NONE = 0,
    GL_ROLE_VIEWER = 1, /* sees the sites */
    GL_ROLE_EDITOR = 2, /* changes what they are, shares them */
    GL_ROLE_OWNER = 3   /* people and tokens, too */
};

struct gl_meta_role {
    char person[GL_ACCOUNT_ID_LEN + 1];
    char account[GL_ACCOUNT_ID_LEN + 1];
    int64_t site; /* 0 = all of the account, also those to come */
    enum gl_role role;
};

/* What lets PERSON in. */
struct gl_meta_key {
    uint8_t hash[GL_META_HASH_LEN];
    char person[GL_ACCOUNT_ID_LEN + 1];
    int once; /* 1 = a link, to choose a password; 0 = who has signed in */
    int64_t until_ms;
};

/* "viewer"; GL_ROLE_NONE: "none". */
const char *gl_role_word(enum gl_role role);
/* 1 and *ROLE, or 0: there is none of that name. */
int gl_role_read(const char *word, enum gl_role *role);

#endif
