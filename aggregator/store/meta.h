/*
 * DATA/meta.db: accounts, sites and their routes, tokens, audit, and the
 * counters of frames that belong to no account.
 *
 * The same rules as for an account's file: changes between gl_meta_begin()
 * and gl_meta_commit(); after a failure everything fails until
 * gl_meta_rollback(); 0 or -enum gl_store_error.  The sites stand in memory
 * too, as of the last commit: routing asks no file.  Ingest thread only.
 */

#ifndef GL_STORE_META_H
#define GL_STORE_META_H

#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "store/account.h"
#include "store/error.h"

#define GL_META_NAME_MAX 128   /* bytes of an account's or token's name */
#define GL_META_HOSTS_MAX 1000 /* bytes of a site's list of hosts */
#define GL_META_TOKEN_LEN 46   /* "gl_" and base64url of 32 random bytes */

struct gl_meta_account {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char name[GL_META_NAME_MAX + 1];
    int64_t created_ms;
    uint32_t sites; /* how many: of gl_meta_accounts() */
};

struct gl_meta_site {
    int64_t id;
    char domain[254]; /* lower case, no www. */
    char account[GL_ACCOUNT_ID_LEN + 1];
    char timezone[64];
    int is_public;
    int64_t refresh_window_s;
    int optout;
    char hosts[GL_META_HOSTS_MAX + 1]; /* comma list, "" = all */
    int64_t created_ms;
};

struct gl_meta_token {
    char id[GL_ACCOUNT_ID_LEN + 1];
    char account[GL_ACCOUNT_ID_LEN + 1];
    char name[GL_META_NAME_MAX + 1];
    int64_t created_ms;
};

struct gl_directory;
struct gl_meta;

/* Makes DATA (0700) and meta.db (0600) when missing.  NULL with a sentence. */
struct gl_meta *gl_meta_open(const char *data, char *why, size_t why_len);
/* Checkpoint (TRUNCATE) and close. */
void gl_meta_close(struct gl_meta *meta);

/* Who may see what, as of the last commit; any thread may look, as long as
 * META is open. */
struct gl_directory *gl_meta_directory(const struct gl_meta *meta);

int gl_meta_begin(struct gl_meta *meta);
int gl_meta_commit(struct gl_meta *meta);
int gl_meta_rollback(struct gl_meta *meta);
const char *gl_meta_why(const struct gl_meta *meta);
/* The last failure was for want of room. */
int gl_meta_full(const struct gl_meta *meta);
/* As gl_accounts_tend(). */
void gl_meta_tend(struct gl_meta *meta, int64_t now_ms);

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

/* ---- sites ---- */

/* As of the last commit; valid until one that changes this site. */
const struct gl_meta_site *gl_meta_site(const struct gl_meta *meta,
                                        struct gl_text domain);
const struct gl_meta_site *gl_meta_site_by_id(const struct gl_meta *meta,
                                              int64_t id);
size_t gl_meta_sites_n(const struct gl_meta *meta);
/* All, by domain; a value other than 0 ends the list and is returned. */
int gl_meta_sites(const struct gl_meta *meta,
                  int (*each)(void *arg, const struct gl_meta_site *site),
                  void *arg);

/* SITE without id; the id is filled in.  1 made, 0 when the domain is taken;
 * -GL_STORE_DATA when there is no such account. */
int gl_meta_site_add(struct gl_meta *meta, struct gl_meta_site *site);
/* Write every field of SITE but id, domain and created: 1, or 0 no such id. */
int gl_meta_site_set(struct gl_meta *meta, const struct gl_meta_site *site);
int gl_meta_site_remove(struct gl_meta *meta, int64_t id);

/* Rows of SITE in the file of ACCOUNT are of no use (any more, or yet) and to
 * be deleted; removing the account forgets them. */
int gl_meta_add_remain(struct gl_meta *meta, int64_t site,
                       const char *account);
int gl_meta_remove_remain(struct gl_meta *meta, int64_t site,
                          const char *account);
int gl_meta_remains(struct gl_meta *meta,
                    void (*remain)(void *arg, int64_t site,
                                   const char *account),
                    void *arg);

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

/* ---- frames of no account ---- */

int gl_meta_upto(struct gl_meta *meta, const uint8_t seg[16], uint32_t *upto);
int gl_meta_set_upto(struct gl_meta *meta, const uint8_t seg[16],
                     uint32_t upto);
uint32_t gl_meta_connection(const struct gl_meta *meta);
int gl_meta_segments(struct gl_meta *meta,
                     void (*segment)(void *arg, const uint8_t seg[16],
                                     uint32_t upto),
                     void *arg);
int gl_meta_forget(struct gl_meta *meta, const uint8_t seg[16]);
/* Segments are read from this folder; how many there have been: *N. */
int gl_meta_add_spool(struct gl_meta *meta, uint64_t dev, uint64_t ino,
                      uint64_t *n);

int gl_meta_add_drop(struct gl_meta *meta, int64_t day, struct gl_text reason,
                     uint64_t n);
/* Sums over all days, by reason. */
int gl_meta_drops(struct gl_meta *meta,
                  int (*each)(void *arg, const char *reason, uint64_t n),
                  void *arg);
/* Requests answered 503 by one worker process: the largest total stays. */
int gl_meta_set_incarnation(struct gl_meta *meta, const uint8_t id[16],
                            uint64_t total, int64_t first_ms, int64_t last_ms);
/* Sum of all totals. */
int gl_meta_refused(struct gl_meta *meta, uint64_t *n);
/*
 * N frames from INDEX on are unreadable: set, not added.  INDEX 0: perhaps N
 * more of this segment; N 0: perhaps any number more.
 */
int gl_meta_set_lost(struct gl_meta *meta, const uint8_t seg[16],
                     uint32_t index, uint64_t n, int64_t at_ms);
/* 1 = that was said of an index FROM to UPTO, 0 = not. */
int gl_meta_lost_known(struct gl_meta *meta, const uint8_t seg[16],
                       uint32_t from, uint32_t upto);
int gl_meta_lost(struct gl_meta *meta, uint64_t *n);

/* ---- what an operator is told: meta_life.c ---- */

struct gl_meta_sum {
    uint64_t n;
    int64_t first_ms, last_ms;
    int at_least;     /* perhaps more than N */
    uint64_t perhaps; /* so many more, at most */
};

/* Requests answered 503 by worker processes that last did so after SINCE. */
int gl_meta_refused_since(struct gl_meta *meta, int64_t since_ms,
                          struct gl_meta_sum *sum);
/* Frames found lost after SINCE. */
int gl_meta_lost_since(struct gl_meta *meta, int64_t since_ms,
                       struct gl_meta_sum *sum);
/*
 * glintod starts under the kernel's boot id BOOT.  When the one before did not
 * end by itself and the machine was started anew since, *CUT_MS becomes NOW;
 * else it is when that was last so, 0 = never.
 */
int gl_meta_begin_life(struct gl_meta *meta, const char *boot, int64_t now_ms,
                       int64_t *cut_ms);
/* glintod ends by itself. */
int gl_meta_end_life(struct gl_meta *meta);

/* ---- audit ---- */

/* ARGS: JSON, secrets left out by the caller. */
int gl_meta_audit(struct gl_meta *meta, int64_t at_ms, const char *actor,
                  const char *verb, const char *args);

#endif
