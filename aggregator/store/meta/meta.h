/*
 * DATA/meta.db: opened, its transactions, audit.  What is in it:
 * accounts.h, sites.h, counts.h.
 *
 * The rules are those of an account's file: changes between gl_meta_begin()
 * and gl_meta_commit(); after a failure everything fails until
 * gl_meta_rollback(); 0 or -enum gl_store_error.  Accounts, sites and tokens
 * stand in memory too, as of the last commit: nobody asks the file for them.
 * Writer thread only.
 */

#ifndef GL_STORE_META_META_H
#define GL_STORE_META_META_H

#include <stddef.h>
#include <stdint.h>

#include "store/db/file.h"

struct gl_account;
struct gl_directory;
struct gl_meta;
struct gl_version;

/* Makes DATA (0700) and meta.db (0600) when missing.  NULL with a sentence. */
struct gl_meta *gl_meta_open(const char *data, char *why, size_t why_len);
/* Sites and hosts named by a glintod of before get the one form of their name
 * (domain.h); those that cannot keep theirs, with a line in the log. */
void gl_meta_rename_sites(struct gl_meta *meta);
/* Checkpoint (TRUNCATE) and close. */
void gl_meta_close(struct gl_meta *meta);

/* META's file as of its last commit, read only, for one question in any
 * thread about what is counted there (counts.h).  NULL with a
 * sentence. */
struct gl_meta *gl_meta_reader(const struct gl_meta *meta, char *why,
                               size_t why_len);
void gl_meta_reader_free(struct gl_meta *reader);

/* A reader (store/account/account.h) of the file of account ID, in META's
 * folder.  NULL: not an id, or out of memory. */
struct gl_account *gl_meta_account_reader(const struct gl_meta *meta,
                                          const char *id);

/* Who may see what, as of the last commit; any thread may look, as long as
 * META is open. */
struct gl_directory *gl_meta_directory(const struct gl_meta *meta);
/* What the writer thread sees of it: valid until the next commit. */
const struct gl_version *gl_meta_now(const struct gl_meta *meta);

int gl_meta_begin(struct gl_meta *meta);
int gl_meta_commit(struct gl_meta *meta);
int gl_meta_rollback(struct gl_meta *meta);
const char *gl_meta_why(const struct gl_meta *meta);
/* The last failure was for want of room. */
int gl_meta_full(const struct gl_meta *meta);
/* As gl_accounts_shorten_logs(). */
void gl_meta_shorten_log(struct gl_meta *meta, int64_t now_ms);

/* ARGS: JSON, secrets left out by the caller. */
int gl_meta_audit(struct gl_meta *meta, int64_t at_ms, const char *actor,
                  const char *verb, const char *args);

/* Frames of no account: META as rounds see it (file.h). */
struct gl_file *gl_meta_file(struct gl_meta *meta);

#endif
