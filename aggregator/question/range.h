/*
 * Stretches of time: what "date_range" means in a site's zone, and the minutes,
 * hours, days, weeks and months in it.  Pure; the time is an argument.
 *
 * A range is FROM <= time < TO.  In texts, as in the API, its end is its last
 * second.
 */

#ifndef GL_QUESTION_RANGE_H
#define GL_QUESTION_RANGE_H

#include <jansson.h>

#include "clock.h"
#include "question/question.h"

enum gl_step {
    GL_STEP_MINUTE,
    GL_STEP_HOUR,
    GL_STEP_DAY,
    GL_STEP_WEEK,
    GL_STEP_MONTH
};

struct gl_time_range {
    int64_t from_ms, to_ms; /* UTC, whole seconds */
};

/* Where a range is. */
struct gl_range_site {
    const struct gl_zone *zone;
    int64_t now_ms;
    int64_t first_ms; /* its oldest event, or earlier: when "all" begins */
};

/*
 * "7d", two dates or two times (ISO 8601, with an offset), as in the API; days
 * are those of SITE's zone.  Ranges of N days or months end before the current
 * one, those of hours and minutes now.  NULL, or a sentence on what is wrong.
 */
const char *gl_range_read(const json_t *words,
                          const struct gl_range_site *site,
                          struct gl_time_range *range);

/* ---- dates: days since 1970 ---- */

/* "2026-11-28": 1, or 0 when TEXT is no date of the years 1970 to 9998. */
int gl_range_read_date(const char *text, int64_t *date);
/* Malloc'd by GLib. */
char *gl_range_date_text(int64_t date);
/* The first of DATE's month, or of one N months later (N < 0: before). */
int64_t gl_range_month_begins(int64_t date, int n);
int64_t gl_range_year_begins(int64_t date);

/* ---- ranges beside each other ---- */

/* The date whose day AT is in.  Inside this room only. */
int64_t gl_range_date_of_(const struct gl_zone *zone, int64_t at_ms);

/* How many days RANGE is long: dates it has, or parts of 24 hours when it does
 * not begin with a day.  At least 1. */
int64_t gl_range_days(const struct gl_zone *zone,
                      const struct gl_time_range *range);
/* Days from the first date of RANGE back to that of a year earlier. */
int64_t gl_range_days_of_year_before(const struct gl_zone *zone,
                                     const struct gl_time_range *range);
/* RANGE ends at NOW_MS, cut to its second, if it would end later; at its
 * beginning when that is later still. */
void gl_range_cut(struct gl_time_range *range, int64_t now_ms);
/* RANGE so many days earlier by the calendar, each end as long after midnight
 * as it is. */
void gl_range_back(const struct gl_zone *zone,
                   const struct gl_time_range *range, int64_t days,
                   struct gl_time_range *before);

/* The step that "time" stands for: minutes up to an hour, hours up to two days,
 * days up to forty, weeks up to a year. */
enum gl_step gl_range_step(const struct gl_time_range *range);

/*
 * The buckets of RANGE: a local hour begins at each full hour of the local
 * clock and wherever the clock jumps to another hour; a week on Monday.  The
 * first and the last are cut by the range.  A label is when its bucket begins:
 * "2026-11-28 14:00:00", or the date; of an hour or minute that comes twice the
 * second one has its offset, "2026-10-25 02:00:00+01:00"; of a week that the range
 * cuts, the range's first day; of a month its first.
 *
 * 0, or -1: more than GL_QUESTION_BUCKETS_MAX, and BUCKETS is empty.
 */
int gl_range_buckets(const struct gl_zone *zone,
                     const struct gl_time_range *range, enum gl_step step,
                     struct gl_buckets *buckets);
void gl_buckets_fini(struct gl_buckets *buckets);

/* "2026-11-28T00:00:00+01:00", malloc'd by GLib. */
char *gl_range_text(const struct gl_zone *zone, int64_t at_ms);

#endif
