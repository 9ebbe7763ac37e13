/* Accounts and the tokens that open them, in meta.db and, as of the last
 * commit, in memory. */

#ifndef GL_STORE_META_ACCOUNTS_H
#define GL_STORE_META_ACCOUNTS_H

#include <stdint.h>

#include "store/directory/account.h"

struct gl_meta;

/* ---- accounts ---- */

/* Draws the id.  PRIMARY is a name of one, "" the first.  1 made, 0 when the
 * name is taken. */
int gl_meta_account_add(struct gl_meta *meta, const char *name,
                        const char *primary, int64_t now_ms,
                        struct gl_meta_account *account);
/* All of the last commit, by name; a value other than 0 ends the list and is
 * returned.  More is in gl_meta_now() (directory.h). */
int gl_meta_accounts(const struct gl_meta *meta,
                     int (*each)(void *arg,
                                 const struct gl_meta_account *account),
                     void *arg);
/* With its tokens and the roles in it.  1 removed, 0 when there is none;
 * -GL_STORE_DATA while it has sites. */
int gl_meta_account_remove(struct gl_meta *meta, const char *id);

/* ---- tokens ---- */

/* TEXT (shown once) and TOKEN are filled in; only the hash is stored. */
int gl_meta_token_add(struct gl_meta *meta, const char *account_id,
                      const char *name, uint32_t scopes, int64_t now_ms,
                      char text[GL_META_TOKEN_LEN + 1],
                      struct gl_meta_token *token);
/* 1 removed, 0 none. */
int gl_meta_token_remove(struct gl_meta *meta, const char *id);

#endif
