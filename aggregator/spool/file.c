/*
 * Opening a segment that anybody with the workers' uid may have written: never
 * through a link, only a regular file of an allowed owner and size, and the
 * same file every time.  At most GL_SPOOL_OPEN_MAX stay open; a file is opened
 * again when its turn comes.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* statx */
#endif

#include "gl_assert.h"
#include "spool/spool_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
gl_spool_shut_(struct gl_spool *spool, struct gl_spool_file *file)
{
    if (file->fd == -1)
        return;
    GL_ASSERT(spool->open_n > 0);
    close(file->fd);
    file->fd = -1;
    spool->open_n--;
}

static void
shut_longest_unused(struct gl_spool *spool)
{
    struct gl_spool_file *oldest = NULL;
    size_t i;

    for (i = 0; i < spool->files_n; i++) {
        struct gl_spool_file *file = spool->files[i];

        if (file->fd != -1 &&
            (oldest == NULL || file->used_at < oldest->used_at))
            oldest = file;
    }
    if (oldest != NULL)
        gl_spool_shut_(spool, oldest);
}

static int
allowed_uid(const struct gl_spool *spool, uid_t uid)
{
    size_t i;

    for (i = 0; i < spool->uids_n; i++)
        if (spool->uids[i] == uid)
            return 1;
    return 0;
}

static const char *
objection(const struct gl_spool *spool, const struct stat *st)
{
    if (!S_ISREG(st->st_mode))
        return "not a regular file";
    if (!allowed_uid(spool, st->st_uid))
        return "owned by a user who is not a worker";
    if (st->st_size > GL_SEGMENT_BYTES_MAX)
        return "larger than 16 MiB";
    return NULL;
}

void
gl_spool_refuse_(struct gl_spool *spool, struct gl_spool_file *file,
                 const char *why)
{
    gl_spool_alarm_(spool, "segment %s refused: %s", file->name, why);
    gl_spool_shut_(spool, file);
    if (file->state == GL_SPOOL_NEW) {
        file->state = GL_SPOOL_REFUSED;
    } else if (file->state == GL_SPOOL_READING) {
        file->state = GL_SPOOL_COMPLETE;
        file->segment.complete = 1;
    }
}

static void
open_failed(struct gl_spool *spool, struct gl_spool_file *file, int error)
{
    file->denied = error == EACCES;
    if (error == ELOOP || error == ENXIO) /* a link, a socket */
        gl_spool_refuse_(spool, file, "not a regular file");
    else if (error == ENOENT && file->state == GL_SPOOL_READING)
        gl_spool_refuse_(spool, file, "it vanished");
    else if (error != ENOENT && spool->stats.read_errors++ == 0)
        gl_spool_alarm_(spool, "segment %s cannot be opened: %s%s", file->name,
                        strerror(error),
                        error == EACCES ? "; glintod's user must be in the "
                                          "group of the workers"
                                        : "");
}

/* The very file, accepted before, in other hands now: no reason to believe
 * that its frames are over.  They wait, as if it could not be opened. */
static void
wait_for_owner(struct gl_spool *spool, struct gl_spool_file *file)
{
    if (!file->denied)
        gl_spool_alarm_(spool,
                        "segment %s waits: its owner is not a worker any more",
                        file->name);
    file->denied = 1;
    spool->stats.read_errors++;
    gl_spool_shut_(spool, file);
}

/* FILE is open: 0 when it is to be read, or shut again and -1. */
static int
accept_file(struct gl_spool *spool, struct gl_spool_file *file)
{
    int known = file->state != GL_SPOOL_NEW, same;
    const char *why;
    struct stat st;

    if (fstat(file->fd, &st) == -1) { /* says nothing of the file: later */
        int error = errno;

        gl_spool_shut_(spool, file);
        open_failed(spool, file, error);
        return -1;
    }
    same = st.st_dev == file->dev && st.st_ino == file->ino;
    if (known && same && !allowed_uid(spool, st.st_uid)) {
        wait_for_owner(spool, file);
        return -1;
    }
    file->denied = 0;
    why = known && !same ? "another file was put in its place"
                         : objection(spool, &st);
    if (why != NULL) {
        gl_spool_refuse_(spool, file, why);
        return -1;
    }
    file->dev = st.st_dev;
    file->ino = st.st_ino;
    return 0;
}

int
gl_spool_open_(struct gl_spool *spool, struct gl_spool_file *file)
{
    file->used_at = ++spool->visits;
    if (file->fd != -1)
        return 0;
    if (spool->open_n >= GL_SPOOL_OPEN_MAX)
        shut_longest_unused(spool);
    file->fd = spool->calls->openat(
        spool->dirfd, file->name,
        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (file->fd == -1) {
        open_failed(spool, file, errno);
        return -1;
    }
    spool->open_n++;
    return accept_file(spool, file);
}

void
gl_spool_hold_(struct gl_spool *spool, struct gl_spool_file *file,
               uint16_t major)
{
    GL_ASSERT(file->segment.delivered == 0 && !file->segment.complete);
    file->segment.header.major = major;
    file->state = GL_SPOOL_HELD;
    gl_spool_shut_(spool, file);
    if (major < spool->told)
        return;
    spool->told = major + 1U;
    gl_spool_alarm_(spool,
                    "segment format %s aggregator: %s has format %u, this "
                    "glintod reads up to %d; left untouched until another "
                    "glintod starts",
                    major > GL_SEGMENT_MAJOR ? "newer than" : "too old for",
                    file->name, major, GL_SEGMENT_MAJOR);
}

int
gl_spool_read_drops_(struct gl_spool *spool, struct gl_spool_file *file)
{
    struct gl_spool_segment *segment = &file->segment;
    uint8_t block[GL_SEGMENT_DROPS_BYTES];
    struct gl_segment_drops drops;
    ssize_t n;

    file->drops_at_ms = spool->now_ms;
    n = gl_spool_pread_(spool, file, block, sizeof block, GL_SEGMENT_DROPS_AT);
    if (n == -1)
        return -1;
    if (n != (ssize_t) sizeof block ||
        gl_segment_drops_read(&drops, segment->header.id, block) == -1)
        return 0; /* half written: the last value stands until the next look */
    if (drops.total == segment->drops.total &&
        drops.last_ms == segment->drops.last_ms)
        return 0;
    segment->drops = drops;
    segment->drops_changed = 1;
    return 0;
}
