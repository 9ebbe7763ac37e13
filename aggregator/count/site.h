/* One site: the live fold of its events, and its live numbers. */

#ifndef GL_COUNT_SITE_H
#define GL_COUNT_SITE_H

#include <stddef.h>
#include <stdint.h>

#include "count/count.h"
#include "count/live_numbers.h"

struct gl_site;

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
    int64_t closed_before_ms; /* visits seen before it are over */
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

#endif
