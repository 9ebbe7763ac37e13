/*
 * Counting: what is a visit, a refresh, a live visitor.  The whole room is
 * pure: no library, no clock, no storage; time comes as an argument.  The
 * rules are those of README.md here; each is a named test.
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

#include <stddef.h>
#include <stdint.h>

#define GL_VISIT_GAP_MS (30 * 60 * 1000) /* exactly 30 min = same visit */
/* a visit ends here at last */
#define GL_VISIT_LONGEST_MS (24 * 3600 * 1000)
#define GL_VISIT_KEPT_MS (60 * 60 * 1000) /* in the table after its end */
#define GL_LIVE_WINDOW_S 300              /* live visitors: 5 minutes */
#define GL_LIVE_MINUTES 30
#define GL_LIVE_BEFORE_MINUTES 20 /* by which a silence is judged */
#define GL_DAY_MS INT64_C(86400000)

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

/* ---- site: the live fold ---- */

struct gl_site;

struct gl_live_numbers {
    uint32_t visitors; /* distinct, pageview or custom event in 5 minutes */
    uint32_t pageviews_30m[GL_LIVE_MINUTES]; /* oldest first; last = this
                                                minute */
    uint32_t today_visitors, today_visits, today_pageviews;
    uint32_t pageviews_before; /* of the GL_LIVE_BEFORE_MINUTES that end with
                                  the newest event's */
    int64_t last_ms;           /* newest event that is known; 0 = none */
};

enum gl_applied {
    GL_APPLIED_NEW,    /* a new visit: *visit */
    GL_APPLIED_JOINED, /* belongs to *visit */
    GL_APPLIED_ALONE,  /* engagement without a visit: mark GL_MARK_NO_VISIT */
    GL_APPLIED_LATE    /* store the row, note its visitor as late */
};

/*
 * DAY_START..DAY_END: the site's current local day, UTC ms.  CLOSED_BEFORE:
 * visits last seen before it may be over (at a rebuild: since when rows are
 * replayed, which tell of later ones; a new site: INT64_MIN); an event that
 * such a visit might have taken is late.  WORDS is kept.  NULL: out of memory.
 */
struct gl_site *gl_site_new(const struct gl_words *words,
                            const struct gl_count_rules *rules,
                            int64_t day_start_ms, int64_t day_end_ms,
                            int64_t closed_before_ms);
void gl_site_free(struct gl_site *site);
/* Other words of the same codes take the place of those it was made with. */
void gl_site_set_words(struct gl_site *site, const struct gl_words *words);

/*
 * Apply one event in order of arrival.  Fills row->mark and row->visitor (a
 * visit over midnight keeps the visitor of its start).  *VISIT is valid until
 * the next call.  Returns enum gl_applied, or -1 when out of memory (nothing
 * changed).
 */
int gl_site_apply(struct gl_site *site, struct gl_row *row,
                  struct gl_visit **visit);

/*
 * Visits whose last event is more than GL_VISIT_KEPT_MS before NOW, and those
 * that a newer visit of their visitor has ended, leave the table: CLOSED is
 * called once for each.  Returns how many.  To be called before every commit:
 * so a visitor has at most one open visit on disk.  When CLOSED returns 1 all
 * but those ended are left for the next call.  While a backlog is read
 * NOW is the time of the events (a later NOW is correct too, but sends them
 * the slow way).
 */
size_t gl_site_expire(struct gl_site *site, int64_t now_ms,
                      int (*closed)(void *arg, const struct gl_visit *visit),
                      void *arg);

/* When the next visit will leave the table; INT64_MAX = none open. */
int64_t gl_site_next_expiry_ms(const struct gl_site *site);

/*
 * Rebuild after a start, an eviction or a rollback: first every open visit as
 * stored (id, visitor, alias, start, server), then rows in rowid order (stored
 * visitor and mark) from the oldest open visit's first row, or today's first
 * row, or 30 minutes before the oldest event to come, on; how many visits
 * began today tells gl_site_recount().  0, -1 out of memory; restore_visit 1:
 * a visit of this visitor is there already, the day of both is dirty.
 */
int gl_site_restore_visit(struct gl_site *site, const struct gl_visit *visit);
int gl_site_replay(struct gl_site *site, const struct gl_row *row);

/* One whose visits were made again from the rows up to NEWEST. */
struct gl_renewed {
    const uint64_t *ids; /* all that are known of it */
    size_t ids_n;
    uint64_t visitor; /* the last of them */
    int server;
    const struct gl_visit *visit; /* the one that may still grow, or NULL */
    const struct gl_row *first;   /* its first event */
    int64_t newest_ms;
};

/*
 * Its place in the table is made anew.  0; 1: the table has newer events, or a
 * key has become another's: VISIT is over; -1: out of memory.  What became of
 * rows and visits that were counted before: gl_site_recount(), by so many
 * pageviews at AT and visits that began at it.
 */
int gl_site_renew(struct gl_site *site, const struct gl_renewed *of);
void gl_site_recount(struct gl_site *site, int64_t at_ms, int visits,
                     int pageviews);

/* The numbers at NOW; the local day must be current (gl_site_turn_day). */
void gl_site_live(struct gl_site *site, int64_t now_ms,
                  struct gl_live_numbers *numbers);
/* A new local day begins: today's numbers start again at 0, and take the
 * events of the new day that were applied before the turn. */
void gl_site_turn_day(struct gl_site *site, int64_t day_start_ms,
                      int64_t day_end_ms);

size_t gl_site_bytes(const struct gl_site *site); /* memory it holds */

/* ---- fold: the slow path ---- */

/* Sort ROWS as gl_fold() needs them. */
void gl_fold_sort(struct gl_row *rows, size_t n, const struct gl_words *words);

/*
 * Make the visits of N sorted rows: sets each row's mark, and calls VISIT once
 * for each visit with FIRST..LAST, the indexes of its first and last row.
 */
void gl_fold(struct gl_row *rows, size_t n, const struct gl_count_rules *rules,
             void (*visit)(void *arg, const struct gl_visit *visit,
                           size_t first, size_t last),
             void *arg);

#endif
