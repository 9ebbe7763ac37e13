/* See writer_world.h. */

#include "writer_world.h"

#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

uint8_t writer_buffer[64 * 1024] __attribute__((aligned(8)));
int64_t writer_now_ms;

void
writer_start(struct gl_writer *w, const char *path, uint32_t files_max)
{
    static const uint8_t incarnation[16] = "incarnation 16 b";
    static const uint8_t boot_id[16] = "the boot of test";
    int dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dirfd == -1)
        tap_bail("%s: %s", path, strerror(errno));
    writer_faults_reset();
    writer_now_ms = 5000;
    gl_writer_init(w, dirfd, incarnation, boot_id, 4242, 3,
                   WRITER_SEGMENT_BYTES, files_max);
    w->calls = &writer_faults_calls;
}

void
writer_stop(struct gl_writer *w)
{
    gl_writer_seal(w);
    close(w->dirfd);
}

enum gl_writer_result
writer_ready(struct gl_writer *w)
{
    return gl_writer_ready(w, GL_FRAME_MAX, 1000000 + writer_now_ms,
                           writer_now_ms);
}

/* Frame N payloads side by side. */
void
writer_frames(struct gl_writer *w, int n)
{
    while (n-- > 0) {
        uint8_t *at = writer_buffer + w->pending_bytes;

        memset(at + GL_FRAME_HEADER_BYTES, 'a' + n, WRITER_PAYLOAD);
        if (gl_writer_frame(w, at, WRITER_PAYLOAD, writer_now_ms,
                            GL_FRAME_EVENT) == 0)
            tap_bail("a frame did not fit");
    }
}

int
writer_append(struct gl_writer *w, int n)
{
    uint32_t written;

    writer_frames(w, n);
    return gl_writer_append(w, writer_buffer, &written);
}

/* Files whose names begin with PREFIX or end with it. */
int
writer_files(const char *path, const char *part)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    int n = 0;

    while ((entry = readdir(dir)) != NULL)
        n += strstr(entry->d_name, part) != NULL;
    closedir(dir);
    return n;
}

int
writer_descriptors(void)
{
    return writer_files("/proc/self/fd", "");
}

int
writer_open(const char *path, const uint8_t *id)
{
    char name[GL_SEGMENT_NAME_MAX], full[512];

    gl_segment_name(name, id);
    snprintf(full, sizeof full, "%s/%s", path, name);
    return open(full, O_RDONLY | O_CLOEXEC);
}

/* Read valid frames of the segment from its start. */
uint32_t
writer_frames_stored(const char *path, const uint8_t *id)
{
    static uint8_t bytes[WRITER_SEGMENT_BYTES];
    uint32_t at = GL_SEGMENT_HEADER_BYTES, index = 1;
    struct gl_segment_header header;
    struct gl_frame read_frame;
    int fd = writer_open(path, id);
    ssize_t n = fd == -1 ? -1 : pread(fd, bytes, sizeof bytes, 0);

    if (n != (ssize_t) sizeof bytes ||
        gl_segment_header_read(&header, bytes) == -1)
        tap_bail("cannot read the segment back");
    close(fd);
    while (gl_frame_read(&read_frame, bytes + at, (size_t) n - at, &header,
                         index) == GL_FRAME_OK) {
        at += read_frame.bytes;
        index++;
    }
    return index - 1;
}

uint64_t
writer_drops_stored(const char *path, const uint8_t *id)
{
    uint8_t block[GL_SEGMENT_DROPS_BYTES];
    struct gl_segment_drops drops = {0};
    int fd = writer_open(path, id);

    if (pread(fd, block, sizeof block, GL_SEGMENT_DROPS_AT) !=
            (ssize_t) sizeof block ||
        gl_segment_drops_read(&drops, id, block) == -1)
        drops.total = UINT64_MAX;
    close(fd);
    return drops.total;
}
