/*
 * Promise: what a range is compared with is as many days of the site's
 * calendar earlier, or the same date a year earlier; what has not ended is
 * compared up to now; and with match_day_of_week both begin on one day of the
 * week.
 */

#include "question/compare.h"
#include "range_words.h"
#include "tap.h"

#define NOW "2026-11-28T14:30:15Z" /* a Saturday */

static void
check(const char *zone, const char *words, const char *how, const char *from,
      const char *to)
{
    struct gl_zone *own = gl_zone_new(zone);
    struct gl_range_site site = {.zone = own, .now_ms = utc(NOW) + 321};
    json_t *json = json_of(words), *how_json = json_of(how);
    struct gl_time_range range, before = {0};
    char *why = NULL;

    tap_ok(gl_range_read(json, &site, &range) == NULL &&
               gl_compare_read(how_json, &site, &range, &before, &why) == 0,
           "%s %s %s is understood", zone, words, how);
    tap_int(before.from_ms, utc(from), "%s %s %s: begins", zone, words, how);
    tap_int(before.to_ms, utc(to), "%s %s %s: ends", zone, words, how);
    json_decref(json);
    json_decref(how_json);
    gl_zone_free(own);
}

#define PREVIOUS "{'mode': 'previous_period'}"
#define PREVIOUS_DAY "{'mode': 'previous_period', 'match_day_of_week': true}"
#define YEAR "{'mode': 'year_over_year', 'match_day_of_week': false}"
#define YEAR_DAY "{'mode': 'year_over_year', 'match_day_of_week': true}"

static const struct {
    const char *zone, *words, *how;
    const char *from, *to;
} cases[] = {
    /* what has ended */
    {"UTC", "'7d'", PREVIOUS, "2026-11-14T00:00:00Z", "2026-11-21T00:00:00Z"},
    /* six days of 24 hours and one of 25; one of 23 */
    {"Europe/Berlin", "['2026-10-26', '2026-11-01']", PREVIOUS,
     "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"},
    {"Europe/Berlin", "['2026-03-29', '2026-03-29']", PREVIOUS,
     "2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z"},
    {"UTC", "['2026-03-01', '2026-03-31']", PREVIOUS, "2026-01-29T00:00:00Z",
     "2026-03-01T00:00:00Z"},
    {"Asia/Kathmandu", "'7d'", YEAR, "2025-11-20T18:15:00Z",
     "2025-11-27T18:15:00Z"},
    {"UTC", "['2024-02-29', '2024-03-01']", YEAR, "2023-02-28T00:00:00Z",
     "2023-03-02T00:00:00Z"},
    {"UTC", "['2026-01-01T12:00:00Z', '2026-01-01T15:59:59Z']", PREVIOUS,
     "2025-12-31T12:00:00Z", "2025-12-31T16:00:00Z"},
    {"UTC", "'7d'",
     "{'mode': 'custom', 'date_range': ['2026-01-01', '2026-01-02']}",
     "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"},
    /* up to now */
    {"UTC", "'day'", PREVIOUS, "2026-11-27T00:00:00Z", "2026-11-27T14:30:15Z"},
    {"UTC", "'24h'", PREVIOUS, "2026-11-26T14:30:15Z", "2026-11-27T14:30:15Z"},
    {"UTC", "'month'", PREVIOUS, "2026-10-02T00:00:00Z",
     "2026-10-29T14:30:15Z"},
    {"UTC", "'year'", YEAR, "2025-01-01T00:00:00Z", "2025-11-28T14:30:15Z"},
    /* nothing of it has been */
    {"UTC", "['2026-12-01', '2026-12-03']", PREVIOUS, "2026-11-28T00:00:00Z",
     "2026-11-28T00:00:00Z"},
    /* from the same day of the week */
    {"UTC", "'day'", PREVIOUS_DAY, "2026-11-21T00:00:00Z",
     "2026-11-21T14:30:15Z"},
    {"UTC", "'7d'", PREVIOUS_DAY, "2026-11-14T00:00:00Z",
     "2026-11-21T00:00:00Z"},
    {"UTC", "['2026-11-16', '2026-11-20']", PREVIOUS_DAY,
     "2026-11-09T00:00:00Z", "2026-11-14T00:00:00Z"},
    {"UTC", "'7d'", YEAR_DAY, "2025-11-22T00:00:00Z", "2025-11-29T00:00:00Z"},
};

int
main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(cases[i].zone, cases[i].words, cases[i].how, cases[i].from,
              cases[i].to);
    return tap_done();
}
