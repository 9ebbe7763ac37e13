/*
 * Reading a segment from a disk that may not give all of it.
 *
 *   fails ──► tried again, ever more seldom ──► read: as if nothing had been
 *               │
 *               └─ in vain for GL_SPOOL_PATIENCE_MS, while the disk gives
 *                  another page of the file and nobody writes to it any more
 *                  ──► given up: zeros from now on, a gap for resync.c
 *
 * An error that passes costs no frame, and a disk that is gone costs none
 * either: it gives no other page, and what it has may come back with it.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_DIRECT */
#endif

#include "gl_assert.h"
#include "spool/spool_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_FIRST_MS 1000 /* from the second failure on, then twice that */
#define WAIT_LAST_MS 60000 /* a bad sector may hold the thread for seconds */

int
gl_spool_waits_(const struct gl_spool *spool, const struct gl_spool_file *file)
{
    /* the drops of a writer that lives are no reason to leave its frames */
    if (file->failing_page == 0 && file->state == GL_SPOOL_READING &&
        !file->writer_gone)
        return 0;
    return file->tries > 1 && spool->now_ms < file->retry_at_ms;
}

int
gl_spool_gave_up_(const struct gl_spool_file *file, uint32_t from, uint32_t to)
{
    uint32_t i;

    for (i = 0; i < file->given_up_n; i++)
        if (file->given_up[i] >= from / GL_SPOOL_PAGE_BYTES &&
            file->given_up[i] <= to / GL_SPOOL_PAGE_BYTES)
            return 1;
    return 0;
}

uint32_t
gl_spool_blank_(const struct gl_spool_file *file, uint8_t *buf, size_t len,
                uint32_t offset)
{
    uint32_t left = GL_SPOOL_PAGE_BYTES - offset % GL_SPOOL_PAGE_BYTES;

    if (!gl_spool_gave_up_(file, offset, offset))
        return 0;
    if (left > len)
        left = (uint32_t) len;
    memset(buf, 0, left);
    return left;
}

/* Past the cache, unless the filesystem has nothing else. */
static int
open_disk(const struct gl_spool *spool, const struct gl_spool_file *file)
{
    const int flags =
        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd =
        spool->calls->openat(spool->dirfd, file->name, flags | O_DIRECT, 0);

    if (fd == -1 && errno == EINVAL)
        fd = spool->calls->openat(spool->dirfd, file->name, flags, 0);
    return fd;
}

/* 1 = the disk itself gives a page of FILE that is not PAGE. */
static int
disk_answers(const struct gl_spool *spool, const struct gl_spool_file *file,
             uint32_t page)
{
    uint8_t bytes[GL_SPOOL_PAGE_BYTES]
        __attribute__((aligned(GL_SPOOL_PAGE_BYTES)));
    int fd = open_disk(spool, file);
    off_t at = 0; /* the first page, or else the last */
    struct stat st;
    ssize_t n = -1;

    if (fd == -1)
        return 0;
    if ((page == 0 || gl_spool_gave_up_(file, 0, 0)) && fstat(fd, &st) == 0)
        at = (st.st_size / GL_SPOOL_PAGE_BYTES - 1) * GL_SPOOL_PAGE_BYTES;
    if (at / GL_SPOOL_PAGE_BYTES != page)
        n = spool->calls->pread(fd, bytes, sizeof bytes, at);
    close(fd);
    return n == (ssize_t) sizeof bytes;
}

/* 1 = a bad sector, or what a filesystem makes of one. */
static int
is_damage(int error)
{
    return error == EIO || error == EUCLEAN || error == EBADMSG;
}

static int
give_up(struct gl_spool *spool, struct gl_spool_file *file, int error)
{
    if (spool->now_ms - file->failing_ms < GL_SPOOL_PATIENCE_MS ||
        file->tries < GL_SPOOL_TRIES ||
        file->given_up_n == GL_SPOOL_GIVEN_UP_MAX ||
        file->state == GL_SPOOL_COMPLETE || !is_damage(error) ||
        !gl_spool_writer_gone_(spool, file) ||
        !disk_answers(spool, file, file->failing_page))
        return 0;
    gl_spool_alarm_(spool, "segment %s: page %u is given up: %s", file->name,
                    file->failing_page, strerror(error));
    file->given_up[file->given_up_n++] = file->failing_page;
    file->tries = 0;
    return 1;
}

static void
failed(struct gl_spool *spool, struct gl_spool_file *file, uint32_t page,
       int error)
{
    int64_t wait_ms = WAIT_LAST_MS;

    spool->stats.read_errors++;
    if (file->tries == 0 || page != file->failing_page) {
        file->failing_page = page;
        file->failing_ms = spool->now_ms;
        file->tries = 0;
    }
    if (++file->tries < 2)
        return; /* the next round tries again */
    if (file->tries < 8)
        wait_ms = WAIT_FIRST_MS << (file->tries - 2);
    file->retry_at_ms = spool->now_ms + wait_ms;
    if (file->tries == 2)
        gl_spool_alarm_(spool,
                        "segment %s: page %u cannot be read: %s; it is tried "
                        "again",
                        file->name, page, strerror(error));
}

/* LEN bytes at OFFSET were read: is it the page that failed, or have frames
 * come by hint and the cursor is behind it? */
static void
worked(struct gl_spool *spool, struct gl_spool_file *file, uint32_t offset,
       size_t len)
{
    uint32_t page = file->failing_page;

    if (file->tries == 0 ||
        (offset / GL_SPOOL_PAGE_BYTES != page &&
         (page == 0 || offset + len <= page * GL_SPOOL_PAGE_BYTES)))
        return;
    if (file->tries > 1)
        gl_spool_note_(spool, "segment %s can be read again", file->name);
    file->tries = 0;
}

ssize_t
gl_spool_pread_(struct gl_spool *spool, struct gl_spool_file *file,
                uint8_t *buf, size_t len, uint32_t offset)
{
    ssize_t n = spool->calls->pread(file->fd, buf, len, offset);
    int error = errno;
    uint32_t blank;

    if (n != -1) {
        worked(spool, file, offset, (size_t) n);
        return n;
    }
    blank = gl_spool_blank_(file, buf, len, offset);
    if (blank > 0)
        return blank;
    failed(spool, file, offset / GL_SPOOL_PAGE_BYTES, error);
    if (!give_up(spool, file, error))
        return -1;
    return gl_spool_blank_(file, buf, len, offset);
}

uint8_t *
gl_spool_load_(struct gl_spool *spool, struct gl_spool_file *file,
               uint32_t from, size_t *len)
{
    size_t cap = file->limit - from;
    uint8_t *bytes = malloc(cap + 1);
    ssize_t n = 1;

    GL_ASSERT(from <= file->limit && file->fd != -1);
    *len = 0;
    if (bytes == NULL)
        spool->stats.read_errors++;
    while (bytes != NULL && *len < cap && n > 0) {
        n = gl_spool_pread_(spool, file, bytes + *len, cap - *len,
                            from + (uint32_t) *len);
        if (n > 0)
            *len += (size_t) n;
    }
    if (n != -1)
        return bytes;
    free(bytes);
    return NULL;
}
