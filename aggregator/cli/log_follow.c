/*
 * glinto import --follow: one log as it grows.
 *
 *   renamed, and a new one made   the old one is read until nothing comes to
 *                                 it any more, then the new one
 *   copied and cut (copytruncate) it begins with other bytes than before: what
 *                                 nobody had read is in the copy beside it
 *
 * Copies beside a log are known by their first KiB, so at its start, too, it
 * finds what a rotation in between has moved away.  What is in no copy is told
 * as lost.
 */

#include "cli/log.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 1000  /* between two looks at the log */
#define FOLD_MS 10000 /* visits are made so often */
#define QUIET_LOOKS 3 /* without growth: nobody writes to the old log now */

struct follow {
    struct gl_cli_log *log;
    const char *path;
    struct stat st; /* of the log that is open */
    char head[GL_CLI_LOG_HEAD];
    size_t head_len; /* 0: nothing of it has been read */
    int64_t seen;    /* its size at the last look */
    int quiet;       /* looks since it grew, a new one beside it */
    int64_t sent_lines, fold_ms;
    /* of the copies beside it: when one that was read, and one that never was,
     * were written last, seconds; 0 = there is none */
    time_t known_at, unknown_at;
    char unknown[4096];
};

/* ---- lines ---- */

static int
read_lines(struct gl_cli_log *log)
{
    log->now_ms = (int64_t) time(NULL) * 1000;
    return gl_cli_log_take_all(log);
}

/* PATH was read before, or never. */
static void
note_copy(struct follow *follow, const char *path, int known)
{
    struct stat st;
    if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
        return;
    if (known && st.st_mtime > follow->known_at)
        follow->known_at = st.st_mtime;
    if (!known && st.st_mtime > follow->unknown_at) {
        follow->unknown_at = st.st_mtime;
        snprintf(follow->unknown, sizeof follow->unknown, "%s", path);
    }
}

/* At the start: a log that came and went while nobody followed. */
static void
tell_unread(const struct follow *follow)
{
    if (follow->known_at > 0 && follow->unknown_at > follow->known_at)
        gl_cli_fail("%s was never read: its lines are lost, unless you import "
                    "it",
                    follow->unknown);
}

/* What is beside the log: a copy of what was read, or of what was not. */
static int
read_copy(struct follow *follow, const char *path, int *is_ours)
{
    struct gl_cli_log *log = follow->log;
    int result = 0;
    if (gl_cli_log_open(&log->input, path) != 0)
        return 0; /* it is none */
    *is_ours = follow->head_len > 0 &&
               gl_cli_log_head(&log->input) >= follow->head_len &&
               memcmp(log->input.bytes, follow->head, follow->head_len) == 0;
    if (gl_cli_log_head(&log->input) > 0 && gl_cli_log_begin(log, 1) == 0) {
        note_copy(follow, path, log->known);
        if (log->known && gl_cli_log_skip(&log->input, log->offset) == 0)
            result = read_lines(log);
    }
    if (*is_ours && result == 0 && gl_cli_log_unended(&log->input) > 0)
        gl_cli_fail("%s ends in the middle of a line, which is lost", path);
    gl_cli_log_close(&log->input);
    return result;
}

/* All of them.  1: one is of the log that was cut, 0: none is, -1: failed. */
static int
read_copies(struct follow *follow)
{
    static const char *const ends[] = {".*", "-*"};
    int found = 0, result = 0;
    for (size_t i = 0; result == 0 && i < 2; i++) {
        char pattern[4096];
        glob_t names;
        snprintf(pattern, sizeof pattern, "%s%s", follow->path, ends[i]);
        if (glob(pattern, 0, NULL, &names) != 0)
            continue;
        for (size_t k = 0; result == 0 && k < names.gl_pathc; k++) {
            int is_ours = 0;
            result = read_copy(follow, names.gl_pathv[k], &is_ours);
            found |= is_ours;
        }
        globfree(&names);
    }
    return result != 0 ? -1 : found;
}

/* ---- the log ---- */

/* Open it, when it is there: 1, 0 it is not yet, -1 failed. */
static int
open_log(struct follow *follow)
{
    struct gl_cli_log *log = follow->log;
    int fd = open(follow->path, O_RDONLY | O_CLOEXEC);
    if (fd == -1 && errno == ENOENT)
        return 0;
    if (fd == -1 || fstat(fd, &follow->st) == -1) {
        gl_cli_fail("cannot open %s: %s", follow->path, strerror(errno));
        return -1;
    }
    follow->head_len = 0;
    follow->seen = 0;
    follow->quiet = 0;
    return gl_cli_log_open_fd(&log->input, follow->path, fd) == 0 ? 1 : -1;
}

