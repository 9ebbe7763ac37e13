/*
 * Who may see what: the sites and tokens of meta.db as of its last commit, for
 * threads that must not wait for the writer.  A look is a search in a tree
 * behind a mutex that nobody holds for longer than one such search or one
 * changed site, so its cost does not grow with accounts, and with sites only
 * as their logarithm does.
 *
 * Memory: some 130 bytes a site and 50 a public one.
 */

#ifndef GL_STORE_DIRECTORY_H
#define GL_STORE_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "store/account.h"

#define GL_DIRECTORY_HASH_LEN 32 /* SHA-256 */

struct gl_directory_site {
    int64_t id;       /* a site that was removed and added again has another */
    char domain[254]; /* request/host.h */
    char account[GL_ACCOUNT_ID_LEN + 1];
    char timezone[64];
    int is_public;
};

struct gl_directory_token {
    uint8_t hash[GL_DIRECTORY_HASH_LEN]; /* of its text */
    char id[GL_ACCOUNT_ID_LEN + 1];
    char account[GL_ACCOUNT_ID_LEN + 1];
};

struct gl_directory;

/* Without memory GLib ends the process. */
struct gl_directory *gl_directory_new(void);
void gl_directory_free(struct gl_directory *directory);

/* ---- any thread ---- */

/* The site that NAME (any bytes, in any form of it) is called: 1 and *SITE,
 * or 0. */
int gl_directory_site(struct gl_directory *directory, const char *name,
                      struct gl_directory_site *site);

/* 1 and the account's id when TEXT is a token, else 0. */
int gl_directory_token(struct gl_directory *directory, const char *text,
                       char account[GL_ACCOUNT_ID_LEN + 1]);

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

/* ---- the writer: seen by nobody before gl_directory_commit() ---- */

void gl_directory_put_site(struct gl_directory *directory,
                           const struct gl_directory_site *site);
void gl_directory_remove_site(struct gl_directory *directory,
                              const char *domain);
void gl_directory_put_token(struct gl_directory *directory,
                            const struct gl_directory_token *token);
void gl_directory_remove_token(struct gl_directory *directory, const char *id);
/* Everything goes; what is put after it takes its place. */
void gl_directory_clear(struct gl_directory *directory);
void gl_directory_commit(struct gl_directory *directory);
void gl_directory_rollback(struct gl_directory *directory);

#endif
