/*
 * Promise: the worker's writer never writes an offset twice, tells exactly
 * which bytes are stored after a short write, leaves no temporary file and no
 * descriptor behind after a failed call, keeps to the budget, and lets go of
 * segments when it should.
 */

#include "tap.h"
#include "writer_world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

    writer_start(&w, path, 8);
    tap_int(gl_writer_room(&w), 0, "no room before the first event");
    tap_int(writer_ready(&w), GL_WRITER_OK, "the first event makes a segment");
    umask(umask_before);
    tap_int(writer_files(path, ".seg"), 1, "one .seg");
    tap_int(writer_files(path, "t-"), 0, "no temporary file");
    fd = writer_open(path, w.current.id);
    tap_ok(fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0640,
           "mode 0640 under umask 077");
    tap_int(st.st_size, WRITER_SEGMENT_BYTES, "its full size");
    tap_ok(st.st_blocks * 512 >= WRITER_SEGMENT_BYTES, "allocated");
    tap_int(pread(fd, page, sizeof page, 0), sizeof page, "header page");
    tap_int(gl_segment_header_read(&header, page), 0, "header is valid");
    tap_ok(header.pid == 4242 && header.worker == 3 && header.ordinal == 1 &&
               header.wall_ms == 1005000 && header.boot_ms == 5000 &&
               header.segment_bytes == WRITER_SEGMENT_BYTES,
           "and says who and when");
    tap_mem(header.id, 16, w.current.id, 16, "and the id of its name");
    tap_int(flock(fd, LOCK_SH | LOCK_NB), -1, "locked while it is written");
    gl_writer_seal(&w);
    tap_int(flock(fd, LOCK_SH | LOCK_NB), 0, "free once sealed");
    tap_mem(w.sealed_id, 16, header.id, 16, "sealed id is told");
    close(fd);
    writer_stop(&w);
}

static void
a_group(void)
{
    const char *path = tap_dir();
    struct gl_segment_header header = {.major = GL_SEGMENT_MAJOR};
    uint32_t written, i, wrong = 0;
    struct gl_frame read_frame;
    struct gl_writer w;

    writer_start(&w, path, 8);
    writer_ready(&w);
    writer_frames(&w, 3);
    memcpy(header.id, w.current.id, sizeof header.id);
    for (i = 0; i < 3; i++)
        wrong +=
            gl_frame_read(&read_frame,
                          writer_buffer + i * GL_FRAME_BYTES(WRITER_PAYLOAD),
                          GL_FRAME_BYTES(WRITER_PAYLOAD), &header,
                          i + 1) != GL_FRAME_OK;
    tap_int(wrong, 0, "pending frames carry indexes 1, 2, 3");
    tap_int(writer_faults.appends, 0, "nothing is written yet");
    tap_int(gl_writer_append(&w, writer_buffer, &written), 0, "appended");
    tap_int(writer_faults.appends, 1, "by one call");
    tap_int(written, 3 * GL_FRAME_BYTES(WRITER_PAYLOAD), "all of it");
    writer_now_ms += 250;
    writer_append(&w, 2);
    tap_int(writer_frames_stored(path, w.current.id), 5,
            "five frames in order");
    tap_int(gl_writer_append(&w, writer_buffer, &written), 0,
            "nothing pending: ok");
    tap_int(writer_faults.appends, 2, "and no call");
    writer_stop(&w);
}

/* A request that fails after some of its frames. */
static void
taken_back(void)
{
    const char *path = tap_dir();
    struct gl_writer w;
    uint32_t bytes, room;

    writer_start(&w, path, 8);
    writer_ready(&w);
    writer_frames(&w, 2);
    bytes = w.pending_bytes;
    room = gl_writer_room(&w);
    writer_frames(&w, 3);
    gl_writer_take_back(&w, bytes, 3);
    tap_int(gl_writer_room(&w), room, "their room is free again");
    writer_append(&w, 1);
    tap_int(writer_frames_stored(path, w.current.id), 3,
            "frames taken back are not there, the others in order");
    writer_stop(&w);
}

/* A group of three; the append stores only CUT bytes of it. */
static int
short_write(const char *path, uint32_t cut)
{
    uint32_t written, want, stored = cut;
    uint8_t id[16];
    struct gl_writer w;
    int wrong;

    writer_start(&w, path, 8);
    writer_ready(&w);
    memcpy(id, w.current.id, sizeof id);
    writer_frames(&w, 3);
    /* what lacks zeros only is whole: they are in the file already */
    while (stored < w.pending_bytes && writer_buffer[stored] == 0)
        stored++;
    want = stored / (uint32_t) GL_FRAME_BYTES(WRITER_PAYLOAD);
    writer_faults.cut = (ssize_t) cut;
    wrong = gl_writer_append(&w, writer_buffer, &written) != -1 ||
            written != stored;
    writer_faults.cut = -1;
    wrong += gl_writer_room(&w) != 0; /* nothing more goes here */
    gl_writer_drop(&w, 3 - want, 1, writer_now_ms);
    wrong += writer_drops_stored(path, id) != 3 - want;
    wrong +=
        writer_ready(&w) != GL_WRITER_OK || memcmp(id, w.current.id, 16) == 0;
    wrong += writer_append(&w, 1) != 0 || w.index != 2;
    wrong += writer_frames_stored(path, id) != want;
    wrong += writer_faults.twice;
    writer_stop(&w);
    return wrong;
}

