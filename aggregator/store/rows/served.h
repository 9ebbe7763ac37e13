/*
 * Pages served, as nginx tells of them without a script: by page, by visitor,
 * and to whom of the bots.  By UTC day; paths beyond the caps of new words and
 * their bytes are "(other)".
 */

#ifndef GL_STORE_ROWS_SERVED_H
#define GL_STORE_ROWS_SERVED_H

#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "store/rows/tallies.h"

struct gl_account;

/* What is known of a visitor: bits of served_visitors.has. */
#define GL_SERVED_BROWSER 1 /* asked for a page as browsers do */
#define GL_SERVED_ASSET 2   /* asked for a style or image of one */
#define GL_SERVED_SCRIPT 4  /* a script sent an event */

/* Replies: how many of which class. */
struct gl_served_replies {
    int64_t views;   /* 200, 304 */
    int64_t refused; /* 403 */
    int64_t missing; /* 404, 410 */
    int64_t failed;  /* 5xx */
};

struct gl_served_page {
    struct gl_served_replies replies;
    int64_t bytes;
    int64_t asked, upstream_ms;
    int64_t cacheable, cached;
};

struct gl_served_visitors {
    int has;
    int64_t n, views, told;
};

/* ---- in a transaction ---- */

/* Of one reply, whose view took MS. */
int gl_account_add_served(struct gl_account *account, int64_t site,
                          int64_t day, struct gl_text path,
                          const struct gl_served_page *page, uint64_t ms);
int gl_account_add_served_bot(struct gl_account *account, int64_t site,
                              int64_t day, const struct gl_store_bot *bot,
                              struct gl_text path,
                              const struct gl_served_replies *to);
/* VIEWS pages more were served to VISITOR, of TOLD more a script told. */
int gl_account_add_served_visitor(struct gl_account *account, int64_t site,
                                  int64_t day, uint64_t visitor, int64_t views,
                                  int64_t told, int has);
/* What is known of VISITOR so far: 1, or 0. */
int gl_account_served_visitor(struct gl_account *account, int64_t site,
                              int64_t day, uint64_t visitor,
                              struct gl_served_visitors *found);

/* ---- any one thread ---- */

/* 1 = there is a page of SITE, 0 = none. */
int gl_account_has_served(struct gl_account *account, int64_t site);

/* Of the days FIRST to LAST of SITE: 0, or an error.  Pages by path, then by
 * day; visitors by day and what is known of them, VIEWS 0: a script alone told
 * of them; bots the newest day and the most replies first, at most LIMIT. */
int
gl_account_served_pages(struct gl_account *account, int64_t site,
                        int64_t first, int64_t last,
                        void (*take)(void *arg, int64_t day, const char *path,
                                     const struct gl_served_page *page,
                                     const uint8_t *times, size_t times_len),
                        void *arg);
int gl_account_served_visitors(
    struct gl_account *account, int64_t site, int64_t first, int64_t last,
    void (*take)(void *arg, int64_t day,
                 const struct gl_served_visitors *visitors),
    void *arg);
int gl_account_served_bots(struct gl_account *account, int64_t site,
                           int64_t first, int64_t last, int limit,
                           void (*take)(void *arg, int64_t day,
                                        const struct gl_store_bot *bot,
                                        const char *path,
                                        const struct gl_served_replies *to),
                           void *arg);
/* Those of AI, over all days, the most replies first; BY_PAGE 0: PATH is
 * NULL. */
int gl_account_served_ai(struct gl_account *account, int64_t site,
                         int64_t first, int64_t last, int limit, int by_page,
                         void (*take)(void *arg,
                                      const struct gl_store_bot *bot,
                                      const char *path,
                                      const struct gl_served_replies *to),
                         void *arg);

#endif
