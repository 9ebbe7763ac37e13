/*
 * Promise: a forged segment holds the reader no longer than its size allows.
 * However many gaps it has, it is loaded once, its frames are found and its
 * losses counted; and of many such files a round loads no more than its limit.
 */

#include "spool/limits.h"
#include "spool_world.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define BIG GL_SEGMENT_BYTES_MAX
#define FRAMES 20000 /* every second one is damaged */
#define FILES 5

static struct {
    uint64_t bytes; /* that pread gave */
} count;

static ssize_t
counting_pread(int fd, void *buf, size_t len, off_t offset)
{
    ssize_t n = pread(fd, buf, len, offset);

    count.bytes += n > 0 ? (uint64_t) n : 0;
    return n;
}

/* A segment of BIG bytes nobody writes to, its first byte of an id NUMBER,
 * with FRAMES frames. */
static void
forge(const struct world *world, uint8_t number)
{
    struct gl_segment_header header = {.major = GL_SEGMENT_MAJOR,
                                       .id = {number},
                                       .segment_bytes = BIG,
                                       .wall_ms = world->wall_ms + number};
    uint8_t *bytes = calloc(1, BIG), *at = bytes + GL_SEGMENT_HEADER_BYTES;
    char path[512];
    uint32_t i;

    if (bytes == NULL)
        tap_bail("out of memory");
    gl_segment_header_write(bytes, &header);
    for (i = 1; i <= FRAMES; i++) {
        world_spell(at + GL_FRAME_HEADER_BYTES, 4, i);
        gl_frame_write(at, header.id, 4, i, 0, GL_FRAME_EVENT);
        if (i % 2 == 0)
            at[GL_FRAME_HEADER_BYTES]++;
        at += GL_FRAME_BYTES(4);
    }
    memset(at, 0x5a, (size_t) (bytes + BIG - at));
    world_path(world, path, header.id);
    world_store(path, bytes, BIG);
    free(bytes);
}

static void
one_load(struct world *world)
{
    const struct gl_spool_segment *segment;
    uint64_t sum = 0;
    uint32_t i;

    forge(world, 1);
    world_start(world);
    count.bytes = 0;
    world_read(world);
    tap_int(world->delivered, FRAMES / 2, "every whole frame");
    tap_int(world->altered, 0, "as it was");
    tap_int((int64_t) world->lost, FRAMES / 2 - 1,
            "all others are lost, the last of them with the torn tail");
    segment = gl_spool_next(world->spool, NULL);
    for (i = 0; i < segment->gaps_n; i++)
        sum += segment->gaps[i].n;
    tap_ok(segment->gaps_n == GL_SPOOL_GAPS_MAX && sum == world->lost,
           "few gaps stand for all");
    tap_ok(segment->gaps[0].from == 2 && segment->gaps[0].upto == 2 &&
               segment->gaps[i - 1].from == 2 * GL_SPOOL_GAPS_MAX &&
               segment->gaps[i - 1].upto == FRAMES - 2,
           "the last for the rest");
    tap_ok(count.bytes < BIG + BIG / 8, "%llu bytes are read of %d",
           (unsigned long long) count.bytes, BIG);
    tap_int(world_settle(world), 1, "and it goes");
    world_stop(world);
}

static void
many_files(struct world *world)
{
    const struct gl_spool_frame *frames;
    uint64_t most = 0;
    int more, rounds = 0, i;
    size_t n, all = 0;

    for (i = 0; i < FILES; i++)
        forge(world, (uint8_t) (1 + i));
    world_start(world);
    do {
        count.bytes = 0;
        more = gl_spool_read(world->spool, world->wall_ms, world->boot_ms,
                             &frames, &n);
        all += n;
        rounds++;
        most = count.bytes > most ? count.bytes : most;
        gl_spool_release(world->spool);
    } while (more);
    tap_ok(most <= GL_SPOOL_ROUND_BYTES + BIG + BIG / 8,
           "a round loads %llu bytes", (unsigned long long) most);
    tap_ok(rounds > 1 && rounds <= FILES, "in %d rounds", rounds);
    tap_int((int64_t) all, (int64_t) FILES * FRAMES / 2, "all are found");
    tap_int(world_settle(world), FILES, "and the files go");
    world_stop(world);
}

int
main(void)
{
    struct gl_spool_calls calls = gl_spool_system_calls;
    struct world world;

    calls.pread = counting_pread;
    world_open(&world);
    world.calls = &calls;
    world.written = FRAMES;
    one_load(&world);
    many_files(&world);
    world_close(&world);
    return tap_done();
}