static void
short_writes(void)
{
    const char *path = tap_dir();
    uint32_t cut, wrong = 0;

    for (cut = 0; cut < 3 * GL_FRAME_BYTES(WRITER_PAYLOAD); cut++) {
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
            writer_start(&w, path, 10000);
            before = writer_descriptors();
            writer_faults.fail_at = k;
            writer_faults.error = errors[e];
            failed = writer_ready(&w) != GL_WRITER_OK;
            if (!failed) {
                writer_stop(&w);
                break;
            }
            wrong += w.error != errors[e] || writer_files(path, "t-") != 0;
            wrong += writer_descriptors() != before;
            writer_faults.calls = 0;
            writer_faults.fail_at = 0;
            for (i = 0; i < 10; i++, writer_now_ms += 9)
                wrong += writer_ready(&w) != GL_WRITER_FAILED;
            wrong += writer_faults.calls != 0; /* no call within 100 ms */
            writer_now_ms += 10;
            wrong +=
                writer_ready(&w) != GL_WRITER_OK || writer_append(&w, 1) != 0;
            writer_stop(&w);
        }
        tap_int(k, 8, "%s: seven calls can fail", strerror(errors[e]));
    }
    tap_int(wrong, 0, "each leaves nothing behind and is tried again later");
}

static void
sealing(void)
{
    const char *path = tap_dir();
    struct gl_writer w;

    writer_start(&w, path, 16);
    writer_ready(&w);
    writer_append(&w, 1);
    writer_now_ms += GL_WRITER_IDLE_MS - 1;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(w.sealed_n, 0, "kept just before it is idle");
    writer_now_ms += 1;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(w.sealed_n, 1, "sealed when idle");
    while (w.sealed_n < 2) { /* busy: an event a second */
        writer_ready(&w);
        writer_append(&w, 1);
        writer_now_ms += 1000;
        gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    }
    tap_int(writer_now_ms - w.touched_ms, 1000, "a busy one is not idle");
    tap_ok(writer_files(path, ".seg") <= 3,
           "sealed by age or half full, not more");
    writer_ready(&w);
    writer_frames(&w, 1);
    writer_faults.cut = 3;
    gl_writer_append(&w, writer_buffer, &(uint32_t){0});
    writer_now_ms += GL_WRITER_BROKEN_MS;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(w.sealed_n, 3, "a broken one is let go soon");
    writer_stop(&w);
}

static void
in_advance(void)
{
    const char *path = tap_dir();
    struct gl_writer w;
    int calls;

    writer_start(&w, path, 16);
    writer_ready(&w);
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(writer_files(path, ".seg"), 1, "an empty one has no successor");
    while (w.offset <= WRITER_SEGMENT_BYTES / 2)
        writer_append(&w, 1);
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(writer_files(path, ".seg"), 2, "a half full one has");
    while (gl_writer_room(&w) >= GL_FRAME_MAX)
        writer_append(&w, 1);
    calls = writer_faults.calls;
    tap_int(writer_ready(&w), GL_WRITER_OK, "the successor takes over");
    tap_int(writer_faults.calls - calls, 0, "without a call but close");
    tap_int(w.index, 1, "from index 1");
    while (w.offset <= WRITER_SEGMENT_BYTES / 2)
        writer_append(&w, 1);
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    gl_writer_seal(&w);
    tap_int(writer_files(path, ".seg"), 2,
            "an unused successor is taken back");
    writer_ready(&w);
    while (w.offset <= WRITER_SEGMENT_BYTES / 2)
        writer_append(&w, 1);
    writer_now_ms = w.current.boot_ms + GL_WRITER_AGE_MS;
    w.touched_ms = writer_now_ms;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(writer_files(path, ".seg"), 4,
            "sealed at its age with a successor");
    writer_now_ms += GL_WRITER_IDLE_MS - 1;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(writer_files(path, ".seg"), 4, "which waits for an event");
    writer_now_ms += 1;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(writer_files(path, ".seg"), 3, "and goes when idle");
    tap_int(writer_faults.twice, 0, "no offset was written twice");
    writer_stop(&w);
}

static void
misuse(void)
{
    struct gl_writer w;

    writer_start(&w, tap_dir(), 8);
    tap_int(gl_writer_frame(&w, writer_buffer, WRITER_PAYLOAD, writer_now_ms,
                            GL_FRAME_EVENT),
            0, "no frame without a segment");
    tap_int(gl_writer_ready(&w, WRITER_SEGMENT_BYTES, 0, writer_now_ms),
            GL_WRITER_FAILED, "more than a segment holds is refused");
    writer_ready(&w);
    tap_int(gl_writer_frame(&w, writer_buffer, GL_FRAME_PAYLOAD_MAX + 1,
                            writer_now_ms, GL_FRAME_EVENT),
            0, "no frame above the limit");
    writer_frames(&w, 1);
    tap_int(gl_writer_ready(&w, WRITER_SEGMENT_BYTES - GL_SEGMENT_HEADER_BYTES,
                            0, writer_now_ms),
            GL_WRITER_FAILED, "no roll while frames are pending");
    writer_stop(&w);
}

int
main(void)
{
    a_new_segment();
    a_group();
    taken_back();
    short_writes();
    failing_calls();
    sealing();
    in_advance();
    misuse();
    return tap_done();
}
