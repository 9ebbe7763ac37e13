/*
 * Promise: the key of a log's day is made once and is the same until the run
 * that reads it has ended; then the keys of days that are over go, those of
 * today and of the day before stay until 25 hours after their day began; one
 * of a run that was killed stays 25 hours; no key is readable by others, and
 * nothing else in the folder goes.
 */

#include "workers/log_keys.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define TODAY INT64_C(20780)
#define NOON (TODAY * DAY_MS + DAY_MS / 2)

static const char *folder;
static char why[256];

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
    return access(path_of(name), F_OK) == 0;
}

static int
make(int64_t site, int64_t day, uint8_t key[GL_LOG_KEY_BYTES])
{
    return gl_log_key(folder, site, day, key, why, sizeof why);
}

static void
end(int64_t site, int64_t now_ms)
{
    tap_int(gl_log_keys_end(folder, site, now_ms, why, sizeof why), 0,
            "keys of site %d that are over go", (int) site);
}

static void
test_made(void)
{
    uint8_t first[GL_LOG_KEY_BYTES], again[GL_LOG_KEY_BYTES];
    struct stat st;

    tap_int(make(7, TODAY - 90, first), 1, "a key is made");
    tap_int(make(7, TODAY - 90, again), 0, "it was there");
    tap_ok(memcmp(first, again, sizeof first) == 0, "and is the same");
    tap_int(make(7, TODAY - 89, again), 1, "another day");
    tap_ok(memcmp(first, again, sizeof first) != 0, "has another");
    tap_int(make(8, TODAY - 90, again), 1, "another site");
    tap_ok(memcmp(first, again, sizeof first) != 0, "has another, too");
    stat(path_of("log.7.20690"), &st);
    tap_int(st.st_mode & 07777, 0600, "nobody else reads it");
}

static void
test_ended(void)
{
    uint8_t key[GL_LOG_KEY_BYTES];
    int fd = open(path_of("2026-11-23"), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);

    close(fd);
    make(7, TODAY - 1, key);
    make(7, TODAY, key);
    end(7, TODAY * DAY_MS + HOUR_MS - 1);
    tap_ok(!is_there("log.7.20690") && !is_there("log.7.20691"),
           "of days that were over when the run ended");
    tap_ok(is_there("log.7.20779") && is_there("log.7.20780"),
           "not of today, nor of yesterday until its 25th hour is over");
    tap_ok(is_there("log.8.20690"), "nor of another site");
    tap_ok(is_there("2026-11-23"), "nor a salt");
    end(7, TODAY * DAY_MS + HOUR_MS);
    tap_ok(!is_there("log.7.20779") && is_there("log.7.20780"),
           "25 hours after its day began that of yesterday goes");
    end(7, NOON + DAY_MS);
    tap_ok(!is_there("log.7.20780"), "and so does that of today");
}

static void
test_killed(void)
{
    struct timespec times[2] = {{0}, {0}};

    times[0].tv_sec = times[1].tv_sec = NOON / 1000;
    utimensat(AT_FDCWD, path_of("log.8.20690"), times, 0);
    end(0, NOON + 25 * HOUR_MS - 1);
    tap_ok(is_there("log.8.20690"), "a killed run may go on for 25 hours");
    end(0, NOON + 25 * HOUR_MS);
    tap_ok(!is_there("log.8.20690"), "no longer");
    tap_int(make(8, TODAY - 90, (uint8_t[GL_LOG_KEY_BYTES]){0}), 1,
            "then its day has a new one");
}

int
main(void)
{
    folder = tap_dir();
    test_made();
    test_ended();
    test_killed();
    tap_int(gl_log_keys_end(path_of("none"), 7, NOON, why, sizeof why), -1,
            "a folder that is not there is told");
    return tap_done();
}
