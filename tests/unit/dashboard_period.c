/*
 * Promise: a period of a page is the dates that its name says, seen from a day
 * of the site's zone; before and after it come those that touch it, and none
 * that has not begun.
 */

#include "dashboard/period.h"
#include "tap.h"

#include <string.h>

/* 2026-11-29 07:00 UTC, a Sunday */
#define NOW_MS INT64_C(1795935600000)
#define YEAR_MS INT64_C(31536000000)

static struct gl_zone *zone;

static void
read_page(const char *query, int64_t first_ms, struct gl_period *period,
          struct gl_address **address)
{
    struct gl_range_site site = {zone, NOW_MS, first_ms};

    *address = gl_address_read(query);
    gl_period_read(*address, &site, period);
}

/* QUERY is called TEXT, is of FIRST to LAST. */
static void
check(const char *query, const char *text, const char *first, const char *last)
{
    struct gl_address *address;
    struct gl_period period;
    char *is;

    read_page(query, NOW_MS - 2 * YEAR_MS, &period, &address);
    is = gl_period_text(&period);
    tap_str(is, text, "%s", query);
    g_free(is);
    is = gl_range_date_text(period.first);
    tap_str(is, first, "from");
    g_free(is);
    is = gl_range_date_text(period.last);
    tap_str(is, last, "to");
    g_free(is);
    gl_address_free(address);
}

/* The address of what is before or after; "-" = nothing. */
static void
check_beside(const char *query, int way, const char *want)
{
    struct gl_address *address;
    struct gl_period period;
    char *is;

    read_page(query, NOW_MS - 2 * YEAR_MS, &period, &address);
    is = gl_period_beside(&period, address, way);
    tap_str(is == NULL ? "-" : is, want, "%s %s", query,
            way < 0 ? "before" : "after");
    g_free(is);
    gl_address_free(address);
}

static void
test_names(void)
{
    check("", "Last 28 days", "2026-11-01", "2026-11-28");
    check("period=nothing", "Last 28 days", "2026-11-01", "2026-11-28");
    check("period=day", "Today", "2026-11-29", "2026-11-29");
    check("period=yesterday", "Yesterday", "2026-11-28", "2026-11-28");
    check("period=day&date=2026-11-20", "Fri, 20 Nov 2026", "2026-11-20",
          "2026-11-20");
    check("period=7d", "Last 7 days", "2026-11-22", "2026-11-28");
    check("period=91d", "Last 91 days", "2026-08-30", "2026-11-28");
    check("period=month", "November 2026", "2026-11-01", "2026-11-30");
    check("period=month&date=2024-02-29", "February 2024", "2024-02-01",
          "2024-02-29");
    check("period=last_month", "October 2026", "2026-10-01", "2026-10-31");
    check("period=year", "2026", "2026-01-01", "2026-12-31");
    check("period=6mo", "Last 6 months", "2026-05-01", "2026-10-31");
    check("period=12mo", "Last 12 months", "2025-11-01", "2026-10-31");
    check("period=all", "All time", "2024-11-29", "2026-11-29");
    check("period=custom&from=2026-10-20&to=2026-11-03",
          "20 Oct\u2009–\u20093 Nov 2026", "2026-10-20", "2026-11-03");
    check("period=custom&from=2026-11-03&to=2026-10-20", "Last 28 days",
          "2026-11-01", "2026-11-28");
    check("period=custom&from=2026-02-30&to=2026-03-01", "Last 28 days",
          "2026-11-01", "2026-11-28");
}

static void
test_hours(void)
{
    check("period=hours&from=2026-11-28T14:00:00Z&to=2026-11-28T16:59:59Z",
          "28 Nov 2026, 14:00 – 17:00", "2026-11-28", "2026-11-28");
    check("period=hours&from=2026-11-28T21:00:00Z&to=2026-11-28T23:59:59Z",
          "28 Nov 2026, 21:00 – 00:00", "2026-11-28", "2026-11-28");
    check("period=hours&from=2026-11-27T22:00:00Z&to=2026-11-28T01:59:59Z",
          "27 Nov 2026, 22:00 – 28 Nov 2026, 02:00", "2026-11-27",
          "2026-11-28");
    check("period=hours&from=2026-11-28T14:00:00Z&to=2026-11-28T13:00:00Z",
          "Last 28 days", "2026-11-01", "2026-11-28");
    check("period=hours&from=2026-11-28", "Last 28 days", "2026-11-01",
          "2026-11-28");
    check_beside(
        "period=hours&from=2026-11-28T14:00:00Z&to=2026-11-28T16:59:59Z", -1,
        "?period=hours&from=2026-11-28T11:00:00%2B00:00"
        "&to=2026-11-28T13:59:59%2B00:00");
    check_beside(
        "period=hours&from=2026-11-29T12:00:00Z&to=2026-11-29T23:59:59Z", 1,
        "-");
}

static void
test_beside(void)
{
    check_beside("period=day", -1, "?period=day&date=2026-11-28");
    check_beside("period=day", 1, "-");
    check_beside("period=day&date=2026-11-28", 1,
                 "?period=day&date=2026-11-29");
    check_beside("period=month", -1, "?period=month&date=2026-10-01");
    check_beside("period=month", 1, "-");
    check_beside("period=year", -1, "?period=year&date=2025-01-01");
    check_beside("period=7d", -1,
                 "?period=custom&from=2026-11-15&to=2026-11-21");
    check_beside("period=6mo", -1,
                 "?period=custom&from=2025-11-01&to=2026-04-30");
    check_beside("period=all", -1, "-");
    check_beside("period=24h", -1, "-");
    check_beside("period=custom&from=1970-01-01&to=1970-01-02", -1, "-");
}

static void
test_young(void)
{
    struct gl_address *address;
    struct gl_period period;
    char *text;

    read_page("", NOW_MS, &period, &address);
    text = gl_period_text(&period);
    tap_str(text, "Today", "a site of today shows today");
    tap_int(gl_period_is_open(&period), 1, "which has not ended");
    g_free(text);
    gl_address_free(address);
}

int
main(void)
{
    zone = gl_zone_new("UTC");
    test_names();
    test_hours();
    test_beside();
    test_young();
    gl_zone_free(zone);
    return tap_done();
}
