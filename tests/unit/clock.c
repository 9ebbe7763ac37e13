/*
 * Promise: a site's day is the local calendar day of its zone, 23, 24 or 25
 * hours long, with no moment in two days and none in no day; a zone that the
 * system does not know is refused.
 */

#include "clock.h"
#include "tap.h"

#include <stdio.h>

#define HOUR_MS INT64_C(3600000)

/* START (UTC seconds) and length (hours) of the local day that holds AT_S. */
static void
check_day(const char *name, int64_t at_s, int64_t start_s, int hours)
{
    struct gl_zone *zone = gl_zone_new(name);
    int64_t start, end;

    if (!tap_ok(zone != NULL, "%s is known", name))
        return;
    gl_zone_day(zone, at_s * 1000 + 999, &start, &end);
    tap_int(start, start_s * 1000, "%s: start of the day of %lld", name,
            (long long) at_s);
    tap_int((end - start) / HOUR_MS, hours, "%s: its length", name);
    gl_zone_free(zone);
}

static void
test_known_days(void)
{
    check_day("UTC", 1790000000, 1789948800, 24);
    check_day("Etc/GMT-14", 1790000000, 1789984800, 24);
    /* 2026-03-29: 02:00 to 03:00 is left out */
    check_day("Europe/Berlin", 1774782000, 1774738800, 23);
    /* 2026-10-25: 02:00 to 03:00 comes twice */
    check_day("Europe/Berlin", 1792900800, 1792879200, 25);
    /* 2024-04-26: midnight does not exist in Cairo, the day begins at 1 */
    check_day("Africa/Cairo", 1714125600, 1714082400, 23);
    check_day("Asia/Kathmandu", 1790000000, 1789928100, 24);
    /* 2010-11-07: at 00:01 the clock went back to 23:01 of the day before,
     * which has that hour, and the minute, too */
    check_day("America/St_Johns", 1289096999, 1289010600, 25);
    check_day("America/St_Johns", 1289097030, 1289010600, 25);
    check_day("America/St_Johns", 1289098800, 1289010600, 25);
    check_day("America/St_Johns", 1289100600, 1289100600, 24);
    /* before 1970, too */
    check_day("UTC", -1, -86400, 24);
}

static void
test_tiling(void)
{
    static const char *const names[] = {
        "Europe/Berlin",       "America/Havana",    "Pacific/Apia",
        "Australia/Lord_Howe", "America/Sao_Paulo", "America/St_Johns"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct gl_zone *zone = gl_zone_new(names[i]);
        int64_t at = INT64_C(1262304000000), start, end, wrong = 0;

        while (at < INT64_C(1420070400000)) {
            int64_t again_start, again_end;

            gl_zone_day(zone, at, &start, &end);
            gl_zone_day(zone, end - 1, &again_start, &again_end);
            wrong += start != at && at != INT64_C(1262304000000);
            wrong += again_start != start || again_end != end;
            wrong += end - start < 23 * HOUR_MS || end - start > 25 * HOUR_MS;
            at = end;
        }
        tap_int(wrong, 0, "%s: five years of days touch each other", names[i]);
        gl_zone_free(zone);
    }
}

static void
test_refused(void)
{
    static const char *const names[] = {"",
                                        "Nowhere/Land",
                                        "../../etc/passwd",
                                        "/etc/localtime",
                                        "+02:00",
                                        "Europe/../UTC",
                                        "UTC "};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        tap_ok(gl_zone_new(names[i]) == NULL, "\"%s\" is refused", names[i]);
}

int
main(void)
{
    test_known_days();
    test_tiling();
    test_refused();
    tap_ok(gl_clock_now_ms() > INT64_C(1700000000000), "wall clock");
    tap_ok(gl_clock_boot_ms() > 0, "boot clock");
    return tap_done();
}
