/*
 * Promise: hints change nothing but speed.  Frames of a packet are used only
 * when they continue the cursor exactly, and any loss, repetition, reordering
 * or garbage gives the same frames as no packet at all.  Of a worker that
 * writes to another directory an operator hears as long as there is one.
 */

#include "hint.h"
#include "little_endian.h"
#include "spool/limits.h"
#include "spool/stats.h"
#include "spool_world.h"
#include "tap.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKETS 400

static struct packet {
    uint8_t bytes[GL_HINT_PACKET_MAX];
    size_t len;
} packets[PACKETS];
static int preads;

static ssize_t
counting_pread(int fd, void *buf, size_t len, off_t offset)
{
    preads += offset >= GL_SEGMENT_HEADER_BYTES;
    return pread(fd, buf, len, offset);
}

static int
system_openat(int dirfd, const char *name, int flags, mode_t mode)
{
    return openat(dirfd, name, flags, mode);
}

static const struct gl_spool_calls counting_calls = {
    system_openat, counting_pread, flock, fdatasync, fsync, unlinkat,
};

/* Write N frames as one group and make the packet that tells of them. */
static void
write_and_hint(struct world *world, struct gl_writer *worker, uint32_t n,
               struct packet *packet)
{
    static uint8_t file[WORLD_SEGMENT_BYTES];
    uint32_t offset, index;
    char path[512];

    /* so much that the group does not roll on to another segment */
    gl_writer_ready(worker, n * 200 + GL_FRAME_MAX, world->wall_ms,
                    world->boot_ms);
    offset = worker->offset;
    index = worker->index;
    world_write(world, worker, n, 100, n);
    world_path(world, path, worker->current.id);
    world_load(path, file, sizeof file);
    memset(packet->bytes, 0, GL_HINT_EVENTS_HEADER_BYTES);
    packet->bytes[0] = GL_HINT_EVENTS;
    packet->bytes[1] = GL_HINT_PROTO;
    gl_put32(packet->bytes + 4, index);
    gl_put32(packet->bytes + 8, offset);
    gl_put32(packet->bytes + 12, n);
    memcpy(packet->bytes + 16, worker->current.id, 16);
    memcpy(packet->bytes + GL_HINT_EVENTS_HEADER_BYTES, file + offset,
           worker->offset - offset);
    packet->len = GL_HINT_EVENTS_HEADER_BYTES + worker->offset - offset;
}

static int
hint(struct world *world, const struct packet *packet)
{
    return gl_spool_hint(world->spool, packet->bytes, packet->len);
}

static void
used_or_not(void)
{
    struct packet *a = &packets[0], *b = &packets[1], *c = &packets[2];
    struct world world;
    struct gl_writer worker;
    int before;

    world_open(&world);
    world.calls = &counting_calls;
    world_worker(&world, &worker);
    world_start(&world);
    write_and_hint(&world, &worker, 5, a);
    tap_int(hint(&world, a), 0, "of an unknown segment: a doorbell");
    world_read(&world);
    tap_int(world.delivered, 5, "read from the file");
    write_and_hint(&world, &worker, 7, b);
    write_and_hint(&world, &worker, 3, c);
    tap_int(hint(&world, c), 0, "too early: a doorbell");
    tap_int(hint(&world, a), 0, "too late: a doorbell");
    b->bytes[8] ^= 8;
    tap_int(hint(&world, b), 0, "of another offset: a doorbell");
    b->bytes[8] ^= 8;
    tap_int(hint(&world, b), 7, "just right: its 7 frames used");
    tap_int(hint(&world, b), 0, "twice: a doorbell");
    tap_int(hint(&world, c), 3, "the next: used");
    before = preads;
    world_read(&world);
    tap_int(world.delivered, 15, "all delivered");
    tap_int(preads - before, 1, "by one look whether there is more");
    write_and_hint(&world, &worker, 4, a);
    /* in the second frame */
    a->bytes[GL_HINT_EVENTS_HEADER_BYTES + GL_FRAME_BYTES(100) + 2]++;
    tap_int(hint(&world, a), 1, "damaged: used up to the damage");
    world_read(&world);
    tap_int(world.delivered, 19, "the rest from the file");
    tap_int(world_missing(&world) + world_doubled(&world) + world.altered, 0,
            "each frame once, unaltered");
    gl_writer_seal(&worker);
    close(worker.dirfd);
    world_close(&world);
}

