/*
 * What meta.db said at one commit of accounts, sites, tokens and people: one
 * version of the directory (directory.h), which nobody changes.
 *
 * NULL = there is none; what is found is there as long as the version is.
 */

#ifndef GL_STORE_DIRECTORY_VERSION_H
#define GL_STORE_DIRECTORY_VERSION_H

#include <stddef.h>
#include <stdint.h>

#include "store/directory/account.h"
#include "store/directory/old_name.h"
#include "store/directory/share.h"
#include "store/directory/site.h"

struct gl_version;

/* The site that NAME (any bytes, in any form of it) is called, or was lately.
 */
const struct gl_meta_site *gl_version_site(const struct gl_version *version,
                                           const char *name);
/* By the name as it is stored. */
const struct gl_meta_site *
gl_version_site_stored(const struct gl_version *version, const char *domain);
const struct gl_meta_site *gl_version_site_id(const struct gl_version *version,
                                              int64_t id);
const struct gl_meta_account *
gl_version_account(const struct gl_version *version, const char *name);
const struct gl_meta_account *
gl_version_account_id(const struct gl_version *version, const char *id);
const struct gl_meta_person *
gl_version_person(const struct gl_version *version, const char *name);
const struct gl_meta_person *
gl_version_person_id(const struct gl_version *version, const char *id);
const struct gl_meta_share *
gl_version_share_id(const struct gl_version *version, const char *id);
const struct gl_meta_key *gl_version_key(const struct gl_version *version,
                                         const uint8_t hash[GL_META_HASH_LEN]);
/* 1: there is a token with this ID, of ACCOUNT. */
int gl_version_token_is_of(const struct gl_version *version, const char *id,
                           const char *account);
/* 1: PERSON has a role at all. */
int gl_version_has_role(const struct gl_version *version, const char *person);
/* As it was given to ROLE's person, for its account and its site alone. */
enum gl_role gl_version_role_at(const struct gl_version *version,
                                const struct gl_meta_role *role);
/* What PERSON may do with SITE: the most of what its account and it give. */
enum gl_role gl_version_role(const struct gl_version *version,
                             const char *person,
                             const struct gl_meta_site *site);
size_t gl_version_sites_n(const struct gl_version *version);
/* How many the account with this id has, by a look at each. */
size_t gl_version_sites_of(const struct gl_version *version,
                           const char *account);

/* All by domain, or those of an account's ID; names that sites had; all by
 * name; all, the oldest first.  A value other than 0 ends a list and is
 * returned. */
int gl_version_sites(const struct gl_version *version, const char *account,
                     int (*each)(void *arg, const struct gl_meta_site *site),
                     void *arg);
int gl_version_old_names(const struct gl_version *version,
                         int (*each)(void *arg,
                                     const struct gl_meta_old_name *name),
                         void *arg);
int gl_version_accounts(const struct gl_version *version,
                        int (*each)(void *arg,
                                    const struct gl_meta_account *account),
                        void *arg);
int gl_version_tokens(const struct gl_version *version,
                      int (*each)(void *arg,
                                  const struct gl_meta_token *token),
                      void *arg);
/* By name; those of PERSON, NULL = of all; in no order that says anything. */
int gl_version_people(const struct gl_version *version,
                      int (*each)(void *arg,
                                  const struct gl_meta_person *person),
                      void *arg);
int gl_version_roles(const struct gl_version *version, const char *person,
                     int (*each)(void *arg, const struct gl_meta_role *role),
                     void *arg);
int gl_version_keys(const struct gl_version *version,
                    int (*each)(void *arg, const struct gl_meta_key *key),
                    void *arg);
int gl_version_shares(const struct gl_version *version,
                      int (*each)(void *arg,
                                  const struct gl_meta_share *share),
                      void *arg);

#endif
