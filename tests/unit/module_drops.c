/*
 * Promise: the worker's writer counts what it refuses, and the count is in the
 * spool whatever happens: with a segment, without one, with the budget used up
 * before or after the worker came, and from before there was a directory.
 */

#include "tap.h"
#include "writer_world.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Drops of a time without a segment: told by the tick, or at the end. */
static void
drops_alone(int by_tick)
{
    const char *path = tap_dir();
    struct gl_writer w;

    writer_start(&w, path, 10000);
    writer_faults.fail_at = 1;
    writer_faults.error = EMFILE;
    tap_int(writer_ready(&w), GL_WRITER_FAILED, "no segment");
    gl_writer_drop(&w, 3, 77, writer_now_ms);
    if (by_tick) {
        writer_now_ms += 1000;
        gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    } else {
        gl_writer_seal(&w);
    }
    tap_int(writer_files(path, ".seg"), 1, "a segment for the drops alone");
    tap_int(writer_drops_stored(path, w.sealed_id), 3, "tells them");
    tap_int(writer_frames_stored(path, w.sealed_id), 0, "and holds no frame");
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    writer_stop(&w);
    tap_int(writer_files(path, ".seg"), 1, "told once");
}

/* Drops before there is a directory: told once there is. */
static void
no_directory(void)
{
    const char *path = tap_dir();
    struct gl_writer w;
    int dirfd;

    writer_start(&w, path, 10000);
    dirfd = w.dirfd;
    w.dirfd = -1;
    w.error = EACCES;
    w.error_call = "open";
    tap_int(writer_ready(&w), GL_WRITER_FAILED, "no directory");
    gl_writer_drop(&w, 3, 77, writer_now_ms);
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    gl_writer_seal(&w);
    tap_ok(w.error == EACCES && strcmp(w.error_call, "open") == 0,
           "the caller's reason stays: %s, %s", w.error_call,
           strerror(w.error));
    w.dirfd = dirfd;
    tap_int(writer_ready(&w), GL_WRITER_OK, "it is there: no wait");
    tap_int(writer_drops_stored(path, w.current.id), 3, "and has the drops");
    writer_stop(&w);
}

/* Drops while the only open segment is one that no event has come to yet. */
static void
drops_in_advance(int by_tick)
{
    const char *path = tap_dir();
    struct gl_writer w;

    writer_start(&w, path, 10000);
    writer_ready(&w);
    while (w.offset <= WRITER_SEGMENT_BYTES / 2)
        writer_append(&w, 1);
    writer_now_ms = w.current.boot_ms + GL_WRITER_AGE_MS;
    w.touched_ms = writer_now_ms;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(writer_files(path, ".seg"), 2,
            "sealed at its age with a successor");
    gl_writer_drop(&w, 3, 77, writer_now_ms);
    if (by_tick) {
        writer_now_ms += GL_WRITER_IDLE_MS;
        gl_writer_tick(&w, writer_now_ms, writer_now_ms);
        writer_now_ms += GL_WRITER_IDLE_MS;
        gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    } else {
        gl_writer_seal(&w);
    }
    tap_int(writer_files(path, ".seg"), 2,
            "which stays, since it counts drops");
    tap_int(writer_drops_stored(path, w.sealed_id), 3, "all of them");
    writer_stop(&w);
    tap_int(writer_files(path, ".seg"), 2, "told once");
}

static void
the_budget(void)
{
    const char *path = tap_dir();
    struct gl_writer w;
    uint8_t first[16];
    char name[GL_SEGMENT_NAME_MAX];
    int i;

    writer_start(&w, path, 2);
    writer_ready(&w);
    memcpy(first, w.current.id, 16);
    while (writer_ready(&w) == GL_WRITER_OK)
        writer_append(&w, 1);
    tap_int(writer_ready(&w), GL_WRITER_FULL, "the third file is refused");
    tap_int(writer_files(path, ".seg"), 2, "two files");
    tap_int(w.sealed_n, 1, "the full one stays open");
    gl_writer_drop(&w, 5, 77, writer_now_ms);
    gl_writer_drop(&w, 2, 99, writer_now_ms);
    tap_int(writer_drops_stored(path, w.current.id), 7, "and takes the drops");
    for (i = 0; i < GL_WRITER_AGE_MS / 5000 + 2; i++) {
        writer_now_ms += 5000;
        gl_writer_drop(&w, 1, writer_now_ms, writer_now_ms);
        gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    }
    tap_int(writer_drops_stored(path, w.current.id), w.drops.total,
            "even past its age, while it has no successor");
    gl_segment_name(name, first);
    unlinkat(w.dirfd, name, 0);
    writer_now_ms += GL_WRITER_RETRY_MS;
    tap_int(writer_ready(&w), GL_WRITER_OK, "room again when a file is gone");
    tap_int(writer_drops_stored(path, w.current.id), w.drops.total,
            "drops go along");
    writer_stop(&w);
}

/* The disk does not answer: no call, and nothing forgotten. */
static void
held_back(void)
{
    const char *path = tap_dir();
    struct gl_writer w;
    int calls;

    writer_start(&w, path, 2);
    writer_ready(&w);
    w.still = 1;
    calls = writer_faults.calls;
    gl_writer_drop(&w, 5, 77, writer_now_ms);
    tap_int(writer_faults.calls - calls, 0, "no call while it is still");
    w.still = 0;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    tap_int(writer_drops_stored(path, w.current.id), 5, "told by the tick");
    writer_stop(&w);
}

/* The budget is used up before the worker has a segment. */
static void
a_late_worker(void)
{
    const char *path = tap_dir();
    struct gl_writer first, w;

    writer_start(&first, path, 1);
    writer_ready(&first);
    writer_start(&w, path, 1);
    tap_int(writer_ready(&w), GL_WRITER_FULL, "a worker that comes too late");
    gl_writer_drop(&w, 3, 77, writer_now_ms);
    tap_int(writer_drops_stored(path, w.current.id), 3, "has where to count");
    writer_now_ms += GL_WRITER_IDLE_MS;
    gl_writer_tick(&w, writer_now_ms, writer_now_ms);
    gl_writer_drop(&w, 1, 78, writer_now_ms);
    tap_int(writer_drops_stored(path, w.current.id), 4,
            "still when it was idle");
    tap_int(writer_files(path, ".seg"), 2, "one file more than the budget");
    writer_stop(&first);
    writer_now_ms += GL_WRITER_RETRY_MS;
    tap_int(writer_ready(&w), GL_WRITER_FULL, "and no event gets into that");
    writer_stop(&w);
}

int
main(void)
{
    no_directory();
    drops_alone(0);
    drops_alone(1);
    drops_in_advance(0);
    drops_in_advance(1);
    the_budget();
    a_late_worker();
    held_back();
    return tap_done();
}
