/* Segments that grow; see growing.h. */

#define _GNU_SOURCE

#include "log/growing.h"

#include "gl_assert.h"
#include "segment.h"
#include "store/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_MODE 0640
/* More than that goes to the file first: lanes.db would write it twice more,
 * and less than that is faster there. */
#define AHEAD_BYTES 65536

struct gl_growing *
gl_growing_new(const char *lane, int64_t wall_ms, uint32_t size)
{
    struct gl_growing *g = g_new0(struct gl_growing, 1);

    g->fd = -1;
    g->more = g_byte_array_new();
    randombytes_buf(g->is.seg, sizeof g->is.seg);
    g_strlcpy(g->is.lane, lane, sizeof g->is.lane);
    g->is.wall_ms = g->is.last_ms = wall_ms;
    g->is.size = size;
    g->is.bytes = GL_SEGMENT_HEADER_BYTES;
    g->to = g->is;
    return g;
}

void
gl_growing_free(struct gl_growing *g)
{
    if (g->fd != -1)
        close(g->fd);
    g_byte_array_free(g->more, TRUE);
    g_free(g);
}

void
gl_growing_be(struct gl_growing *g, const struct gl_lanes_open *open)
{
    g->is = *open;
    g->to = g->is;
    g_byte_array_set_size(g->more, 0);
    g->synced = g->shuts = g->ahead = 0;
}

/* ---- frames ---- */

int
gl_growing_is_after(const struct gl_growing *g,
                    const struct gl_chunk_frame *frame)
{
    return frame->at_ms >= g->to.last_ms &&
           frame->at_ms - g->to.wall_ms <= UINT32_MAX;
}

int
gl_growing_has_room(const struct gl_growing *g,
                    const struct gl_chunk_frame *frame)
{
    return g->to.bytes + GL_FRAME_BYTES(frame->payload_len) <= g->to.size;
}

void
gl_growing_add(struct gl_growing *g, const struct gl_chunk_frame *frame)
{
    size_t bytes = GL_FRAME_BYTES(frame->payload_len);
    uint8_t *to;

    GL_ASSERT(gl_growing_is_after(g, frame) && gl_growing_has_room(g, frame));
    g_byte_array_set_size(g->more, g->more->len + (guint) bytes);
    to = g->more->data + g->more->len - bytes;
    memcpy(to + GL_FRAME_HEADER_BYTES, frame->payload, frame->payload_len);
    gl_frame_write(to, g->to.seg, frame->payload_len, ++g->to.frames,
                   (uint32_t) (frame->at_ms - g->to.wall_ms), frame->type);
    g->to.bytes += (uint32_t) bytes;
    g->to.last_ms = frame->at_ms;
}

/* ---- the file ---- */

int
gl_growing_write(const struct gl_growing *g, uint32_t at, const void *bytes,
                 size_t len)
{
    errno = ENOSPC; /* of a write that is cut short */
    return pwrite(g->fd, bytes, len, at) == (ssize_t) len ? 0 : -1;
}

int
gl_growing_write_head(const struct gl_growing *g)
{
    uint8_t page[GL_SEGMENT_HEADER_BYTES] = {0};
    struct gl_segment_header header = {.major = GL_SEGMENT_MAJOR,
                                       .minor = GL_SEGMENT_MINOR,
                                       .pid = (uint32_t) getpid(),
                                       .wall_ms = g->is.wall_ms,
                                       .segment_bytes = g->is.size};

    /* no worker's life: it refuses nothing */
    memcpy(header.id, g->is.seg, sizeof header.id);
    memcpy(header.incarnation, g->is.seg, sizeof header.incarnation);
    gl_segment_header_write(page, &header);
    return gl_growing_write(g, 0, page, sizeof page);
}

struct names {
    char name[GL_SEGMENT_NAME_MAX];
    char temp[2 * GL_SEGMENT_NAME_MAX]; /* no segment's */
};

static void
make_names(const struct gl_growing *g, struct names *names)
{
    gl_segment_name(names->name, g->is.seg);
    snprintf(names->temp, sizeof names->temp, GL_HOLD_HALF "%.32s",
             names->name);
}

/* Locked, before anybody sees it by its name. */
static int
begin_file(struct gl_growing *g, int dir)
{
    struct names names;

    if (g->fd != -1)
        return 0;
    make_names(g, &names);
    g->fd =
        openat(dir, names.temp,
               O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    return g->fd != -1 && flock(g->fd, LOCK_EX) == 0 &&
                   ftruncate(g->fd, g->is.size) == 0
               ? gl_growing_write_head(g)
               : -1;
}

static int
name_file(struct gl_growing *g, int dir)
{
    struct names names;

    make_names(g, &names);
    if (!g->named &&
        renameat2(dir, names.temp, dir, names.name, RENAME_NOREPLACE) != 0)
        return -1;
    g->named = 1;
    return 0;
}

int
gl_growing_make(struct gl_growing *g, int dir)
{
    return begin_file(g, dir) == 0 ? name_file(g, dir) : -1;
}

int
gl_growing_write_ahead(struct gl_growing *g, int dir)
{
    uint32_t at = g->is.bytes + GL_FRAME_HEADER_BYTES;
    guint len;

    if (g->more->len <= AHEAD_BYTES)
        return 0;
    len = g->more->len - GL_FRAME_HEADER_BYTES;
    if (begin_file(g, dir) != 0 ||
        gl_growing_write(g, at, g->more->data + GL_FRAME_HEADER_BYTES, len) !=
            0)
        return -1;
    g->ahead = 1;
    /* those of all lanes at a time */
    (void) sync_file_range(g->fd, at, len, SYNC_FILE_RANGE_WRITE);
    return 0;
}

int
gl_growing_sync_ahead(struct gl_growing *g, int dir)
{
    if (!g->ahead)
        return 0;
    if (fdatasync(g->fd) != 0 || (!g->placed && fsync(dir) != 0))
        return -1;
    g->placed = 1;
    return 0;
}

guint
gl_growing_keeps(const struct gl_growing *g)
{
    return g->ahead ? GL_FRAME_HEADER_BYTES : g->more->len;
}

int
gl_growing_show(struct gl_growing *g, int dir)
{
    struct gl_lanes_open to = g->to;

    if (begin_file(g, dir) != 0 ||
        gl_growing_write(g, g->is.bytes, g->more->data, gl_growing_keeps(g)) !=
            0 ||
        name_file(g, dir) != 0)
        return -1;
    gl_growing_be(g, &to);
    return 0;
}

/* By its name, or by the one that it has until its first frames are
 * committed. */
static int
open_file(struct gl_growing *g, int dir)
{
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    struct names names;

    make_names(g, &names);
    g->fd = openat(dir, names.name, flags);
    g->named = g->fd != -1;
    if (g->fd == -1 && errno == ENOENT)
        g->fd = openat(dir, names.temp, flags);
    if (g->fd == -1)
        return errno == ENOENT ? 0 : -1;
    return flock(g->fd, LOCK_EX) == 0 ? 1 : -1;
}

int
gl_growing_find(struct gl_growing *g, int dir)
{
    int there = g->fd == -1 ? open_file(g, dir) : 1;

    if (there != 1)
        return there;
    /* a power cut may have left less of it, too */
    return ftruncate(g->fd, g->is.bytes) == 0 &&
                   ftruncate(g->fd, g->is.size) == 0
               ? 1
               : -1;
}
