/*
 * Promise: the worker's writer (rules W1-W3, W6, W7) never writes an offset
 * twice, tells exactly which bytes are stored after a short write, leaves no
 * temporary file and no descriptor behind after a failed call, keeps to the
 * budget, and lets go of segments when it should.
 */

#include "gl_segment.h"
#include "tap.h"
#include "writer_faults.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENT_BYTES GL_SEGMENT_BYTES_MIN
#define PAYLOAD 100

static uint8_t buffer[64 * 1024] __attribute__((aligned(8)));
static int64_t now_ms;

static void
start(struct gl_writer *w, const char *path, uint32_t files_max)
{
    static const uint8_t incarnation[16] = "incarnation 16 b";
    static const uint8_t boot_id[16] = "the boot of test";
    int dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dirfd == -1)
        tap_bail("%s: %s", path, strerror(errno));
    writer_faults_reset();
    now_ms = 5000;
    gl_writer_init(w, dirfd, incarnation, boot_id, 4242, 3, SEGMENT_BYTES,
                   files_max);
    w->calls = &writer_faults_calls;
}

static void
stop(struct gl_writer *w)
{
    gl_writer_seal(w);
    close(w->dirfd);
}

static enum gl_writer_result
ready(struct gl_writer *w)
{
    return gl_writer_ready(w, GL_FRAME_MAX, 1000000 + now_ms, now_ms);
}

/* Frame N payloads side by side. */
static void
frame(struct gl_writer *w, int n)
{
    while (n-- > 0) {
        uint8_t *at = buffer + w->pending_bytes;

        memset(at + GL_FRAME_HEADER_BYTES, 'a' + n, PAYLOAD);
        if (gl_writer_frame(w, at, PAYLOAD, now_ms, GL_FRAME_EVENT) == 0)
            tap_bail("a frame did not fit");
    }
}

static int
append(struct gl_writer *w, int n)
{
    uint32_t written;

    frame(w, n);
    return gl_writer_append(w, buffer, &written);
}

/* Files whose names begin with PREFIX or end with it. */
static int
files(const char *path, const char *part)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    int n = 0;

    while ((entry = readdir(dir)) != NULL)
        n += strstr(entry->d_name, part) != NULL;
    closedir(dir);
    return n;
}

static int
descriptors(void)
{
    return files("/proc/self/fd", "");
}

static int
open_segment(const char *path, const uint8_t *id)
{
    char name[GL_SEGMENT_NAME_MAX], full[512];

    gl_segment_name(name, id);
    snprintf(full, sizeof full, "%s/%s", path, name);
    return open(full, O_RDONLY | O_CLOEXEC);
}