/* An account that failed has its segments sent again while a packet's frames
 * wait for the round: they must not be in it twice. */
static void
sent_back(void)
{
    struct gl_spool_segment *segment;
    struct world world;
    struct gl_writer worker;

    world_open(&world);
    world_worker(&world, &worker);
    world_start(&world);
    write_and_hint(&world, &worker, 5, &packets[0]);
    world_read(&world);
    write_and_hint(&world, &worker, 7, &packets[0]);
    tap_int(hint(&world, &packets[0]), 7, "a packet waits for the round");
    segment = gl_spool_next(world.spool, NULL);
    world_reset(&world);
    gl_spool_rewind(world.spool, segment);
    world_read(&world);
    tap_int(world.delivered, 12, "sent back: all is delivered again");
    tap_int(world_missing(&world) + world_doubled(&world) + world.altered, 0,
            "and nothing twice");
    gl_writer_seal(&worker);
    close(worker.dirfd);
    world_close(&world);
}

/* A new segment's frames wait until those of an outage are read: taken first,
 * they would make all of these late. */
static void
behind_a_backlog(void)
{
    const struct gl_spool_frame *frames;
    struct gl_writer old, young;
    struct world world;
    size_t n;

    world_open(&world);
    world_worker(&world, &old);
    world_worker(&world, &young);
    world_write(&world, &old, GL_SPOOL_ROUND_FRAMES + 100, 32, 100);
    world.wall_ms += 1000;
    write_and_hint(&world, &young, 5, &packets[0]);
    write_and_hint(&world, &young, 5, &packets[1]);
    world_start(&world);
    tap_int(
        gl_spool_read(world.spool, world.wall_ms, world.boot_ms, &frames, &n),
        1, "more than a round");
    gl_spool_release(world.spool);
    tap_int(hint(&world, &packets[0]), 0, "behind a backlog: a doorbell");
    world_read(&world);
    tap_int(world.delivered, 110, "the rest of the backlog and the new ones");
    write_and_hint(&world, &young, 5, &packets[2]);
    tap_int(hint(&world, &packets[2]), 5, "caught up: used again");
    gl_writer_seal(&old);
    gl_writer_seal(&young);
    close(old.dirfd);
    close(young.dirfd);
    world_close(&world);
}

/* Deliver hints with LOSS percent lost, some doubled, some swapped. */
static void
lossy(unsigned loss)
{
    const int n = PACKETS;
    struct gl_spool_stats stats;
    struct world world;
    struct gl_writer worker;
    int i;

    world_open(&world);
    world_worker(&world, &worker);
    world_start(&world);
    for (i = 0; i < n; i++) {
        write_and_hint(&world, &worker, 1 + (uint32_t) tap_below(40),
                       &packets[i]);
        if (tap_below(100) >= loss)
            hint(&world, &packets[i]);
        if (i > 0 && loss > 0 && loss < 100 && tap_below(4) == 0)
            hint(&world, &packets[tap_below((uint64_t) i)]);
        if (tap_below(5) == 0) {
            world.boot_ms += 50;
            world_read(&world);
        }
        if (tap_below(50) == 0)
            world_settle(&world);
    }
    gl_writer_seal(&worker);
    world_read(&world);
    world_settle(&world);
    gl_spool_stats(world.spool, &stats);
    tap_int(world_missing(&world) + world_doubled(&world) + world.altered, 0,
            "%u%% lost: each frame once", loss);
    tap_int(world_files(&world), 0, "%u%% lost: spool empty", loss);
    tap_ok(loss == 100 ? stats.hints_used == 0
                       : 10 * stats.hints_used > stats.hints,
           "%u%% lost: %d of %d packets used", loss, (int) stats.hints_used,
           (int) stats.hints);
    close(worker.dirfd);
    world_close(&world);
}

/* A HELLO of the worker whose incarnation begins with NAME. */
static void
say_hello(struct world *world, uint8_t name, uint64_t dev, uint64_t ino)
{
    uint8_t packet[GL_HINT_HELLO_BYTES] = {GL_HINT_HELLO, GL_HINT_PROTO};

    packet[12] = name;
    gl_put64(packet + GL_HINT_PLACE_AT, dev);
    gl_put64(packet + GL_HINT_PLACE_AT + 8, ino);
    tap_int(gl_spool_hint(world->spool, packet, sizeof packet), 0,
            "hello of %c", name);
}

