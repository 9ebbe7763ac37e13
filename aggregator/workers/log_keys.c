/*
 * Keys of imported logs; see log_keys.h.  A file appears whole: written under
 * a temporary name, then renamed; the writer thread alone makes them.
 */

#define _GNU_SOURCE

#include "workers/log_keys.h"

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
#define KEPT_MS (25 * INT64_C(3600000)) /* as a salt, since its day began */
#define TEMP_NAME "t-log"
#define NAME_MAX_BYTES 48

static int
fail(char *why, size_t why_len, const char *what, const char *name)
{
    snprintf(why, why_len, "log key: cannot %s %s: %s", what, name,
             strerror(errno));
    return -1;
}

static int
open_folder(const char *salt, char *why, size_t why_len)
{
    int dir = open(salt, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return dir == -1 ? fail(why, why_len, "open", salt) : dir;
}

static int
read_key(int dir, const char *name, uint8_t key[GL_LOG_KEY_BYTES])
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd == -1)
        return -1;
    ssize_t n = read(fd, key, GL_LOG_KEY_BYTES);
    close(fd);
    return n == GL_LOG_KEY_BYTES ? 0 : -1;
}

static int
write_key(int dir, const char *name, const uint8_t key[GL_LOG_KEY_BYTES])
{
    unlinkat(dir, TEMP_NAME, 0); /* left by a crash */
    int fd =
        openat(dir, TEMP_NAME,
               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd == -1)
        return -1;
    int whole = write(fd, key, GL_LOG_KEY_BYTES) == GL_LOG_KEY_BYTES;
    close(fd);
    return whole && renameat(dir, TEMP_NAME, dir, name) == 0 ? 0 : -1;
}

int
gl_log_key(const char *salt, int64_t site, int64_t day,
           uint8_t key[GL_LOG_KEY_BYTES], char *why, size_t why_len)
{
    char name[NAME_MAX_BYTES];
    int dir = open_folder(salt, why, why_len), made = 0;

    if (dir == -1)
        return -1;
    snprintf(name, sizeof name, "log.%lld.%lld", (long long) site,
             (long long) day);
    if (read_key(dir, name, key) != 0) {
        randombytes_buf(key, GL_LOG_KEY_BYTES);
        made = write_key(dir, name, key) == 0
                   ? 1
                   : fail(why, why_len, "write", name);
    }
    close(dir);
    return made;
}

/* Is the file of that name over: of SITE's run that ended, or forgotten. */
static int
is_over(int dir, const char *name, int64_t site, int64_t now_ms)
{
    long long of, day;
    struct stat st;
    char rest;

    if (sscanf(name, "log.%lld.%lld%c", &of, &day, &rest) != 2)
        return 0;
    if (site == of)
        return day * DAY_MS + KEPT_MS <= now_ms;
    return site == 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           (int64_t) st.st_mtime * 1000 + KEPT_MS <= now_ms;
}

int
gl_log_keys_end(const char *salt, int64_t site, int64_t now_ms, char *why,
                size_t why_len)
{
    int dir = open_folder(salt, why, why_len), result = 0;
    DIR *listing = dir == -1 ? NULL : fdopendir(dir);
    struct dirent *entry;

    if (dir == -1)
        return -1;
    if (listing == NULL) {
        close(dir);
        return fail(why, why_len, "list", salt);
    }
    while ((entry = readdir(listing)) != NULL)
        if (is_over(dir, entry->d_name, site, now_ms) &&
            unlinkat(dir, entry->d_name, 0) == -1)
            result = fail(why, why_len, "unlink", entry->d_name);
    closedir(listing);
    return result;
}
