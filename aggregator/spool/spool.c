/*
 * The spool as the writer thread sees it: rounds, settling, removal.  spool.h
 * has the promises, spool_internal.h the map of the files.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_PATH */
#endif

#include "spool/spool_internal.h"

#include "point.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
gl_spool_close(struct gl_spool *spool)
{
    size_t i;

    for (i = 0; i < spool->files_n; i++) {
        gl_spool_shut_(spool, spool->files[i]);
        free(spool->files[i]);
    }
    for (i = 0; i < GL_SPOOL_CHUNKS; i++)
        free(spool->chunks[i].bytes);
    if (spool->bad_dirfd != -1)
        close(spool->bad_dirfd);
    if (spool->lockfd != -1)
        close(spool->lockfd);
    if (spool->dirfd != -1)
        close(spool->dirfd);
    g_byte_array_free(spool->removed, TRUE);
    free(spool->files);
    free(spool->by_age);
    free(spool->uids);
    free(spool->frames);
    free(spool->sorted);
    free(spool);
}

void
gl_spool_ring(struct gl_spool *spool)
{
    spool->ring = 1;
}

void
gl_spool_limit(struct gl_spool *spool, size_t frames)
{
    spool->most =
        frames < GL_SPOOL_ROUND_FRAMES ? frames : GL_SPOOL_ROUND_FRAMES;
}

int
gl_spool_read(struct gl_spool *spool, int64_t wall_ms, int64_t boot_ms,
              const struct gl_spool_frame **frames, size_t *n)
{
    struct gl_spool_file *file;
    int full = 0;
    size_t i;

    spool->now_ms = boot_ms;
    gl_spool_list_(spool, wall_ms);
    for (i = 0; i < spool->files_n; i++) {
        file = spool->by_age[i];
        if (file->state != GL_SPOOL_READING)
            continue;
        if (!full)
            full = gl_spool_visit_(spool, file);
        file->unseen = full && file->state == GL_SPOOL_READING;
        if (full && file->unsettled_at_ms == 0)
            file->unsettled_at_ms = boot_ms;
        if (gl_spool_all_settled_(file))
            file->unsettled_at_ms = 0;
    }
    spool->backlog = full;
    gl_spool_sort_(spool);
    *frames = spool->frames;
    *n = spool->frames_n;
    if (*n > 0)
        GL_POINT("frames_read");
    return full;
}

struct gl_spool_segment *
gl_spool_next(struct gl_spool *spool, const struct gl_spool_segment *after)
{
    size_t i = 0;

    if (after != NULL)
        i = gl_spool_place_(spool,
                            ((const struct gl_spool_file *) after)->name) +
            1;
    for (; i < spool->files_n; i++)
        if (spool->files[i]->state == GL_SPOOL_READING ||
            spool->files[i]->state == GL_SPOOL_COMPLETE)
            return &spool->files[i]->segment;
    return NULL;
}

/* 1 also when that cannot be told just now. */
static int
is_in_directory(const struct gl_spool *spool, const char *name)
{
    int fd = spool->calls->openat(spool->dirfd, name,
                                  O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);

    if (fd == -1)
        return errno != ENOENT;
    close(fd);
    return 1;
}

int
gl_spool_has(const struct gl_spool *spool,
             const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    char name[GL_SEGMENT_NAME_MAX];

    gl_segment_name(name, id);
    return gl_spool_find_(spool, name) != NULL || is_in_directory(spool, name);
}

uint32_t
gl_spool_syncs(const struct gl_spool *spool)
{
    return spool->syncs;
}

int
gl_spool_may_return(const struct gl_spool *spool,
                    const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    const GByteArray *removed = spool->removed;

    if (spool->syncs == 0 || spool->unlisted > 0)
        return 1;
    for (guint at = 0; at < removed->len; at += GL_SEGMENT_ID_BYTES)
        if (memcmp(removed->data + at, id, GL_SEGMENT_ID_BYTES) == 0)
            return 1;
    return gl_spool_has(spool, id);
}

int
gl_spool_is_unread(const struct gl_spool *spool,
                   const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    const struct gl_spool_file *file;
    char name[GL_SEGMENT_NAME_MAX];

    gl_segment_name(name, id);
    file = gl_spool_find_(spool, name);
    if (file == NULL)
        return is_in_directory(spool, name);
    return file->state != GL_SPOOL_READING && file->state != GL_SPOOL_COMPLETE;
}

int
gl_spool_remove(struct gl_spool *spool, struct gl_spool_segment *segment)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;

    if (file->state != GL_SPOOL_COMPLETE)
        return -1;
    /* By name: a name is an id, so a file that took this one's place could
     * only bring its frames a second time, when its position is forgotten. */
    if (spool->calls->unlinkat(spool->dirfd, file->name, 0) == -1 &&
        errno != ENOENT) {
        gl_spool_note_(spool, "segment %s cannot be removed: %s", file->name,
                       strerror(errno));
        return -1;
    }
    GL_POINT("segment_unlinked");
    gl_spool_gone_(spool, file);
    gl_spool_forget_(spool, file);
    return 0;
}

void
gl_spool_stats(const struct gl_spool *spool, struct gl_spool_stats *stats)
{
    size_t i;

    *stats = spool->stats;
    stats->files = spool->files_n + spool->unlisted;
    for (i = 0; i < spool->files_n; i++) {
        const struct gl_spool_file *file = spool->files[i];

        stats->refused += file->state == GL_SPOOL_REFUSED;
        stats->unreadable += file->denied != 0;
        stats->failing += file->state != GL_SPOOL_REFUSED && file->tries > 1;
        if (file->state == GL_SPOOL_READING ||
            file->state == GL_SPOOL_COMPLETE)
            stats->read_bytes += file->offset - GL_SEGMENT_HEADER_BYTES;
        if (file->state != GL_SPOOL_HELD)
            continue;
        stats->newer++;
        if (file->segment.header.major > stats->newer_major)
            stats->newer_major = file->segment.header.major;
    }
}
