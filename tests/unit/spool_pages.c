/*
 * Promise: a page of a segment that the disk does not give is told while it
 * fails and costs nothing when the error passes, whenever that is, or when all
 * of the disk is away.  When it alone stays unreadable for
 * GL_SPOOL_PATIENCE_MS after its writer has gone, it costs the frames that
 * touch it, counted exactly, and no other.
 */

#include "spool/limits.h"
#include "spool/stats.h"
#include "spool_world.h"
#include "tap.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FRAMES 300
#define PAGE 4096
#define BAD 3 /* the page in the midst of frames */
#define ALL (-1)
#define PATIENCE_S (GL_SPOOL_PATIENCE_MS / 1000)

static struct {
    int on, page, error;
} fault;

static struct world world;
static uint32_t starts[FRAMES + 1]; /* where frame i begins; the end */

static ssize_t
faulty_pread(int fd, void *buf, size_t len, off_t offset)
{
    const off_t bad = (off_t) fault.page * PAGE;

    if (!fault.on || (fault.page != ALL &&
                      (offset + (off_t) len <= bad || offset >= bad + PAGE)))
        return pread(fd, buf, len, offset);
    if (fault.page != ALL && offset < bad) /* as the kernel does */
        return pread(fd, buf, (size_t) (bad - offset), offset);
    errno = fault.error;
    return -1;
}

/* Seconds go by until all segments are complete; how many. */
static int
wait_s(int most)
{
    const struct gl_spool_segment *segment;
    int s = 0;

    for (;;) {
        world.wall_ms += 1000;
        world.boot_ms += 1000;
        world_read(&world);
        segment = gl_spool_next(world.spool, NULL);
        if (++s >= most || (segment != NULL && segment->complete))
            return s;
    }
}

static uint64_t
failing(void)
{
    struct gl_spool_stats stats;

    gl_spool_stats(world.spool, &stats);
    return stats.failing;
}

/* One segment of FRAMES frames, its writer gone unless it LIVES, and a reader
 * of a disk that fails at PAGE_. */
static void
begin(struct gl_writer *worker, int lives, int page, int error)
{
    uint32_t i;

    world_worker(&world, worker);
    world.written = 0;
    for (i = 0; i < FRAMES; i++) {
        starts[i] = i == 0 ? GL_SEGMENT_HEADER_BYTES : worker->offset;
        world_write(&world, worker, 1, 60, 1);
    }
    starts[FRAMES] = worker->offset;
    if (!lives)
        gl_writer_seal(worker);
    close(worker->dirfd);
    world_reset(&world);
    world.notes = 0;
    fault.on = 1;
    fault.page = page;
    fault.error = error;
    world_start(&world);
}

static void
end(void)
{
    world_settle(&world);
    tap_int(world_files(&world), 0, "and the segment goes");
    world_stop(&world);
}

static uint32_t
frames_touching(uint32_t page)
{
    uint32_t i, n = 0;

    for (i = 0; i < FRAMES; i++)
        n += starts[i] < (page + 1) * PAGE && starts[i + 1] > page * PAGE;
    return n;
}

static void
it_passes(const char *what, int page, int error, int after_s)
{
    struct gl_writer worker;

    begin(&worker, 0, page, error);
    tap_int(wait_s(after_s), after_s, "%s: waited for", what);
    tap_int((int64_t) failing(), 1, "and told");
    fault.on = 0;
    wait_s(100);
    tap_int((int64_t) failing(), 0, "until it has passed");
    tap_int(world_missing(&world) + world_doubled(&world), 0, "all frames");
    tap_ok(world.lost == 0 && world.torn == 0, "nothing is told as lost");
    tap_int(world.notes, 2, "two lines in the log: %s", world.note);
    end();
}

static void
it_stays(void)
{
    struct gl_writer worker;
    int s;

    begin(&worker, 0, BAD, EIO);
    s = wait_s(3 * PATIENCE_S);
    tap_ok(s >= PATIENCE_S && s < PATIENCE_S + 100, "given up after %d s", s);
    tap_int((int64_t) failing(), 0, "no longer told as failing");
    tap_int((int64_t) world.lost, frames_touching(BAD),
            "the frames that touch it are told as lost");
    tap_int(world_missing(&world), frames_touching(BAD), "and are missing");
    tap_int(world_doubled(&world) + world.altered, 0, "all others came once");
    gl_spool_rewind(world.spool, gl_spool_next(world.spool, NULL));
    world_reset(&world);
    tap_int(wait_s(10), 1, "read again it is not waited for once more");
    tap_int((int64_t) world.lost, frames_touching(BAD), "and counted alike");
    end();
}

static void
writer_lives(void)
{
    struct gl_writer worker;

    begin(&worker, 1, 0, EIO);
    tap_int(wait_s(2 * PATIENCE_S), 2 * PATIENCE_S,
            "a living writer's header is waited for");
    fault.on = 0;
    gl_writer_seal(&worker);
    wait_s(100);
    tap_int(world_missing(&world), 0, "and all frames come");
    tap_int(gl_spool_next(world.spool, NULL)->header_damaged, 0,
            "under the header it wrote");
    end();
}

static void
header_page(void)
{
    struct gl_writer worker;
    int s;

    begin(&worker, 0, 0, EIO);
    s = wait_s(3 * PATIENCE_S);
    tap_ok(s >= PATIENCE_S && s < PATIENCE_S + 100,
           "the header is given up after %d s", s);
    tap_int(world_missing(&world), 0, "without it all frames are read");
    end();
}

/* Behind the last frame: who knows whether there was another. */
static void
page_of_the_end(void)
{
    struct gl_writer worker;

    begin(&worker, 0, 15, EIO);
    wait_s(3 * PATIENCE_S);
    tap_int(world_missing(&world), 0, "a page at the end: all frames");
    tap_int(gl_spool_next(world.spool, NULL)->unsure, 1,
            "there may have been more");
    end();
}

int
main(void)
{
    struct gl_spool_calls calls = gl_spool_system_calls;

    calls.pread = faulty_pread;
    world_open(&world);
    world.calls = &calls;
    it_passes("a bad page", BAD, EIO, PATIENCE_S - 1);
    it_passes("the disk is away", ALL, EIO, 4 * PATIENCE_S);
    it_passes("no memory", BAD, ENOMEM, 4 * PATIENCE_S);
    it_stays();
    writer_lives();
    header_page();
    page_of_the_end();
    world_close(&world);
    return tap_done();
}
