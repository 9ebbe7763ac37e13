/*
 * Promise: a salt is there for today and two days ahead, is never changed by
 * a restart or a second maker, is readable by the workers' group only, and is
 * gone 25 hours after its day began, whatever jumps the clock makes; only a
 * clock that has held for an hour says that.
 */

#include "workers/salt.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define NOV_23 INT64_C(1795392000000) /* 2026-11-23 00:00 UTC */

static char folder[256], why[256];

static const char *
path_of(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int
is_there(const char *name)
{
    struct stat st;

    return stat(path_of(name), &st) == 0 && st.st_size == GL_SALT_BYTES;
}

static void
load(const char *name, uint8_t salt[GL_SALT_BYTES])
{
    int fd = open(path_of(name), O_RDONLY);

    memset(salt, 0, GL_SALT_BYTES);
    if (fd == -1 || read(fd, salt, GL_SALT_BYTES) != GL_SALT_BYTES)
        tap_diag("no salt in %s", name);
    close(fd);
}

static void
test_life(void)
{
    uint8_t first[GL_SALT_BYTES], again[GL_SALT_BYTES], next[GL_SALT_BYTES];
    struct stat st;

    tap_int(gl_salt_tick(folder, NOV_23 + HOUR_MS, 1, why, sizeof why), 0,
            "first tick makes the folder");
    tap_int(stat(folder, &st), 0, "it is there");
    tap_int(st.st_mode & 07777, 02750, "mode of the folder");
    tap_ok(is_there("2026-11-23") && is_there("2026-11-24") &&
               is_there("2026-11-25"),
           "today and two days ahead");
    tap_ok(!is_there("2026-11-22") && !is_there("2026-11-26"), "no others");
    stat(path_of("2026-11-23"), &st);
    tap_int(st.st_mode & 07777, 0640, "mode of a file");
    tap_int((int64_t) st.st_nlink, 1, "the temporary name is gone");
    load("2026-11-23", first);
    load("2026-11-24", next);
    tap_ok(memcmp(first, next, sizeof first) != 0, "days differ");

    gl_salt_tick(folder, NOV_23 + 2 * HOUR_MS, 1, why, sizeof why);
    load("2026-11-23", again);
    tap_mem(again, sizeof again, first, sizeof first, "a file stays");

    gl_salt_tick(folder, NOV_23 + DAY_MS + HOUR_MS - 1, 1, why, sizeof why);
    tap_ok(is_there("2026-11-23"), "there just before 01:00 of the next day");
    gl_salt_tick(folder, NOV_23 + DAY_MS + HOUR_MS, 1, why, sizeof why);
    tap_ok(!is_there("2026-11-23"), "gone at 01:00");
    load("2026-11-24", again);
    tap_mem(again, sizeof again, next, sizeof next, "tomorrow came true");
}

static void
test_odd_files(void)
{
    int fd = open(path_of("2026-11-27"), O_WRONLY | O_CREAT, 0640);

    tap_int(write(fd, "short", 5), 5, "a file cut by a power failure");
    close(fd);
    close(open(path_of("2026-11-9"), O_WRONLY | O_CREAT, 0640));
    close(open(path_of("t-salt"), O_WRONLY | O_CREAT, 0640));
    tap_int(gl_salt_tick(folder, NOV_23 + 4 * DAY_MS, 1, why, sizeof why), 0,
            "tick over odd files");
    tap_ok(is_there("2026-11-27"), "the short one is whole now");
    tap_ok(access(path_of("2026-11-9"), F_OK) == 0,
           "what is no salt file is left alone");
    tap_ok(access(path_of("t-salt"), F_OK) != 0, "debris is gone");
}

static void
test_clock_back(void)
{
    uint8_t before[GL_SALT_BYTES], after[GL_SALT_BYTES];

    load("2026-11-28", before);
    gl_salt_tick(folder, NOV_23, 1, why, sizeof why);
    gl_salt_tick(folder, NOV_23 + 4 * DAY_MS, 1, why, sizeof why);
    load("2026-11-28", after);
    tap_mem(after, sizeof after, before, sizeof before,
            "a clock that jumped back and forth changed no salt");
    tap_ok(!is_there("2026-11-23"), "and left none of its own");
}

/* A second of glintod's on a clock of day that is AHEAD. */
static void
second(struct gl_salt_clock *clock, int64_t boot_ms, int64_t ahead_ms)
{
    gl_salt_tick(folder, boot_ms + ahead_ms,
                 gl_salt_clock_holds(clock, boot_ms + ahead_ms, boot_ms), why,
                 sizeof why);
}

static void
test_clock_ahead(void)
{
    struct gl_salt_clock clock = {0};
    const int64_t today = NOV_23 + 10 * DAY_MS + 12 * HOUR_MS;

    gl_salt_tick(folder, today - 2 * DAY_MS, 0, why, sizeof why);
    for (int64_t ms = 0; ms < 10000; ms += 1000) /* wrong for three seconds */
        second(&clock, ms, today + (ms / 3000 == 1 ? 2 * DAY_MS : 0));
    tap_ok(is_there("2026-12-03"), "two days ahead for 3 s: today's stays");
    second(&clock, 5000 + HOUR_MS, today + 59000);
    tap_ok(is_there("2026-12-01"), "what was over stays for an hour, too");
    second(&clock, 6000 + HOUR_MS, today);
    tap_ok(!is_there("2026-12-01") && is_there("2026-12-03"),
           "and goes when the right clock has held for one");
    second(&clock, 9000 + 2 * HOUR_MS, today + DAY_MS);
    tap_ok(is_there("2026-12-03"), "set a day on: the salt is held");
    second(&clock, 9000 + 3 * HOUR_MS, today + DAY_MS);
    tap_ok(!is_there("2026-12-03"), "an hour of that, and it goes");
}

static void
test_refusal(void)
{
    close(open(path_of("file"), O_WRONLY | O_CREAT, 0640));
    tap_int(gl_salt_tick(path_of("file"), NOV_23, 1, why, sizeof why), -1,
            "a file is no folder");
    tap_ok(strstr(why, "salt: cannot open") == why, "and that is told: %s",
           why);
}

int
main(void)
{
    snprintf(folder, sizeof folder, "%s/salt", tap_dir());
    test_life();
    test_odd_files();
    test_clock_back();
    test_clock_ahead();
    test_refusal();
    return tap_done();
}
