/*
 * Promise: a salt is there for today and two days ahead, is never changed by
 * a restart or a second maker, is readable by the workers' group only, and is
 * gone 25 hours after its day began, whatever jumps the clock makes.
 */

#include "ingest/salt.h"
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

    tap_int(gl_salt_tick(folder, NOV_23 + HOUR_MS, why, sizeof why), 0,
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

    gl_salt_tick(folder, NOV_23 + 2 * HOUR_MS, why, sizeof why);
    load("2026-11-23", again);
    tap_mem(again, sizeof again, first, sizeof first, "a file stays");

    gl_salt_tick(folder, NOV_23 + DAY_MS + HOUR_MS - 1, why, sizeof why);
    tap_ok(is_there("2026-11-23"), "there just before 01:00 of the next day");
    gl_salt_tick(folder, NOV_23 + DAY_MS + HOUR_MS, why, sizeof why);
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
    tap_int(gl_salt_tick(folder, NOV_23 + 4 * DAY_MS, why, sizeof why), 0,
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
    gl_salt_tick(folder, NOV_23, why, sizeof why);
    gl_salt_tick(folder, NOV_23 + 4 * DAY_MS, why, sizeof why);
    load("2026-11-28", after);
    tap_mem(after, sizeof after, before, sizeof before,
            "a clock that jumped back and forth changed no salt");
    tap_ok(!is_there("2026-11-23"), "and left none of its own");
}

static void
test_refusal(void)
{
    close(open(path_of("file"), O_WRONLY | O_CREAT, 0640));
    tap_int(gl_salt_tick(path_of("file"), NOV_23, why, sizeof why), -1,
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
    test_refusal();
    return tap_done();
}
