/*
 * Counting: what is a visit, a refresh, a live visitor.  The whole room is
 * pure: no library, no clock, no storage; time comes as an argument.  The
 * rules are those of README.md here; each is a named test.  In this header are
 * the words that all of it uses: mark, row, visit, what a site may choose.
 *
 *   filter  Bloom filter in two generations: "certainly new"
 *   visits  exact table of visits, kept 60 minutes after their last event
 *   site    one site: filter, visits and live numbers; the live fold
 *   fold    the slow path: visits as a function of a set of rows
 *
 * Order.  Every number is a function of the set of rows, sorted by (time,
 * kind, host, path) within a visitor; of one millisecond engagement (of the
 * page that is left) comes first, then pageviews, then custom events.  The
 * live fold takes an event in any order in which what it does is known from
 * what is kept of its visitor; any other is *late*: it is stored, and the slow
 * path makes its visitor's visits again.
 */

#ifndef GL_COUNT_H
#define GL_COUNT_H

#include <stdint.h>

#define GL_VISIT_GAP_MS (30 * 60 * 1000) /* exactly 30 min = same visit */
/* a visit ends here at last */
#define GL_VISIT_LONGEST_MS (24 * 3600 * 1000)
#define GL_VISIT_KEPT_MS (60 * 60 * 1000) /* in the table after its end */
#define GL_DAY_MS INT64_C(86400000)

/* The UTC day of a time; below 1970 too. */
static inline int64_t
gl_day_of(int64_t at_ms)
{
    return at_ms / GL_DAY_MS - (at_ms % GL_DAY_MS < 0);
}

/* events.mark */
enum gl_mark {
    GL_MARK_NONE = 0,
    GL_MARK_REFRESH = 1,  /* same host and path as the visit's pageview
                             before */
    GL_MARK_NO_VISIT = 2, /* engagement that follows no pageview or event */
    GL_MARK_REPEAT = 3    /* refresh within the site's refresh window: it is
                             no pageview */
};

/* What counting needs of an event row. */
struct gl_row {
    int64_t id; /* rowid in events */
    int64_t at_ms;
    uint64_t visitor; /* fold: as stored; apply: as the worker sent it */
    uint64_t visitor_before; /* apply only; 0 = none */
    uint32_t host, path;     /* dictionary codes */
    uint32_t engagement_ms;
    uint8_t kind;    /* enum gl_kind */
    uint8_t passive; /* custom event that does not end a bounce */
    uint8_t server;  /* 1 = page served (log phase): own visits */
    uint8_t mark;    /* enum gl_mark, out */
};

/* A pageview that was counted. */
struct gl_viewed {
    uint32_t after_ms; /* since the visit began */
    uint32_t host, path;
};

/* The newest pageviews of a visit are kept, so that one of a millisecond
 * before (of another worker, or of a name that sorts before) finds its place
 * among them.  12 bytes each. */
#define GL_VIEWED_MAX 4

struct gl_visit {
    int64_t id; /* rowid of its first event: key of its sessions row */
    uint64_t visitor;
    uint64_t alias;         /* its visitor id after midnight, 0 = none */
    int64_t start_ms;       /* first event */
    int64_t last_ms;        /* last pageview or custom event */
    int64_t seen_ms;        /* last event of any kind */
    uint32_t pageviews;     /* GL_MARK_REPEAT left out */
    uint32_t refreshes;     /* GL_MARK_REFRESH and GL_MARK_REPEAT */
    uint32_t events;        /* custom events */
    uint32_t interactive;   /* custom events that are not passive */
    uint64_t engagement_ms; /* a sum: 32 bits are 50 days of a tab */
    uint32_t entry_host, entry_path; /* of the first pageview, 0 = none yet */
    uint32_t exit_host, exit_path;   /* of the last pageview */
    struct gl_viewed viewed[GL_VIEWED_MAX]; /* any mark; newest first */
    uint8_t viewed_n;
    uint8_t server;
};

/* What a site may choose about counting. */
struct gl_count_rules {
    int64_t refresh_window_ms; /* 0 = every refresh is a pageview */
};

/* Order of two dictionary words by their text: < 0, 0, > 0.  Needed only for
 * events of one visitor in one millisecond. */
struct gl_words {
    int (*compare_host)(void *arg, uint32_t a, uint32_t b);
    int (*compare_path)(void *arg, uint32_t a, uint32_t b);
    void *arg;
};

#endif
