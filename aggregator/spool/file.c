/*
 * Opening a segment that anybody with the workers' uid may have written: never
 * through a link, only a regular file of an allowed owner and size, and the
 * same file every time.  At most GL_SPOOL_OPEN_MAX stay open; a file is opened
 * again when its turn comes.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* statx */
#endif

#include "spool/spool_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
gl_spool_shut_(struct gl_spool *spool, struct gl_spool_file *file)
{
    if (file->fd == -1)
        return;
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
        return "owned by a user who is no worker";
    if (st->st_size > GL_SEGMENT_BYTES_MAX)
        return "larger than 16 MiB";
    return NULL;
}

/* Not ours to read.  One that was being read is over: nothing will follow. */
static void
refuse(struct gl_spool *spool, struct gl_spool_file *file, const char *why)
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
        refuse(spool, file, "not a regular file");
    else if (error == ENOENT && file->state == GL_SPOOL_READING)
        refuse(spool, file, "it vanished");
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
                        "segment %s waits: its owner is no worker any more",
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
        refuse(spool, file, why);
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

/* The 16 bytes that NAME spells; 0, or -1 when it is no segment's name. */
static int
id_of_name(uint8_t id[GL_SEGMENT_ID_BYTES], const char *name)
{
    static const char digits[] = "0123456789abcdef";
    const char *digit;
    int i;

    memset(id, 0, GL_SEGMENT_ID_BYTES);
    for (i = 0; i < 2 * GL_SEGMENT_ID_BYTES; i++) {
        digit = name[i] == '\0' ? NULL : strchr(digits, name[i]);
        if (digit == NULL)
            return -1;
        id[i / 2] = (uint8_t) (id[i / 2] << 4 | (digit - digits));
    }
    return strcmp(name + i, GL_SEGMENT_SUFFIX) == 0 ? 0 : -1;
}

/*
 * The header page is damaged, yet every frame proves by its checksum to which
 * segment it belongs: go on with the id the name spells, the file's birth as
 * the creation time, and the newest format until its frames show another.
 */
static int
guess_header(struct gl_spool_file *file, const uint8_t *id)
{
    struct gl_segment_header *header = &file->segment.header;
    struct statx stx;

    memset(header, 0, sizeof *header);
    if (statx(file->fd, "", AT_EMPTY_PATH,
              STATX_SIZE | STATX_BTIME | STATX_MTIME, &stx) == -1)
        return -1;
    if (!(stx.stx_mask & STATX_BTIME))
        stx.stx_btime = stx.stx_mtime;
    memcpy(header->id, id, GL_SEGMENT_ID_BYTES);
    header->major = GL_SEGMENT_MAJOR;
    header->wall_ms =
        stx.stx_btime.tv_sec * 1000 + stx.stx_btime.tv_nsec / 1000000;
    header->segment_bytes = (uint32_t) stx.stx_size;
    if (header->segment_bytes < GL_SEGMENT_BYTES_MIN) /* it is cut off */
        header->segment_bytes = GL_SEGMENT_BYTES_MIN;
    file->segment.header_damaged = 1;
    return 0;
}

/* 0, or -1: looked at in vain. */
static int
read_header(struct gl_spool *spool, struct gl_spool_file *file,
            const uint8_t *id)
{
    uint8_t page[GL_SEGMENT_HEADER_BYTES] = {0};
    int claim;

    if (gl_spool_pread_(spool, file, page, sizeof page, 0) == -1)
        return -1;
    if (gl_segment_header_read(&file->segment.header, page) == 0)
        return 0;
    gl_spool_note_(spool, "segment %s has a damaged header", file->name);
    claim = gl_segment_claim(page);
    file->claim = claim > GL_SEGMENT_MAJOR ? claim : 0;
    return guess_header(file, id);
}

void
gl_spool_inspect_(struct gl_spool *spool, struct gl_spool_file *file)
{
    const struct gl_segment_header *header = &file->segment.header;
    uint8_t id[GL_SEGMENT_ID_BYTES];

    if (gl_spool_waits_(spool, file) || gl_spool_open_(spool, file) == -1)
        return;
    if (id_of_name(id, file->name) == -1) {
        refuse(spool, file, "its name is not 32 hex digits and .seg");
        return;
    }
    if (read_header(spool, file, id) == -1)
        return;
    if (!gl_segment_is_known(header->major)) {
        gl_spool_hold_(spool, file, header->major);
        return;
    }
    /* one name, one id: so no two files can claim the same position */
    if (memcmp(header->id, id, sizeof id) != 0) {
        refuse(spool, file, "its name is not the id inside");
        return;
    }
    file->limit = header->segment_bytes;
    file->state = GL_SPOOL_READING;
    gl_spool_rewind(spool, &file->segment);
    (void) gl_spool_read_drops_(spool, file); /* again at its end */
    spool->by_age_stale = 1;
}
