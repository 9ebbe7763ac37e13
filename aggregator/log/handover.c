/* Segments for glintod; see handover.h. */

#define _GNU_SOURCE

#include "log/handover.h"

#include "gl_assert.h"
#include "log/ring.h"
#include "segment.h"
#include "store/hold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0750
#define FILE_MODE 0640
#define ALIGN(bytes) (((bytes) + 4095) & ~(size_t) 4095)

struct frame {
    struct gl_chunk_frame frame;
    size_t at; /* of the payload in .payloads */
    guint order;
};

struct gl_handover {
    int dir;
    struct gl_ring ring;
    uint8_t incarnation[GL_SEGMENT_ID_BYTES];
    uint32_t ordinal;
    GArray *frames;       /* struct frame */
    GByteArray *payloads; /* one after the other */
    GByteArray *file;
};

struct gl_handover *
gl_handover_new(const char *folder, const char *socket, char *why,
                size_t why_len)
{
    struct gl_handover *h;
    int dir;

    if (mkdir(folder, FOLDER_MODE) == -1 && errno != EEXIST)
        dir = -1;
    else
        dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir == -1 || sodium_init() == -1) {
        snprintf(why, why_len, "%s: %s", folder, strerror(errno));
        return NULL;
    }
    h = g_new0(struct gl_handover, 1);
    h->dir = dir;
    gl_ring_init(&h->ring, socket);
    randombytes_buf(h->incarnation, sizeof h->incarnation);
    h->frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
    h->payloads = g_byte_array_new();
    h->file = g_byte_array_new();
    return h;
}

void
gl_handover_free(struct gl_handover *h)
{
    if (h == NULL)
        return;
    close(h->dir);
    gl_ring_fini(&h->ring);
    g_array_free(h->frames, TRUE);
    g_byte_array_free(h->payloads, TRUE);
    g_byte_array_free(h->file, TRUE);
    g_free(h);
}

/* ---- names ---- */

