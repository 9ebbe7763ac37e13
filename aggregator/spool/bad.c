/*
 * Copies of damaged segments, and of frames that ended the process, for
 * whoever wants to know what happened: files in bad/, at most
 * GL_SPOOL_BAD_BYTES of them, oldest out.  A copy that cannot be made is a
 * line in the log, never a reason to wait.
 */

#include "spool/spool_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_NAME_MAX 64 /* a segment's name, an index, ".frame" */

struct copies {
    off_t bytes; /* of all copies */
    char oldest[COPY_NAME_MAX];
    int64_t oldest_ns; /* its modification time */
};

static void
consider(struct copies *copies, const char *name, const struct stat *st)
{
    int64_t at_ns =
        st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec;

    copies->bytes += st->st_size;
    if (at_ns >= copies->oldest_ns)
        return;
    copies->oldest_ns = at_ns;
    memcpy(copies->oldest, name, strlen(name) + 1);
}

static int
list_copies(struct gl_spool *spool, struct copies *copies)
{
    const struct dirent *entry;
    struct stat st;
    DIR *dir;
    int fd;

    *copies = (struct copies){.oldest_ns = INT64_MAX};
    fd = openat(spool->bad_dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1)
        return -1;
    dir = fdopendir(fd);
    if (dir == NULL) {
        close(fd);
        return -1;
    }
    while ((entry = readdir(dir)) != NULL)
        if (strlen(entry->d_name) < sizeof copies->oldest &&
            fstatat(spool->bad_dirfd, entry->d_name, &st,
                    AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode))
            consider(copies, entry->d_name, &st);
    closedir(dir);
    return 0;
}

/* Remove the oldest copies until BYTES more fit; 0 or -1. */
static int
make_room(struct gl_spool *spool, off_t bytes)
{
    struct copies copies;

    for (;;) {
        if (list_copies(spool, &copies) == -1)
            return -1;
        if (copies.bytes + bytes <= GL_SPOOL_BAD_BYTES)
            return 0;
        if (copies.oldest[0] == '\0' ||
            unlinkat(spool->bad_dirfd, copies.oldest, 0) == -1)
            return -1;
    }
}

static int
copy_bytes(const struct gl_spool_file *file, int to, off_t len)
{
    uint8_t block[GL_SPOOL_PAGE_BYTES];
    off_t at = 0;
    ssize_t n = 1;

    while (at < len && n > 0) {
        n = pread(file->fd, block, sizeof block, at);
        if (n == -1)
            n = gl_spool_blank_(file, block, sizeof block, (uint32_t) at);
        if (n > 0 && write(to, block, (size_t) n) != n)
            return -1;
        at += n;
    }
    return at < len ? -1 : 0;
}

static int
copy_file(struct gl_spool *spool, const struct gl_spool_file *file)
{
    struct stat st;
    int fd, result;

    if (fstat(file->fd, &st) == -1 || make_room(spool, st.st_size) == -1)
        return -1;
    fd = openat(spool->bad_dirfd, file->name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1)
        return -1;
    result = copy_bytes(file, fd, st.st_size);
    if (close(fd) == -1)
        result = -1;
    return result;
}

void
gl_spool_keep_(struct gl_spool *spool, struct gl_spool_file *file)
{
    if (file->damage_kept || spool->bad_dirfd == -1)
        return;
    file->damage_kept = 1;
    if (copy_file(spool, file) == 0)
        gl_spool_note_(spool, "segment %s copied to bad/", file->name);
    else if (errno != EEXIST) /* kept before a restart */
        gl_spool_note_(spool, "no copy of segment %s in bad/: %s", file->name,
                       strerror(errno));
}

static int
copy_frame(struct gl_spool *spool, const struct gl_spool_frame *frame,
           const char *name)
{
    ssize_t n;
    int fd;

    if (make_room(spool, frame->payload_len) == -1)
        return -1;
    fd = openat(spool->bad_dirfd, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1)
        return -1;
    n = write(fd, frame->payload, frame->payload_len);
    return close(fd) == -1 || n != (ssize_t) frame->payload_len ? -1 : 0;
}

void
gl_spool_keep_frame(struct gl_spool *spool, const struct gl_spool_frame *frame)
{
    char segment[GL_SEGMENT_NAME_MAX], name[COPY_NAME_MAX];

    if (spool->bad_dirfd == -1)
        return;
    gl_segment_name(segment, frame->segment->header.id);
    (void) snprintf(name, sizeof name, "%.32s-%u.frame", segment,
                    frame->index);
    if (copy_frame(spool, frame, name) == 0)
        gl_spool_note_(spool, "frame %s copied to bad/", name);
    else if (errno != EEXIST) /* kept before a restart */
        gl_spool_note_(spool, "no copy of frame %s in bad/: %s", name,
                       strerror(errno));
}
