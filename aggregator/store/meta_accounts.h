/* Accounts and the tokens that open them, in meta.db. */

#ifndef GL_STORE_META_ACCOUNTS_H
#define GL_STORE_META_ACCOUNTS_H

#include <stdint.h>

#include "store/account.h"

struct gl_meta;

#define GL_META_NAME_MAX 128 /* bytes of an account's or token's name */
#define GL_META_TOKEN_LEN 46 /* "gl_" and base64url of 32 random bytes */

struct gl_meta_account {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char name[GL_META_NAME_MAX + 1];
    int64_t created_ms;
    uint32_t sites; /* how many: of gl_meta_accounts() */
};

struct gl_meta_token {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char account[GL_ACCOUNT_ID_LEN + 1];
    char name[GL_META_NAME_MAX + 1];
    int64_t created_ms;
};

/* ---- accounts ---- */

/* Draws the id.  1 made, 0 when the name is taken. */
int gl_meta_account_add(struct gl_meta *meta, const char *name, int64_t now_ms,
                        struct gl_meta_account *account);
/* By name: 1 found, 0 not. */
int gl_meta_account_find(struct gl_meta *meta, const char *name,
                         struct gl_meta_account *account);
/* The name of account ID: 1 found, 0 not. */
int gl_meta_account_name(struct gl_meta *meta, const char *id,
                         char name[GL_META_NAME_MAX + 1]);
/* How many sites account ID has: *N, by a look at all. */
int gl_meta_account_sites(struct gl_meta *meta, const char *id, uint32_t *n);
/* By name order; a value other than 0 ends the list and is returned. */
int gl_meta_accounts(struct gl_meta *meta,
                     int (*each)(void *arg,
                                 const struct gl_meta_account *account),
                     void *arg);
/* With its tokens.  1 removed, 0 when there is none; -GL_STORE_DATA while it
 * has sites. */
int gl_meta_account_remove(struct gl_meta *meta, const char *id);

/* ---- tokens ---- */

/* TEXT (shown once) and TOKEN are filled in; only the hash is stored. */
int gl_meta_token_add(struct gl_meta *meta, const char *account_id,
                      const char *name, int64_t now_ms,
                      char text[GL_META_TOKEN_LEN + 1],
                      struct gl_meta_token *token);
/* Of one account (id), or of all (NULL); oldest first. */
int gl_meta_tokens(struct gl_meta *meta, const char *account_id,
                   int (*each)(void *arg, const struct gl_meta_token *token),
                   void *arg);
/* 1 removed, 0 none. */
int gl_meta_token_remove(struct gl_meta *meta, const char *id);

#endif
