/*
 * Salt files; see salt.h.  A file appears whole: it is written under a
 * temporary name and then linked, and link() never replaces.
 *
 * Writer thread.
 */

#define _GNU_SOURCE

#include "workers/salt.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)
/* A day's salt lives until 01:00 of the next. */
#define LAST_HOUR_MS INT64_C(3600000)
#define NAME_BYTES 11      /* "2026-11-23" */
#define TEMP_NAME "t-salt" /* no date: no worker opens it */
#define FOLDER_MODE 02750  /* files get the workers' group */
#define FILE_MODE 0640
/* Set by a time server, not by somebody: no other clock. */
#define STEP_MS INT64_C(60000)

static int
fail(char *why, size_t why_len, const char *what, const char *name)
{
    snprintf(why, why_len, "salt: cannot %s %s: %s", what, name,
             strerror(errno));
    return -1;
}

static void
name_of(char name[NAME_BYTES], int64_t day)
{
    time_t at = (time_t) (day * (DAY_MS / 1000));
    struct tm tm;

    gmtime_r(&at, &tm);
    strftime(name, NAME_BYTES, "%Y-%m-%d", &tm);
}

/* The day NAME is for, or -1 when it is no salt file. */
static int64_t
day_of(const char *name)
{
    char again[NAME_BYTES];
    struct tm tm = {0};
    const char *end = strptime(name, "%Y-%m-%d", &tm);

    if (strlen(name) != NAME_BYTES - 1 || end == NULL || *end != '\0')
        return -1;
    int64_t day = (int64_t) timegm(&tm) / (DAY_MS / 1000);
    name_of(again, day);
    return strcmp(again, name) == 0 ? day : -1;
}

static int
write_temp(int dir, const uint8_t salt[GL_SALT_BYTES])
{
    unlinkat(dir, TEMP_NAME, 0); /* left by a crash */
    int fd = openat(dir, TEMP_NAME,
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                    FILE_MODE);
    if (fd == -1)
        return -1;
    int whole = write(fd, salt, GL_SALT_BYTES) == GL_SALT_BYTES &&
                fchmod(fd, FILE_MODE) == 0;
    close(fd);
    return whole ? 0 : -1;
}

/* A file of the wrong size was never used by a worker: it is made anew. */
static int
is_there(int dir, const char *name)
{
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
        return 0;
    if (S_ISREG(st.st_mode) && st.st_size == GL_SALT_BYTES)
        return 1;
    unlinkat(dir, name, 0);
    return 0;
}

static int
make_one(int dir, int64_t day, char *why, size_t why_len)
{
    char name[NAME_BYTES];
    uint8_t salt[GL_SALT_BYTES];
    int result = 0;

    name_of(name, day);
    if (is_there(dir, name))
        return 0;
    randombytes_buf(salt, sizeof salt);
    if (write_temp(dir, salt) == -1)
        result = fail(why, why_len, "write", TEMP_NAME);
    sodium_memzero(salt, sizeof salt);
    if (result != 0)
        return result;
    if (linkat(dir, TEMP_NAME, dir, name, 0) == -1 && errno != EEXIST)
        result = fail(why, why_len, "link", name);
    unlinkat(dir, TEMP_NAME, 0);
    return result;
}

static int
remove_old(int dir, int64_t now_ms, char *why, size_t why_len)
{
    struct dirent *entry;
    int copy = dup(dir), result = 0;
    DIR *listing = copy == -1 ? NULL : fdopendir(copy);

    if (listing == NULL)
        return fail(why, why_len, "list", "the folder");
    rewinddir(listing);
    while ((entry = readdir(listing)) != NULL) {
        int64_t day = day_of(entry->d_name);

        if (day != -1 && (day + 1) * DAY_MS + LAST_HOUR_MS <= now_ms &&
            unlinkat(dir, entry->d_name, 0) == -1)
            result = fail(why, why_len, "unlink", entry->d_name);
    }
    closedir(listing);
    return result;
}

static int
open_folder(const char *folder)
{
    if (mkdir(folder, FOLDER_MODE) == 0 && chmod(folder, FOLDER_MODE) == -1)
        return -1;
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
gl_salt_clock_holds(struct gl_salt_clock *clock, int64_t now_ms,
                    int64_t boot_ms)
{
    int64_t ahead_ms = now_ms - boot_ms;
    int64_t step_ms = ahead_ms - clock->ahead_ms;

    if (!clock->seen || step_ms > STEP_MS || step_ms < -STEP_MS)
        *clock = (struct gl_salt_clock){ahead_ms, boot_ms, 1};
    return boot_ms - clock->since_ms >= GL_SALT_HELD_MS;
}

int
gl_salt_tick(const char *folder, int64_t now_ms, int holds, char *why,
             size_t why_len)
{
    int64_t today = now_ms / DAY_MS;
    int dir = open_folder(folder);

    if (dir == -1)
        return fail(why, why_len, "open", folder);
    int result = holds ? remove_old(dir, now_ms, why, why_len) : 0;
    for (int ahead = 0; ahead <= GL_SALT_DAYS_AHEAD; ahead++)
        if (make_one(dir, today + ahead, why, why_len) != 0)
            result = -1;
    close(dir);
    return result;
}

/* ---- agreed on with other machines ---- */

int
gl_salt_expire(const char *folder, int64_t now_ms, char *why, size_t why_len)
{
    int dir = open_folder(folder);

    if (dir == -1)
        return fail(why, why_len, "open", folder);
    int result = remove_old(dir, now_ms, why, why_len);
    close(dir);
    return result;
}

int
gl_salt_get(const char *folder, int64_t day, uint8_t key[GL_SALT_BYTES],
            char *why, size_t why_len)
{
    char name[NAME_BYTES];
    int dir = open_folder(folder), result = 0;

    if (dir == -1)
        return fail(why, why_len, "open", folder);
    name_of(name, day);
    int fd = is_there(dir, name)
                 ? openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
                 : -1;
    if (fd != -1) {
        result = read(fd, key, GL_SALT_BYTES) == GL_SALT_BYTES
                     ? 1
                     : fail(why, why_len, "read", name);
        close(fd);
    }
    close(dir);
    return result;
}

int
gl_salt_put(const char *folder, int64_t day, const uint8_t key[GL_SALT_BYTES],
            int replace, char *why, size_t why_len)
{
    char name[NAME_BYTES];
    int dir = open_folder(folder), result = 0;

    if (dir == -1)
        return fail(why, why_len, "open", folder);
    name_of(name, day);
    if (write_temp(dir, key) == -1)
        result = fail(why, why_len, "write", TEMP_NAME);
    else if (replace ? renameat(dir, TEMP_NAME, dir, name) == -1
                     : linkat(dir, TEMP_NAME, dir, name, 0) == -1 &&
                           errno != EEXIST)
        result = fail(why, why_len, "make", name);
    unlinkat(dir, TEMP_NAME, 0);
    close(dir);
    return result;
}

int
gl_salt_oldest(const char *folder, int *n, int64_t *day, char *why,
               size_t why_len)
{
    DIR *listing = opendir(folder);
    struct dirent *entry;

    *n = 0;
    *day = 0;
    if (listing == NULL)
        return fail(why, why_len, "list", "the folder");
    while ((entry = readdir(listing)) != NULL) {
        int64_t of = day_of(entry->d_name);

        if (of == -1)
            continue;
        if ((*n)++ == 0 || of < *day)
            *day = of;
    }
    closedir(listing);
    return 0;
}
