/* All that a file has of one site: asked for, compared, deleted, erased. */

#ifndef GL_STORE_SITE_SITES_H
#define GL_STORE_SITE_SITES_H

#include <stddef.h>
#include <stdint.h>

struct gl_account;

/* Sites that have rows, open visits or tallies here (moved and removed ones
 * too, until deleted). */
int gl_account_sites(struct gl_account *account,
                     int (*site)(void *arg, int64_t site), void *arg);
/* Sites with an open visit. */
int gl_account_open_sites(struct gl_account *account,
                          int (*site)(void *arg, int64_t site), void *arg);

/*
 * 1 = ACCOUNT has all that OTHER has of SITE (events, bots, drops), so that
 * nothing is lost when OTHER deletes it; 0 = it has not.
 */
int gl_account_covers(struct gl_account *account, struct gl_account *other,
                      int64_t site);
/* 1 = ACCOUNT has events, bots or drops of SITE. */
int gl_account_has_site(struct gl_account *account, int64_t site);
/* What the steps of a deletion have deleted so far; begins with zeros. */
struct gl_deleted {
    int64_t events;
    int64_t days; /* UTC, with events */
    int64_t day;  /* the last of them; days are deleted in order */
};
/* Delete what SITE has here, ROWS rowids in a transaction: 1 = more to do, 0 =
 * done.  A step that fails is not counted. */
int gl_account_delete_site(struct gl_account *account, int64_t site, int rows,
                           struct gl_deleted *deleted);
/* The same of UTC days before BEFORE, with what was not counted then. */
int gl_account_delete_days(struct gl_account *account, int64_t site,
                           int64_t before, int rows,
                           struct gl_deleted *deleted);
/*
 * After a site was deleted: delete words no row uses and write the file PATH
 * anew, so that no byte of the site is left in it.  In any thread, on a
 * connection of its own, while the account was let go.  STOP (1 = now) ends it
 * with an error.  0, or one with a sentence in WHY.
 */
int gl_account_erase(const char *path, int (*stop)(void *arg), void *arg,
                     char *why, size_t why_len);

#endif
