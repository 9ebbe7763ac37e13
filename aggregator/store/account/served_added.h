/*
 * Pages served of a transaction and their visitors, added up in memory: a row
 * is read and changed once.  Written before the commit, before a savepoint
 * begins and ends, and when they are many.  Inside store/ only.
 */

#ifndef GL_STORE_SERVED_ADDED_H
#define GL_STORE_SERVED_ADDED_H

#include <stddef.h>
#include <stdint.h>

#include "count/times.h"
#include "event.h"

struct gl_account;
struct gl_served_added; /* NULL: there are none */

/* views, refused, missing, failed, bytes, asked, upstream, cacheable,
 * cached */
#define GL_SERVED_SUMS_N 9

/* A row of served_pages. */
struct gl_page_added {
    int64_t site, day;
    int64_t sums[GL_SERVED_SUMS_N]; /* not written yet */
    uint8_t *times;                 /* all there are: those written, too */
    size_t times_len;
    struct gl_text path;
    uint64_t hash; /* of it */
};

/* A row of served_visitors. */
struct gl_visitor_added {
    int64_t site, day;
    uint64_t visitor;
    int64_t views, told; /* not written yet, if CHANGED */
    int has, changed;
    int read; /* 1 = what is written is known: */
    struct {
        int found, has;
        int64_t views, told;
    } row;
};

/* The one that is in memory, or NULL. */
struct gl_page_added *gl_page_added_(struct gl_account *account, int64_t site,
                                     int64_t day, struct gl_text path);
/* One that is not, of which TIMES are written: 0 or an error. */
int gl_page_hold_(struct gl_account *account, int64_t site, int64_t day,
                  struct gl_text path, const struct gl_times *times,
                  struct gl_page_added **page);
void gl_page_took_(struct gl_page_added *page, uint64_t ms);

/* The one that is in memory, or a new one: 0 or an error. */
int gl_visitor_hold_(struct gl_account *account, int64_t site, int64_t day,
                     uint64_t visitor, struct gl_visitor_added **held);

/* Write them: 0 or an error. */
int gl_served_flush_(struct gl_account *account);
void gl_served_forget_(struct gl_account *account);

#endif
