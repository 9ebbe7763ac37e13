/*
 * Promise: the reader delivers every frame once, in order of time, calls a
 * segment complete only when nothing can follow, waits for a living writer,
 * syncs what waits too long, and hands back memory and descriptors.
 */

#include "spool/limits.h"
#include "spool/stats.h"
#include "spool_world.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* What the replaceable calls do beside their work. */
static struct {
    int preads, fdatasyncs, fsyncs;
    int pread_error;
    int drops_unreadable; /* so many reads of a drop block fail */
    int unlistable;
    struct world *world; /* before the next flock: append and let go */
    struct gl_writer *worker;
} step;

static ssize_t
step_pread(int fd, void *buf, size_t len, off_t offset)
{
    step.preads++;
    if (step.pread_error != 0) {
        errno = step.pread_error;
        return -1;
    }
    if (offset == GL_SEGMENT_DROPS_AT && step.drops_unreadable > 0) {
        step.drops_unreadable--;
        errno = EIO;
        return -1;
    }
    return pread(fd, buf, len, offset);
}

static int
step_flock(int fd, int operation)
{
    if (step.worker != NULL && operation != LOCK_UN) {
        world_write(step.world, step.worker, 1, 50, 1);
        gl_writer_seal(step.worker);
        step.worker = NULL;
    }
    return flock(fd, operation);
}

static int
step_fdatasync(int fd)
{
    step.fdatasyncs++;
    return fdatasync(fd);
}

static int
step_fsync(int fd)
{
    step.fsyncs++;
    return fsync(fd);
}

static int
step_openat(int dirfd, const char *name, int flags, mode_t mode)
{
    if (step.unlistable && strcmp(name, ".") == 0) {
        errno = EMFILE;
        return -1;
    }
    return openat(dirfd, name, flags, mode);
}

static const struct gl_spool_calls step_calls = {
    step_openat, step_pread, step_flock, step_fdatasync, step_fsync, unlinkat,
};

static void
begin(struct world *world, struct gl_writer *worker)
{
    memset(&step, 0, sizeof step);
    world_open(world);
    world->calls = &step_calls;
    world_worker(world, worker);
}

static void
finish(struct world *world, struct gl_writer *worker)
{
    gl_writer_seal(worker);
    close(worker->dirfd);
    world_close(world);
}

static void
one_life(void)
{
    struct world world;
    struct gl_writer worker;

    begin(&world, &worker);
    world_start(&world);
    world_read(&world);
    tap_int(world.delivered, 0, "an empty spool is empty");
    world_write(&world, &worker, 10, 60, 3);
    world_read(&world);
    tap_int(world.delivered, 10, "ten frames while the writer lives");
    world_read(&world);
    tap_int(world.delivered, 10, "not again");
    tap_int(world_settle(&world), 0, "a living segment is not complete");
    world_write(&world, &worker, 2000, 300, 64);
    world_read(&world);
    tap_int(world.delivered, 2010, "many, over several segments");
    gl_writer_seal(&worker);
    world_read(&world);
    tap_ok(world_settle(&world) > 5, "all are complete once let go");
    tap_int(world_files(&world), 0, "and the spool is empty");
    tap_int(world_missing(&world) + world_doubled(&world) + world.altered, 0,
            "each frame once, unaltered");
    tap_int(world.lost + world.torn + (uint32_t) world.notes, 0,
            "nothing to complain about");
    finish(&world, &worker);
}

static void
between_lock_and_read(void)
{
    struct world world;
    struct gl_writer worker;

    begin(&world, &worker);
    world_start(&world);
    world_write(&world, &worker, 5, 60, 1);
    step.world = &world;
    step.worker = &worker; /* a sixth, just before the reader's lock test */
    world_read(&world);
    tap_int(world.written, 6, "the writer came in between");
    tap_int(world.delivered, 6, "its frame is delivered");
    tap_int(world_settle(&world), 1, "then the segment is complete");
    tap_int(world.lost + world.torn + (uint32_t) world.notes, 0,
            "without loss or complaint");
    finish(&world, &worker);
}