static int
elsewhere(struct world *world)
{
    struct gl_spool_stats stats;

    gl_spool_stats(world->spool, &stats);
    return stats.elsewhere;
}

static void
who_writes_where(void)
{
    struct world world;
    struct stat st;

    world_open(&world);
    world_start(&world);
    stat(world.path, &st);
    say_hello(&world, 'a', st.st_dev, st.st_ino);
    tap_int(elsewhere(&world), 0, "to our directory");
    say_hello(&world, 'b', 0, 0);
    tap_int(elsewhere(&world), 0, "to none yet: not to another");
    tap_int(world.notes, 0, "no alarm so far");
    say_hello(&world, 'b', st.st_dev, st.st_ino + 1);
    say_hello(&world, 'b', st.st_dev, st.st_ino + 1);
    say_hello(&world, 'c', st.st_dev + 1, st.st_ino);
    tap_ok(elsewhere(&world) && world.notes == 1,
           "to another: an alarm, once");
    say_hello(&world, 'a', st.st_dev, st.st_ino);
    tap_int(elsewhere(&world), 1, "whatever others say");
    say_hello(&world, 'b', st.st_dev, st.st_ino);
    tap_int(elsewhere(&world), 1, "one of two is back");
    say_hello(&world, 'c', 0, 0);
    tap_int(elsewhere(&world), 0, "and the other has gone");
    say_hello(&world, 'b', st.st_dev, st.st_ino + 1);
    tap_ok(elsewhere(&world) && world.notes == 2, "again: another alarm");
    world_close(&world);
}

static void
many_strays(void)
{
    uint8_t packet[GL_HINT_HELLO_BYTES] = {GL_HINT_HELLO, GL_HINT_PROTO};
    struct world world;
    uint32_t i;
    int wrong = 0;

    world_open(&world);
    world_start(&world);
    gl_put64(packet + GL_HINT_PLACE_AT, UINT64_MAX);
    for (i = 0; i < 5000; i++) {
        gl_put32(packet + 12, i);
        wrong += gl_spool_hint(world.spool, packet, sizeof packet) != 0;
    }
    gl_put64(packet + GL_HINT_PLACE_AT, 0);
    for (i = 0; i < 5000; i++) {
        wrong += elsewhere(&world) != (i < 1024);
        gl_put32(packet + 12, i);
        wrong += gl_spool_hint(world.spool, packet, sizeof packet) != 0;
    }
    tap_int(wrong, 0, "more workers than there can be: the first are known");
    world_close(&world);
}

static void
other_packets(void)
{
    uint8_t packet[GL_HINT_PACKET_MAX + 1] = {0};
    struct world world;
    int i;

    world_open(&world);
    world_start(&world);
    packet[0] = GL_HINT_HELLO;
    packet[1] = GL_HINT_PROTO;
    tap_int(gl_spool_hint(world.spool, packet, GL_HINT_HELLO_BYTES - 1), -1,
            "a short hello is none");
    tap_int(gl_spool_hint(world.spool, packet, 3), -1, "three bytes");
    tap_int(gl_spool_hint(world.spool, packet, sizeof packet), -1, "too long");
    packet[1] = GL_HINT_PROTO + 1;
    tap_int(gl_spool_hint(world.spool, packet, 50), 0, "newer: a doorbell");
    packet[1] = GL_HINT_PROTO;
    packet[0] = 77;
    tap_int(gl_spool_hint(world.spool, packet, 50), -1, "unknown type");
    for (i = 0; i < 20000; i++) {
        size_t at, len = (size_t) tap_below(120);

        for (at = 0; at < len; at++)
            packet[at] = (uint8_t) tap_random();
        packet[0] = (uint8_t) tap_below(5);
        packet[1] = GL_HINT_PROTO;
        gl_spool_hint(world.spool, packet, len);
    }
    world_read(&world);
    tap_int(world.delivered, 0, "garbage gives no frame");
    world_close(&world);
}

int
main(void)
{
    used_or_not();
    sent_back();
    behind_a_backlog();
    lossy(0);
    lossy(50);
    lossy(100);
    who_writes_where();
    many_strays();
    other_packets();
    return tap_done();
}
