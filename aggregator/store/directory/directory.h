/*
 * What meta.db says of accounts, sites, tokens and people, as of its last
 * commit: one immutable version after the other, each put in the place of the
 * one before by one pointer.  Nobody waits for anybody: who looks, in whatever
 * thread, sees one version until he leaves; the writer makes the next one
 * aside (sorted.h) and frees what nobody can see any more when nobody looks.
 *
 * Memory: some 1.6 KiB a site.  What a look costs, and a change, grows with
 * the logarithm of all sites; README.md has figures.
 */

#ifndef GL_STORE_DIRECTORY_DIRECTORY_H
#define GL_STORE_DIRECTORY_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "store/directory/version.h"

struct gl_directory;

/* Without memory GLib ends the process. */
struct gl_directory *gl_directory_new(void);
void gl_directory_free(struct gl_directory *directory);

/* ---- any thread ---- */

/* The version of now, which stays until gl_directory_leave(): one for each. */
const struct gl_version *gl_directory_enter(struct gl_directory *directory);
void gl_directory_leave(struct gl_directory *directory);

/* A copy of the site that NAME (any bytes, in any form of it) is called: 1 and
 * *SITE, or 0. */
int gl_directory_site(struct gl_directory *directory, const char *name,
                      struct gl_meta_site *site);

/* As gl_directory_site(), by its id. */
int gl_directory_site_id(struct gl_directory *directory, int64_t id,
                         struct gl_meta_site *site);

/* What is kept of the text of a token. */
void gl_directory_hash(const char *text, uint8_t hash[GL_META_HASH_LEN]);
/* 1 and a copy when TEXT is one's, else 0. */
int gl_directory_token(struct gl_directory *directory, const char *text,
                       struct gl_meta_token *token);

/* The person whose key has TEXT, of links (ONCE) or of who has signed in, at
 * NOW_MS: 1 and a copy, or 0. */
int gl_directory_key(struct gl_directory *directory, const char *text,
                     int once, int64_t now_ms, struct gl_meta_person *person);
/* The same by the hash of the text. */
int gl_directory_key_hash(struct gl_directory *directory,
                          const uint8_t hash[GL_META_HASH_LEN], int once,
                          int64_t now_ms, struct gl_meta_person *person);
/* By name: 1 and a copy, or 0. */
int gl_directory_person(struct gl_directory *directory, const char *name,
                        struct gl_meta_person *person);
/* The link whose secret is TEXT, at NOW_MS: 1 and a copy, or 0. */
int gl_directory_share(struct gl_directory *directory, const char *text,
                       int64_t now_ms, struct gl_meta_share *share);
/* As gl_version_role(). */
enum gl_role gl_directory_role(struct gl_directory *directory,
                               const char *person,
                               const struct gl_meta_site *site);

/* Grows with every commit that changed something. */
uint64_t gl_directory_commits(struct gl_directory *directory);

/*
 * Public sites in order, at most MOST of them: those whose domain, as people
 * read it, begins with PREFIX and comes after AFTER ("" = all).  Their number;
 * the domains, so, in DOMAINS.
 */
size_t gl_directory_public(struct gl_directory *directory, const char *prefix,
                           const char *after, char domains[][254],
                           size_t most);

/* ---- the writer: seen by nobody else before gl_directory_commit() ---- */

/* The version of the last commit, until the next one. */
const struct gl_version *
gl_directory_now(const struct gl_directory *directory);

/* In the place of the one with its id, if there is one, from which it has when
 * it was created. */
void gl_directory_put_site(struct gl_directory *directory,
                           const struct gl_meta_site *site);
void gl_directory_remove_site(struct gl_directory *directory, int64_t id);
void gl_directory_add_old_name(struct gl_directory *directory,
                               const struct gl_meta_old_name *name);
void gl_directory_remove_old_name(struct gl_directory *directory,
                                  const char *domain);
void gl_directory_add_account(struct gl_directory *directory,
                              const struct gl_meta_account *account);
/* With its tokens. */
void gl_directory_remove_account(struct gl_directory *directory,
                                 const char *id);
void gl_directory_add_token(struct gl_directory *directory,
                            const struct gl_meta_token *token);
void gl_directory_remove_token(struct gl_directory *directory, const char *id);
/* In the place of the one with its id. */
void gl_directory_put_person(struct gl_directory *directory,
                             const struct gl_meta_person *person);
/* With roles and keys. */
void gl_directory_remove_person(struct gl_directory *directory,
                                const char *id);
/* In the place of the one of its person, account and site. */
void gl_directory_put_role(struct gl_directory *directory,
                           const struct gl_meta_role *role);
void gl_directory_remove_role(struct gl_directory *directory,
                              const struct gl_meta_role *role);
/* All of PERSON, or in ACCOUNT; NULL = whosever. */
void gl_directory_remove_roles(struct gl_directory *directory,
                               const char *person, const char *account);
/* In the place of the one with its id. */
void gl_directory_put_share(struct gl_directory *directory,
                            const struct gl_meta_share *share);
void gl_directory_remove_share(struct gl_directory *directory, const char *id);
void gl_directory_add_key(struct gl_directory *directory,
                          const struct gl_meta_key *key);
void gl_directory_remove_key(struct gl_directory *directory,
                             const uint8_t hash[GL_META_HASH_LEN]);
/* Everything goes; what is put after it takes its place. */
void gl_directory_clear(struct gl_directory *directory);
void gl_directory_commit(struct gl_directory *directory);
void gl_directory_rollback(struct gl_directory *directory);
/* Free what nobody sees any more; a commit does, too. */
void gl_directory_free_garbage(struct gl_directory *directory);

#endif