static void
half_written(void)
{
    static const uint8_t junk[40] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct world world;
    struct gl_writer worker;

    begin(&world, &worker);
    world_start(&world);
    world_write(&world, &worker, 3, 60, 1);
    if (pwrite(worker.current.fd, junk, sizeof junk, worker.offset) !=
        (ssize_t) sizeof junk)
        tap_bail("pwrite: %s", strerror(errno));
    world_read(&world);
    world_read(&world);
    tap_int(world.delivered, 3, "what is half written waits");
    tap_int(world.torn, 0, "and is not judged while the writer lives");
    gl_writer_seal(&worker);
    step.pread_error = EIO;
    world_read(&world);
    step.pread_error = 0;
    tap_int(world.torn, 0, "nor when the disk does not answer");
    world_read(&world);
    tap_int(world.torn, 1, "a dead writer leaves a torn tail");
    tap_int(world.lost, 0, "which is no loss");
    tap_int(world_settle(&world), 1, "and ends the segment");
    finish(&world, &worker);
}

static void
many_at_once(void)
{
    struct world world;
    struct gl_writer one, other;
    struct gl_spool_stats stats;
    int i;

    begin(&world, &one);
    world_worker(&world, &other);
    for (i = 0; i < 110; i++) {
        world_write(&world, &one, 500, 33, 64);
        world.wall_ms += 3;
        world.boot_ms += 3;
        world_write(&world, &other, 500, 41, 64);
        world.wall_ms += 4;
        world.boot_ms += 4;
    }
    gl_writer_seal(&one);
    world_start(&world);
    world_read(&world);
    tap_int(world.delivered, 110000, "more than one round holds");
    tap_int(world_missing(&world) + world_doubled(&world) + world.altered, 0,
            "each frame once");
    tap_int(world.disordered, 0, "by time within a round");
    tap_ok(world_segments(&world) > GL_SPOOL_OPEN_MAX,
           "from more segments than may be open");
    gl_writer_seal(&other);
    world_read(&world);
    world_settle(&world);
    gl_spool_stats(world.spool, &stats);
    tap_int((int64_t) stats.files + world_files(&world), 0, "none is left");
    close(other.dirfd);
    finish(&world, &one);
}

static void
starting_over(void)
{
    struct gl_spool_segment *segment;
    struct world world;
    struct gl_writer worker;

    begin(&world, &worker);
    world_write(&world, &worker, 100, 200, 8);
    world_start(&world);
    world_read(&world);
    gl_writer_seal(&worker);
    world_stop(&world);
    world_reset(&world);
    world_start(&world);
    world_read(&world);
    tap_int(world_missing(&world) + world_doubled(&world), 0,
            "after a restart all is delivered again");
    segment = gl_spool_next(world.spool, NULL);
    tap_ok(segment->complete && segment->delivered == 100, "to its end");
    world_reset(&world);
    gl_spool_rewind(world.spool, segment);
    tap_int(segment->complete, 0, "a segment sent back is not complete");
    world_read(&world);
    tap_int(world_missing(&world) + world_doubled(&world), 0,
            "and is delivered again");
    tap_int(world_settle(&world), 1, "then removed");
    finish(&world, &worker);
}

static void
drops(void)
{
    struct gl_spool_segment *segment;
    struct world world;
    struct gl_writer worker;

    begin(&world, &worker);
    world_start(&world);
    world_write(&world, &worker, 1, 60, 1);
    gl_writer_drop(&worker, 4, 111, world.boot_ms);
    world_read(&world);
    segment = gl_spool_next(world.spool, NULL);
    tap_ok(segment->drops_changed && segment->drops.total == 4,
           "drops are read with the header");
    segment->drops_changed = 0;
    gl_writer_drop(&worker, 3, 222, world.boot_ms);
    world.boot_ms += GL_SPOOL_LIST_MS;
    world_read(&world);
    tap_ok(segment->drops_changed && segment->drops.total == 7 &&
               segment->drops.first_ms == 111 && segment->drops.last_ms == 222,
           "and again every second");
    segment->drops_changed = 0;
    gl_writer_drop(&worker, 1, 333, world.boot_ms);
    gl_writer_seal(&worker);
    step.drops_unreadable = 1;
    world_read(&world);
    tap_ok(!segment->complete, "no segment ends without its last count");
    world_read(&world);
    tap_ok(segment->complete && segment->drops_changed &&
               segment->drops.total == 8,
           "and a last time when the writer is gone");
    finish(&world, &worker);
}