/* Read valid frames of the segment from its start. */
static uint32_t
frames_stored(const char *path, const uint8_t *id)
{
    static uint8_t bytes[SEGMENT_BYTES];
    uint32_t at = GL_SEGMENT_HEADER_BYTES, index = 1;
    struct gl_segment_header header;
    struct gl_frame read_frame;
    int fd = open_segment(path, id);
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

static uint64_t
drops_stored(const char *path, const uint8_t *id)
{
    uint8_t block[GL_SEGMENT_DROPS_BYTES];
    struct gl_segment_drops drops = {0};
    int fd = open_segment(path, id);

    if (pread(fd, block, sizeof block, GL_SEGMENT_DROPS_AT) !=
            (ssize_t) sizeof block ||
        gl_segment_drops_read(&drops, id, block) == -1)
        drops.total = UINT64_MAX;
    close(fd);
    return drops.total;
}

static void
a_new_segment(void)
{
    const char *path = tap_dir();
    mode_t umask_before = umask(077);
    uint8_t page[GL_SEGMENT_HEADER_BYTES];
    struct gl_segment_header header;
    struct gl_writer w;
    struct stat st;
    int fd;

    start(&w, path, 8);
    tap_int(gl_writer_room(&w), 0, "no room before the first event");
    tap_int(ready(&w), GL_WRITER_OK, "the first event makes a segment");
    umask(umask_before);
    tap_int(files(path, ".seg"), 1, "one .seg");
    tap_int(files(path, "t-"), 0, "no temporary file");
    fd = open_segment(path, w.current.id);
    tap_ok(fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0640,
           "mode 0640 under umask 077");
    tap_int(st.st_size, SEGMENT_BYTES, "its full size");
    tap_ok(st.st_blocks * 512 >= SEGMENT_BYTES, "allocated");
    tap_int(pread(fd, page, sizeof page, 0), sizeof page, "header page");
    tap_int(gl_segment_header_read(&header, page), 0, "header is valid");
    tap_ok(header.pid == 4242 && header.worker == 3 && header.ordinal == 1 &&
               header.wall_ms == 1005000 && header.boot_ms == 5000 &&
               header.segment_bytes == SEGMENT_BYTES,
           "and says who and when");
    tap_mem(header.id, 16, w.current.id, 16, "and the id of its name");
    tap_int(flock(fd, LOCK_SH | LOCK_NB), -1, "locked while it is written");
    gl_writer_seal(&w);
    tap_int(flock(fd, LOCK_SH | LOCK_NB), 0, "free once sealed");
    tap_mem(w.sealed_id, 16, header.id, 16, "sealed id is told");
    close(fd);
    stop(&w);
}

static void
a_group(void)
{
    const char *path = tap_dir();
    struct gl_segment_header header = {.major = GL_SEGMENT_MAJOR};
    uint32_t written, i, wrong = 0;
    struct gl_frame read_frame;
    struct gl_writer w;

    start(&w, path, 8);
    ready(&w);
    frame(&w, 3);
    memcpy(header.id, w.current.id, sizeof header.id);
    for (i = 0; i < 3; i++)
        wrong += gl_frame_read(
                     &read_frame, buffer + i * GL_FRAME_BYTES(PAYLOAD),
                     GL_FRAME_BYTES(PAYLOAD), &header, i + 1) != GL_FRAME_OK;
    tap_int(wrong, 0, "pending frames carry indexes 1, 2, 3");
    tap_int(writer_faults.appends, 0, "nothing is written yet");
    tap_int(gl_writer_append(&w, buffer, &written), 0, "appended");
    tap_int(writer_faults.appends, 1, "by one call");
    tap_int(written, 3 * GL_FRAME_BYTES(PAYLOAD), "all of it");
    now_ms += 250;
    append(&w, 2);
    tap_int(frames_stored(path, w.current.id), 5, "five frames in order");
    tap_int(gl_writer_append(&w, buffer, &written), 0, "nothing pending: ok");
    tap_int(writer_faults.appends, 2, "and no call");
    stop(&w);
}

/* A group of three; the append stores only CUT bytes of it. */
static int
short_write(const char *path, uint32_t cut)
{
    uint32_t written, want, stored = cut;
    uint8_t id[16];
    struct gl_writer w;
    int wrong;

    start(&w, path, 8);
    ready(&w);
    memcpy(id, w.current.id, sizeof id);
    frame(&w, 3);
    /* what lacks zeros only is whole: they are in the file already */
    while (stored < w.pending_bytes && buffer[stored] == 0)
        stored++;
    want = stored / (uint32_t) GL_FRAME_BYTES(PAYLOAD);
    writer_faults.cut = (ssize_t) cut;
    wrong = gl_writer_append(&w, buffer, &written) != -1 || written != stored;
    writer_faults.cut = -1;
    wrong += gl_writer_room(&w) != 0; /* nothing more goes here */
    gl_writer_drop(&w, 3 - want, 1, now_ms);
    wrong += drops_stored(path, id) != 3 - want;
    wrong += ready(&w) != GL_WRITER_OK || memcmp(id, w.current.id, 16) == 0;
    wrong += append(&w, 1) != 0 || w.index != 2;
    wrong += frames_stored(path, id) != want;
    wrong += writer_faults.twice;
    stop(&w);
    return wrong;
}

static void
short_writes(void)
{
    const char *path = tap_dir();
    uint32_t cut, wrong = 0;

    for (cut = 0; cut < 3 * GL_FRAME_BYTES(PAYLOAD); cut++) {
        char command[64];
        DIR *dir = opendir(path);
        struct dirent *entry;

        wrong += short_write(path, cut) != 0;
        while ((entry = readdir(dir)) != NULL) /* the budget is not the test */
            if (snprintf(command, sizeof command, "%.60s", entry->d_name) > 2)
                unlinkat(dirfd(dir), command, 0);
        closedir(dir);
    }
    tap_int(wrong, 0,
            "a short write of every length: exact, sealed, never repeated");
}

static void
failing_calls(void)
{
    static const int errors[] = {EIO, ENOSPC, EMFILE, EINTR, ENOMEM, EAGAIN};
    const char *path = tap_dir();
    struct gl_writer w;
    size_t e, i;
    int k, failed, wrong = 0, before;

    for (e = 0; e < sizeof errors / sizeof *errors; e++) {
        failed = 1;
        for (k = 1; failed; k++) {
            start(&w, path, 10000);
            before = descriptors();
            writer_faults.fail_at = k;
            writer_faults.error = errors[e];
            failed = ready(&w) != GL_WRITER_OK;
            if (!failed) {
                stop(&w);
                break;
            }
            wrong += w.error != errors[e] || files(path, "t-") != 0;
            wrong += descriptors() != before;
            writer_faults.calls = 0;
            writer_faults.fail_at = 0;
            for (i = 0; i < 10; i++, now_ms += 9)
                wrong += ready(&w) != GL_WRITER_FAILED;
            wrong += writer_faults.calls != 0; /* no call within 100 ms */
            now_ms += 10;
            wrong += ready(&w) != GL_WRITER_OK || append(&w, 1) != 0;
            stop(&w);
        }
        tap_int(k, 8, "%s: seven calls can fail", strerror(errors[e]));
    }
    tap_int(wrong, 0, "each leaves nothing behind and is tried again later");
}

/* Drops of a time without a segment: told by the tick, or at the end. */
static void
drops_alone(int by_tick)
{
    const char *path = tap_dir();
    struct gl_writer w;

    start(&w, path, 10000);
    writer_faults.fail_at = 1;
    writer_faults.error = EMFILE;
    tap_int(ready(&w), GL_WRITER_FAILED, "no segment");
    gl_writer_drop(&w, 3, 77, now_ms);
    if (by_tick) {
        now_ms += 1000;
        gl_writer_tick(&w, now_ms, now_ms);
    } else {
        gl_writer_seal(&w);
    }
    tap_int(files(path, ".seg"), 1, "a segment for the drops alone");
    tap_int(drops_stored(path, w.sealed_id), 3, "tells them");
    tap_int(frames_stored(path, w.sealed_id), 0, "and holds no frame");
    gl_writer_tick(&w, now_ms, now_ms);
    stop(&w);
    tap_int(files(path, ".seg"), 1, "told once");
}

/* Drops while the only open segment is one that no event has come to yet. */
static void
drops_in_advance(int by_tick)
{
    const char *path = tap_dir();
    struct gl_writer w;

    start(&w, path, 10000);
    ready(&w);
    while (w.offset <= SEGMENT_BYTES / 2)
        append(&w, 1);
    now_ms = w.current.boot_ms + GL_WRITER_AGE_MS;
    w.touched_ms = now_ms;
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(files(path, ".seg"), 2, "sealed at its age with a successor");
    gl_writer_drop(&w, 3, 77, now_ms);
    if (by_tick) {
        now_ms += GL_WRITER_IDLE_MS;
        gl_writer_tick(&w, now_ms, now_ms);
        now_ms += GL_WRITER_IDLE_MS;
        gl_writer_tick(&w, now_ms, now_ms);
    } else {
        gl_writer_seal(&w);
    }
    tap_int(files(path, ".seg"), 2, "which stays, since it counts drops");
    tap_int(drops_stored(path, w.sealed_id), 3, "all of them");
    stop(&w);
    tap_int(files(path, ".seg"), 2, "told once");
}

static void
the_budget(void)
{
    const char *path = tap_dir();
    struct gl_writer w;
    uint8_t first[16];
    char name[GL_SEGMENT_NAME_MAX];
    int i;

    start(&w, path, 2);
    ready(&w);
    memcpy(first, w.current.id, 16);
    while (ready(&w) == GL_WRITER_OK)
        append(&w, 1);
    tap_int(ready(&w), GL_WRITER_FULL, "the third file is refused");
    tap_int(files(path, ".seg"), 2, "two files");
    tap_int(w.sealed_n, 1, "the full one stays open");
    gl_writer_drop(&w, 5, 77, now_ms);
    gl_writer_drop(&w, 2, 99, now_ms);
    tap_int(drops_stored(path, w.current.id), 7, "and takes the drops");
    for (i = 0; i < GL_WRITER_AGE_MS / 5000 + 2; i++) {
        now_ms += 5000;
        gl_writer_drop(&w, 1, now_ms, now_ms);
        gl_writer_tick(&w, now_ms, now_ms);
    }
    tap_int(drops_stored(path, w.current.id), w.drops.total,
            "even past its age, while it has no successor");
    gl_segment_name(name, first);
    unlinkat(w.dirfd, name, 0);
    now_ms += GL_WRITER_RETRY_MS;
    tap_int(ready(&w), GL_WRITER_OK, "room again when a file is gone");
    tap_int(drops_stored(path, w.current.id), w.drops.total, "drops go along");
    stop(&w);
}

/* The budget is used up before the worker has a segment. */
static void
a_late_worker(void)
{
    const char *path = tap_dir();
    struct gl_writer first, w;

    start(&first, path, 1);
    ready(&first);
    start(&w, path, 1);
    tap_int(ready(&w), GL_WRITER_FULL, "a worker that comes too late");
    gl_writer_drop(&w, 3, 77, now_ms);
    tap_int(drops_stored(path, w.current.id), 3, "has where to count");
    now_ms += GL_WRITER_IDLE_MS;
    gl_writer_tick(&w, now_ms, now_ms);
    gl_writer_drop(&w, 1, 78, now_ms);
    tap_int(drops_stored(path, w.current.id), 4, "still when it was idle");
    tap_int(files(path, ".seg"), 2, "one file more than the budget");
    stop(&first);
    now_ms += GL_WRITER_RETRY_MS;
    tap_int(ready(&w), GL_WRITER_FULL, "and no event gets into that");
    stop(&w);
}

static void
sealing(void)
{
    const char *path = tap_dir();
    struct gl_writer w;

    start(&w, path, 16);
    ready(&w);
    append(&w, 1);
    now_ms += GL_WRITER_IDLE_MS - 1;
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(w.sealed_n, 0, "kept just before it is idle");
    now_ms += 1;
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(w.sealed_n, 1, "sealed when idle");
    while (w.sealed_n < 2) { /* busy: an event a second */
        ready(&w);
        append(&w, 1);
        now_ms += 1000;
        gl_writer_tick(&w, now_ms, now_ms);
    }
    tap_int(now_ms - w.touched_ms, 1000, "a busy one is not idle");
    tap_ok(files(path, ".seg") <= 3, "sealed by age or half full, not more");
    ready(&w);
    frame(&w, 1);
    writer_faults.cut = 3;
    gl_writer_append(&w, buffer, &(uint32_t){0});
    now_ms += GL_WRITER_BROKEN_MS;
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(w.sealed_n, 3, "a broken one is let go soon");
    stop(&w);
}

static void
in_advance(void)
{
    const char *path = tap_dir();
    struct gl_writer w;
    int calls;

    start(&w, path, 16);
    ready(&w);
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(files(path, ".seg"), 1, "an empty one has no successor");
    while (w.offset <= SEGMENT_BYTES / 2)
        append(&w, 1);
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(files(path, ".seg"), 2, "a half full one has");
    while (gl_writer_room(&w) >= GL_FRAME_MAX)
        append(&w, 1);
    calls = writer_faults.calls;
    tap_int(ready(&w), GL_WRITER_OK, "the successor takes over");
    tap_int(writer_faults.calls - calls, 0, "without a call but close");
    tap_int(w.index, 1, "from index 1");
    while (w.offset <= SEGMENT_BYTES / 2)
        append(&w, 1);
    gl_writer_tick(&w, now_ms, now_ms);
    gl_writer_seal(&w);
    tap_int(files(path, ".seg"), 2, "an unused successor is taken back");
    ready(&w);
    while (w.offset <= SEGMENT_BYTES / 2)
        append(&w, 1);
    now_ms = w.current.boot_ms + GL_WRITER_AGE_MS;
    w.touched_ms = now_ms;
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(files(path, ".seg"), 4, "sealed at its age with a successor");
    now_ms += GL_WRITER_IDLE_MS - 1;
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(files(path, ".seg"), 4, "which waits for an event");
    now_ms += 1;
    gl_writer_tick(&w, now_ms, now_ms);
    tap_int(files(path, ".seg"), 3, "and goes when idle");
    tap_int(writer_faults.twice, 0, "no offset was written twice");
    stop(&w);
}

static void
misuse(void)
{
    struct gl_writer w;

    start(&w, tap_dir(), 8);
    tap_int(gl_writer_frame(&w, buffer, PAYLOAD, now_ms, GL_FRAME_EVENT), 0,
            "no frame without a segment");
    tap_int(gl_writer_ready(&w, SEGMENT_BYTES, 0, now_ms), GL_WRITER_FAILED,
            "more than a segment holds is refused");
    ready(&w);
    tap_int(gl_writer_frame(&w, buffer, GL_FRAME_PAYLOAD_MAX + 1, now_ms,
                            GL_FRAME_EVENT),
            0, "no frame above the limit");
    frame(&w, 1);
    tap_int(gl_writer_ready(&w, SEGMENT_BYTES - GL_SEGMENT_HEADER_BYTES, 0,
                            now_ms),
            GL_WRITER_FAILED, "no roll while frames are pending");
    stop(&w);
}

int
main(void)
{
    a_new_segment();
    a_group();
    short_writes();
    failing_calls();
    drops_alone(0);
    drops_alone(1);
    drops_in_advance(0);
    drops_in_advance(1);
    the_budget();
    a_late_worker();
    sealing();
    in_advance();
    misuse();
    return tap_done();
}
