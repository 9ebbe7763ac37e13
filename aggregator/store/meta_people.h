/*
 * People who sign in, what lets them in, and what they may do, in meta.db and
 * in memory as of the last commit.  A secret is never stored, but its hash.
 */

#ifndef GL_STORE_META_PEOPLE_H
#define GL_STORE_META_PEOPLE_H

#include <stdint.h>

#include "store/meta_accounts.h"

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

/* A secret (gl_secret_draw()) in URLs and cookies: 22 letters. */
#define GL_SECRET_LEN 22
void gl_secret_draw(char secret[GL_SECRET_LEN + 1]);

/* ---- changes ---- */

/* PERSON has a name alone; the rest is filled in.  1 made, 0 when the name is
 * taken. */
int gl_meta_person_add(struct gl_meta *meta, struct gl_meta_person *person);
/* Its password, its key of codes and the step of the last one. */
int gl_meta_person_set(struct gl_meta *meta,
                       const struct gl_meta_person *person);
/* With roles and keys.  1, or 0 = there is none. */
int gl_meta_person_remove(struct gl_meta *meta, const char *id);

/* GL_ROLE_NONE takes it away. */
int gl_meta_role_set(struct gl_meta *meta, const struct gl_meta_role *role);
/* All of SITE are TO's; 0: they go. */
int gl_meta_roles_hand_on(struct gl_meta *meta, int64_t site, int64_t to);

/* Those of others whose time is over at NOW go. */
int gl_meta_key_add(struct gl_meta *meta, const struct gl_meta_key *key,
                    int64_t now_ms);
/* 1, or 0 = there is none. */
int gl_meta_key_remove(struct gl_meta *meta,
                       const uint8_t hash[GL_META_HASH_LEN]);
/* All of PERSON. */
int gl_meta_keys_remove(struct gl_meta *meta, const char *person);

#endif