static void
syncing(void)
{
    struct world world;
    struct gl_writer worker;
    int i;

    begin(&world, &worker);
    world_start(&world);
    world_write(&world, &worker, 5, 60, 1);
    world_read(&world);
    tap_int(gl_spool_sync(world.spool, world.boot_ms), 1,
            "a new name is synced with its directory");
    tap_int(step.fdatasyncs, 0, "fresh frames are not");
    tap_int(gl_spool_sync(world.spool, world.boot_ms + 999), 0,
            "nothing new in the directory");
    tap_int(step.fdatasyncs, 1,
            "frames unsettled for nearly a second are synced");
    for (i = 2; i < 10; i++)
        gl_spool_sync(world.spool, world.boot_ms + 1001 * i);
    tap_ok(step.fdatasyncs <= 2, "not again while nothing is written");
    tap_int(step.fsyncs, 1, "the directory neither");
    gl_writer_seal(&worker);
    world_read(&world);
    world_settle(&world);
    tap_int(gl_spool_sync(world.spool, world.boot_ms + 20000), 1,
            "a removal is synced");
    tap_int(step.fsyncs, 2, "by the directory");
    finish(&world, &worker);
}

/* A backlog in rounds that are full: what one delivered is settled before the
 * next, what waits behind it is not. */
static void
syncing_a_backlog(void)
{
    const struct gl_spool_frame *frames;
    struct gl_writer worker;
    struct world world;
    size_t n;
    int more = 1, rounds = 0;

    begin(&world, &worker);
    world_start(&world);
    world_write(&world, &worker, 30, 60, 1);
    gl_spool_limit(world.spool, 1);
    while (more && step.fdatasyncs == 0) {
        more = gl_spool_read(world.spool, world.wall_ms, world.boot_ms,
                             &frames, &n);
        gl_spool_release(world.spool);
        world_settle(&world);
        world.boot_ms += 100;
        gl_spool_sync(world.spool, world.boot_ms);
        rounds++;
    }
    tap_int(step.fdatasyncs, 1, "frames that a full round left are synced");
    tap_int(rounds, GL_SPOOL_SYNC_MS / 100 + 1, "in their time");
    gl_spool_limit(world.spool, GL_SPOOL_ROUND_FRAMES);
    world_read(&world);
    world_settle(&world);
    gl_spool_sync(world.spool, world.boot_ms + 5000);
    tap_int(step.fdatasyncs, 1, "and not again when all is settled");
    finish(&world, &worker);
}

/* Rows of segments that are not among FILES are forgotten: a directory that
 * could not be listed must not look like an empty one. */
static void
not_listed(void)
{
    struct gl_spool_stats stats;
    struct gl_writer worker;
    struct world world;

    begin(&world, &worker);
    world_write(&world, &worker, 3, 100, 1);
    world_start(&world);
    step.unlistable = 1;
    world_read(&world);
    gl_spool_stats(world.spool, &stats);
    tap_int(world.delivered, 0, "the directory cannot be listed");
    tap_ok(stats.files > 0, "and is not taken for an empty one");
    step.unlistable = 0;
    world_read(&world);
    gl_spool_stats(world.spool, &stats);
    tap_int((int) stats.files, world_segments(&world), "listed later");
    tap_int(world.delivered, 3, "and read");
    finish(&world, &worker);
}

/* Of a segment that is nearly empty and one that is nearly full. */
static void
waiting_is_counted(void)
{
    struct world world = {0};
    struct gl_writer one, other;
    int at_least;

    world_open(&world);
    world_worker(&world, &one);
    world_worker(&world, &other);
    world_start(&world);
    world_write(&world, &one, 1, 50, 1);
    world_write(&world, &other, 1, 50, 1);
    world_read(&world);
    tap_uint(gl_spool_waiting(world.spool, &at_least), 0, "nothing waits");
    world_write(&world, &one, 5, 50, 1);
    tap_uint(gl_spool_waiting(world.spool, &at_least), 5, "five frames");
    tap_int(at_least, 0, "... and no more");
    world_write(&world, &other, 100, 400, 10);
    tap_uint(gl_spool_waiting(world.spool, &at_least), 105, "105 of two");
    world_read(&world);
    tap_uint(gl_spool_waiting(world.spool, &at_least), 0, "all are read");
    gl_writer_seal(&one);
    gl_writer_seal(&other);
    world_close(&world);
}

int
main(void)
{
    one_life();
    not_listed();
    between_lock_and_read();
    half_written();
    many_at_once();
    starting_over();
    drops();
    syncing();
    syncing_a_backlog();
    waiting_is_counted();
    return tap_done();
}