/* The first lines of a log are there: where was it? */
static int
begin(struct follow *follow)
{
    struct gl_cli_log *log = follow->log;
    follow->head_len = gl_cli_log_head(&log->input);
    if (follow->head_len == 0)
        return 0;
    memcpy(follow->head, log->input.bytes, follow->head_len);
    if (gl_cli_log_begin(log, 0) != 0)
        return -1;
    int skipped = gl_cli_log_skip(&log->input, log->offset);
    return skipped == -1 ? -1 : 0;
}

static int
was_cut(const struct follow *follow, const struct stat *now)
{
    char head[GL_CLI_LOG_HEAD];
    ssize_t n = pread(follow->log->input.fd, head, follow->head_len, 0);
    return now->st_size < gl_cli_log_place(&follow->log->input) ||
           n != (ssize_t) follow->head_len ||
           memcmp(head, follow->head, follow->head_len) != 0;
}

/* Copied and cut: the rest of it is in the copy. */
static int
take_cut(struct follow *follow)
{
    gl_cli_log_close(&follow->log->input);
    int found = read_copies(follow);
    if (found == 0)
        gl_cli_fail("%s was cut at byte %lld and there is no copy of it "
                    "beside it: what was written to it since the last look "
                    "is lost, unless you import its copy",
                    follow->path, (long long) follow->seen);
    return found == -1 ? -1 : open_log(follow);
}

/* A new log has its name, has lines, and the old one has none any more. */
static int
was_replaced(struct follow *follow, const struct stat *now)
{
    struct stat there;
    int grew = now->st_size > follow->seen;
    if (stat(follow->path, &there) == -1 ||
        (there.st_ino == follow->st.st_ino &&
         there.st_dev == follow->st.st_dev))
        return 0;
    follow->quiet = grew || there.st_size == 0 ? 0 : follow->quiet + 1;
    return follow->quiet >= QUIET_LOOKS;
}

/* One look: 0, or -1. */
static int
look(struct follow *follow)
{
    struct gl_cli_log *log = follow->log;
    struct stat now;
    if (log->input.bytes == NULL)
        return open_log(follow) == -1 ? -1 : 0;
    if (fstat(log->input.fd, &now) == -1)
        return -gl_cli_fail("cannot look at %s", follow->path);
    if (follow->head_len > 0 && was_cut(follow, &now))
        return take_cut(follow) == -1 ? -1 : 0;
    int replaced = was_replaced(follow, &now);
    if (follow->head_len == 0 &&
        (gl_cli_log_more(&log->input) == -1 || begin(follow) == -1))
        return -1;
    if (follow->head_len > 0 && read_lines(log) == -1)
        return -1;
    follow->seen = gl_cli_log_place(&log->input);
    if (!replaced)
        return 0;
    gl_cli_log_close(&log->input);
    return open_log(follow) == -1 ? -1 : 0;
}

/* ---- the run ---- */

/* Make visits of what was sent. */
static int
fold(struct follow *follow, int always)
{
    int64_t at_ms = gl_cli_log_clock();
    if (follow->log->all_lines == follow->sent_lines ||
        (!always && at_ms - follow->fold_ms < FOLD_MS))
        return 0;
    follow->fold_ms = at_ms;
    follow->sent_lines = follow->log->all_lines;
    gl_cli_log_tell_again(follow->log, 0);
    return gl_cli_log_end(follow->log, 0) == -1 ? -1 : 0;
}

int
gl_cli_log_follow(struct gl_cli_log *log, const char *path)
{
    struct follow follow = {.log = log, .path = path};
    const struct timespec pause = {LOOK_MS / 1000, LOOK_MS % 1000 * 1000000};
    sigset_t ends; /* taken between two looks: no question is cut off */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    log->terminal = 0;
    int result = read_copies(&follow) == -1 ? -1 : 0;
    tell_unread(&follow);
    while (result == 0) {
        result = look(&follow);
        if (result == 0)
            result = fold(&follow, 0);
        if (result == 0 && sigtimedwait(&ends, NULL, &pause) > 0)
            break;
    }
    gl_cli_log_close(&log->input);
    int64_t visits = result == 0 ? gl_cli_log_end(log, 1) : -1;
    if (visits == -1)
        return GL_CLI_FAILED;
    gl_cli_log_told(log, visits);
    return GL_CLI_OK;
}