/* EACH gets every entry of the folder: 0, or -1 with errno. */
static int
each_entry(const struct gl_handover *h, void (*each)(void *arg, const char *),
           void *arg)
{
    int fd = openat(h->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd == -1 ? NULL : fdopendir(fd);
    struct dirent *entry;
    int error;

    if (listing == NULL)
        return -1;
    while ((errno = 0, entry = readdir(listing)) != NULL)
        each(arg, entry->d_name);
    error = errno;
    closedir(listing);
    errno = error;
    return error == 0 ? 0 : -1;
}

static void
count(void *arg, const char *name)
{
    *(int *) arg += gl_segment_name_ends(name);
}

int
gl_handover_waiting(const struct gl_handover *h)
{
    int n = 0;

    return each_entry(h, count, &n) == 0 ? n : -1;
}

struct sum {
    int dir;
    int64_t bytes;
};

static void
add_bytes(void *arg, const char *name)
{
    struct sum *sum = arg;
    struct stat st;

    if (gl_segment_name_ends(name) &&
        fstatat(sum->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        sum->bytes += st.st_size;
}

int64_t
gl_handover_bytes(const struct gl_handover *h)
{
    struct sum sum = {h->dir, 0};

    (void) each_entry(h, add_bytes, &sum);
    return sum.bytes;
}

static int
show_one(struct gl_handover *h, const char *name)
{
    char from[2 * GL_SEGMENT_NAME_MAX];

    snprintf(from, sizeof from, GL_HOLD_HALF "%.32s", name);
    if (renameat2(h->dir, from, h->dir, name, RENAME_NOREPLACE) == 0)
        return 0;
    return errno == ENOENT ? 0 : -1; /* glintod has it, or had it */
}

int
gl_handover_show(struct gl_handover *h, const char *names)
{
    char **list = g_strsplit(names, " ", -1);
    int result = 0;

    for (int i = 0; list[i] != NULL && result == 0; i++)
        if (list[i][0] != '\0')
            result = show_one(h, list[i]);
    g_strfreev(list);
    if (result == 0 && names[0] != '\0' && h->ring.socket != NULL)
        gl_ring(&h->ring);
    return result;
}

static void
remove_unnamed(void *arg, const char *name)
{
    struct gl_handover *h = arg;

    if (strncmp(name, GL_HOLD_HALF, sizeof GL_HOLD_HALF - 1) == 0)
        (void) unlinkat(h->dir, name, 0);
}

int
gl_handover_recover(struct gl_handover *h, const char *pending)
{
    if (gl_handover_show(h, pending) != 0)
        return -1;
    return each_entry(h, remove_unnamed, h);
}

void
gl_handover_undo(struct gl_handover *h)
{
    g_array_set_size(h->frames, 0);
    g_byte_array_set_size(h->payloads, 0);
}

/* ---- frames ---- */

void
gl_handover_add(struct gl_handover *h, const struct gl_chunk_frame *frame)
{
    struct frame one = {*frame, h->payloads->len, h->frames->len};

    g_byte_array_append(h->payloads, frame->payload, frame->payload_len);
    g_array_append_val(h->frames, one);
}

guint
gl_handover_frames(const struct gl_handover *h)
{
    return h->frames->len;
}

/* A reader takes no time of a segment that falls back. */
static int
by_time(const void *a, const void *b)
{
    const struct frame *one = a, *other = b;

    if (one->frame.at_ms != other->frame.at_ms)
        return one->frame.at_ms < other->frame.at_ms ? -1 : 1;
    return (one->order > other->order) - (one->order < other->order);
}

static void
write_header(struct gl_handover *h, uint8_t id[GL_SEGMENT_ID_BYTES],
             const uint8_t life[GL_SEGMENT_ID_BYTES], int64_t wall_ms)
{
    struct gl_segment_header header = {.major = GL_SEGMENT_MAJOR,
                                       .minor = GL_SEGMENT_MINOR,
                                       .ordinal = ++h->ordinal,
                                       .pid = (uint32_t) getpid(),
                                       .wall_ms = wall_ms,
                                       .segment_bytes = h->file->len};

    randombytes_buf(id, GL_SEGMENT_ID_BYTES);
    memcpy(header.id, id, GL_SEGMENT_ID_BYTES);
    memcpy(header.incarnation, life, GL_SEGMENT_ID_BYTES);
    gl_segment_header_write(h->file->data, &header);
}

/* As many of the frames from FROM on as one segment takes; how many, and its
 * bytes into .file. */
static guint
fill(struct gl_handover *h, guint from, uint8_t id[GL_SEGMENT_ID_BYTES])
{
    const struct frame *frames =
        (const struct frame *) (const void *) h->frames->data;
    int64_t wall_ms = frames[from].frame.at_ms;
    size_t bytes = GL_SEGMENT_HEADER_BYTES, at = bytes;
    guint end = from;

    while (end < h->frames->len &&
           bytes + GL_FRAME_BYTES(frames[end].frame.payload_len) <=
               GL_SEGMENT_BYTES_MAX &&
           frames[end].frame.at_ms - wall_ms <= UINT32_MAX)
        bytes += GL_FRAME_BYTES(frames[end++].frame.payload_len);
    g_byte_array_set_size(
        h->file, (guint) MAX(ALIGN(bytes), (size_t) GL_SEGMENT_BYTES_MIN));
    memset(h->file->data, 0, h->file->len);
    write_header(h, id, h->incarnation, wall_ms);
    for (guint i = from; i < end; i++) {
        const struct frame *one = &frames[i];
        uint8_t *to = h->file->data + at;

        memcpy(to + GL_FRAME_HEADER_BYTES, h->payloads->data + one->at,
               one->frame.payload_len);
        at += gl_frame_write(to, id, one->frame.payload_len, i - from + 1,
                             (uint32_t) (one->frame.at_ms - wall_ms),
                             one->frame.type);
    }
    GL_ASSERT(end > from && at <= h->file->len);
    return end - from;
}

static int
write_file(struct gl_handover *h, const char *name)
{
    char temp[2 * GL_SEGMENT_NAME_MAX];
    int fd, whole;

    snprintf(temp, sizeof temp, GL_HOLD_HALF "%.32s", name);
    fd = openat(h->dir, temp,
                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                FILE_MODE);
    if (fd == -1)
        return -1;
    whole = write(fd, h->file->data, h->file->len) == (ssize_t) h->file->len &&
            fdatasync(fd) == 0;
    if (!whole && errno == 0)
        errno = ENOSPC;
    return close(fd) == 0 && whole ? 0 : -1;
}

int
gl_handover_write(struct gl_handover *h, GString *names)
{
    char name[GL_SEGMENT_NAME_MAX];
    uint8_t id[GL_SEGMENT_ID_BYTES];
    guint at = 0;

    g_string_truncate(names, 0);
    if (h->frames->len == 0)
        return 0;
    qsort(h->frames->data, h->frames->len, sizeof(struct frame), by_time);
    while (at < h->frames->len) {
        at += fill(h, at, id);
        gl_segment_name(name, id);
        errno = 0;
        if (write_file(h, name) != 0)
            return -1;
        g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", name);
    }
    g_array_set_size(h->frames, 0);
    g_byte_array_set_size(h->payloads, 0);
    /* the names of these, and those that the last ones took */
    return fsync(h->dir);
}

int
gl_handover_refused(struct gl_handover *h,
                    const uint8_t life[GL_SEGMENT_ID_BYTES],
                    const struct gl_segment_drops *drops)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];
    char name[GL_SEGMENT_NAME_MAX];

    g_byte_array_set_size(h->file, GL_SEGMENT_BYTES_MIN);
    memset(h->file->data, 0, h->file->len);
    write_header(h, id, life, drops->last_ms);
    gl_segment_drops_write(h->file->data + GL_SEGMENT_DROPS_AT, id, drops);
    gl_segment_name(name, id);
    errno = 0;
    return write_file(h, name) == 0 ? gl_handover_show(h, name) : -1;
}
