/*
 * Promise: the reader reads the formats it knows, its own and the one before,
 * side by side and damaged too; a segment of any other it neither reads nor
 * touches, and says so.
 *
 * Segments are composed here byte by byte, as schema/segment.h draws them, and
 * not by the writer: so each format is tested by what does not write it.  Runs
 * in the ordinary build and in the one of the next format.
 */

#include "crc32c.h"
#include "hint.h"
#include "little_endian.h"
#include "spool/limits.h"
#include "spool/stats.h"
#include "spool_world.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRAMES 6
#define LEN 40
#define STEP_MS 250 /* from frame to frame */
#define OTHER (GL_SEGMENT_MAJOR + 1)

static uint8_t bytes[WORLD_SEGMENT_BYTES], stored[WORLD_SEGMENT_BYTES];
static struct world world;
static uint8_t id[GL_SEGMENT_ID_BYTES];
static char path[512];

/* Both formats, and one of the future that looks like the second. */
static size_t
put_frame(uint8_t *at, uint16_t major, uint32_t index, uint32_t number)
{
    const uint32_t head = major == 1 ? 24 : 32;

    world_spell(at + head, LEN, number);
    gl_put32(at + 4, LEN);
    gl_put32(at + 8, index);
    gl_put16(at + 16, GL_FRAME_EVENT);
    if (major == 1)
        gl_put32(at + 12, index * STEP_MS);
    else
        gl_put64(at + 24, index * STEP_MS * UINT64_C(1000) + 999);
    gl_put32(at + (major == 1 ? 20 : 12), gl_crc32c(0, at + head, LEN));
    gl_put32(at, gl_crc32c(gl_crc32c(0, id, sizeof id), at + 4, head - 4));
    return head + LEN;
}

/* A segment with FRAMES new frames of FORMAT, whose header says MAJOR, into
 * bytes; where its frames end. */
static size_t
compose(uint16_t format, uint16_t major, uint16_t minor)
{
    struct gl_segment_header header = {.major = major,
                                       .minor = minor,
                                       .wall_ms = world.wall_ms,
                                       .segment_bytes = sizeof bytes};
    size_t end = GL_SEGMENT_HEADER_BYTES;

    id[0]++;
    memcpy(header.id, id, sizeof id);
    memset(bytes, 0, sizeof bytes);
    gl_segment_header_write(bytes, &header);
    for (uint32_t i = 1; i <= FRAMES; i++)
        end += put_frame(bytes + end, format, i, ++world.written);
    world_path(&world, path, id);
    return end;
}

static void
store(void)
{
    world_store(path, bytes, sizeof bytes);
}

static void
nothing_left(const char *what)
{
    world_settle(&world);
    tap_int(world_files(&world), 0, "%s: removed when settled", what);
    tap_int(world_missing(&world) + world_doubled(&world) + world.altered, 0,
            "%s: each frame once, unaltered", what);
}

static void
times(uint16_t major)
{
    const struct gl_spool_frame *frames;
    int wrong = 0;
    size_t n;

    compose(major, major, 0);
    store();
    world_start(&world);
    gl_spool_read(world.spool, world.wall_ms, world.boot_ms, &frames, &n);
    tap_int((int64_t) n, FRAMES, "format %u: all frames", major);
    for (size_t i = 0; i < n; i++)
        wrong += frames[i].at_ms !=
                 world.wall_ms + (int64_t) (frames[i].index * STEP_MS);
    tap_int(wrong, 0, "format %u: at their times", major);
    gl_spool_release(world.spool);
    world_settle(&world);
    world_stop(&world);
}

static void
known(void)
{
    struct gl_writer worker;

    world_open(&world);
    for (uint16_t major = 1; major <= GL_SEGMENT_MAJOR; major++)
        times(major);
    world.written = 0;
    world_worker(&world, &worker);
    world_write(&world, &worker, 20, 100, 4);
    for (uint16_t major = 1; major <= GL_SEGMENT_MAJOR; major++) {
        compose(major, major, 9);
        store();
    }
    world_start(&world);
    world_read(&world);
    tap_int(world.delivered, 20 + FRAMES * GL_SEGMENT_MAJOR,
            "side by side, of an unknown minor: all read");
    gl_writer_seal(&worker);
    world_read(&world);
    nothing_left("side by side");
    close(worker.dirfd);
    world_close(&world);
}

/* What lies under path is as it was composed. */
static void
untouched(const char *what)
{
    struct stat st;

    tap_int(world_settle(&world), 0, "%s: not removed", what);
    world_load(path, stored, sizeof stored);
    tap_mem(stored, sizeof stored, bytes, sizeof bytes, "%s: as it was", what);
    snprintf((char *) stored, sizeof stored, "%s/bad/%s", world.path,
             strrchr(path, '/') + 1);
    tap_int(stat((char *) stored, &st), -1, "%s: no copy in bad/", what);
}

static void
expect_held(uint64_t files, uint32_t major, const char *sentence,
            const char *what)
{
    struct gl_spool_stats stats;

    world.notes = 0;
    world_start(&world);
    world_read(&world);
    world_read(&world);
    gl_spool_stats(world.spool, &stats);
    tap_int((int64_t) stats.newer, (int64_t) files, "%s: held", what);
    tap_int(stats.newer_major, major, "%s: its format is told", what);
    tap_ok(strstr(world.note, sentence) != NULL, "%s: alarm: %s", what,
           world.note);
    tap_ok(gl_spool_is_unread(world.spool, id), "%s: asked by id", what);
    tap_int(world.delivered, 0, "%s: no frame", what);
    untouched(what);
}

static void
doorbell_only(void)
{
    uint8_t packet[GL_HINT_EVENTS_HEADER_BYTES + 72] = {GL_HINT_EVENTS,
                                                        GL_HINT_PROTO};

    gl_put32(packet + 4, 1);
    gl_put32(packet + 8, GL_SEGMENT_HEADER_BYTES);
    gl_put32(packet + 12, 1);
    memcpy(packet + 16, id, sizeof id);
    memcpy(packet + GL_HINT_EVENTS_HEADER_BYTES,
           bytes + GL_SEGMENT_HEADER_BYTES, 72);
    tap_int(gl_spool_hint(world.spool, packet, sizeof packet), 0,
            "a packet of its frames is a doorbell");
    /* even with a frame that could be read here */
    put_frame(packet + GL_HINT_EVENTS_HEADER_BYTES, GL_SEGMENT_MAJOR, 1, 1);
    tap_int(gl_spool_hint(world.spool, packet, sizeof packet), 0,
            "whatever is in it");
    world_read(&world);
    tap_int(world.delivered, 0, "and gives no frame");
}

static void
held(void)
{
    world_open(&world);
    compose(OTHER, OTHER, 0);
    store();
    compose(OTHER, OTHER + 1, 0);
    store();
    expect_held(2, OTHER + 1, "newer than aggregator", "newer");
    tap_ok(world.notes <= 2, "newer: one alarm a format");
    doorbell_only();
    compose(OTHER, OTHER, 0);
    store();
    world.notes = 0;
    world.boot_ms += GL_SPOOL_LIST_MS;
    world_read(&world);
    tap_int(world.notes, 0, "one more of a format told of: no alarm");
    world_close(&world);

    world_open(&world);
    compose(1, 0, 0);
    store();
    expect_held(1, 0, "too old for aggregator", "of format 0");
    world_close(&world);
}

static void
held_damaged(void)
{
    world_open(&world);
    compose(OTHER, OTHER, 0);
    bytes[GL_SEGMENT_HEADER_CRC_AT]++;
    /* frames of the future look like nothing known */
    for (size_t at = GL_SEGMENT_HEADER_BYTES; at < sizeof bytes; at++)
        bytes[at] ^= 0x55;
    store();
    expect_held(1, OTHER, "newer than aggregator", "newer, header damaged");
    world_close(&world);
}

/* The header says one format, the frames are of another. */
static void
not_by_accident(void)
{
    world_open(&world);
    compose(GL_SEGMENT_MAJOR == 1 ? 2 : 1, GL_SEGMENT_MAJOR, 0);
    store();
    world_start(&world);
    world_read(&world);
    tap_int(world.delivered, 0, "frames of another format are none");
    tap_int(world.torn, 1, "but a tail");
    world_close(&world);
}

static void
temporary(void)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {0}};
    char temp[512];
    int fd;

    world_open(&world);
    times[1].tv_sec = world.wall_ms / 1000 - 3600;
    for (uint16_t major = GL_SEGMENT_MAJOR; major <= OTHER; major++) {
        compose(major, major, 0);
        snprintf(temp, sizeof temp, "%s/t-%032x", world.path, major);
        world_store(temp, bytes, sizeof bytes);
        fd = open(temp, O_RDONLY | O_CLOEXEC);
        if (fd == -1 || futimens(fd, times) == -1)
            tap_bail("%s: %s", temp, strerror(errno));
        close(fd);
    }
    world_start(&world);
    world_read(&world);
    snprintf(temp, sizeof temp, "%s/t-%032x", world.path, GL_SEGMENT_MAJOR);
    tap_int(access(temp, F_OK), -1, "an old temporary file of ours goes");
    snprintf(temp, sizeof temp, "%s/t-%032x", world.path, OTHER);
    tap_int(access(temp, F_OK), 0, "one of another format stays");
    world_close(&world);
}

/* Read the altered bytes; 1 = no frame altered or doubled, and it ends. */
static int
survives(void)
{
    int well;

    store();
    world_reset(&world);
    world_start(&world);
    world_read(&world);
    well = world.altered == 0 && world_doubled(&world) == 0 &&
           world_settle(&world) == 1;
    world_stop(&world);
    return well;
}

static void
damaged(uint16_t major)
{
    size_t at, end;
    int wrong = 0, inexact = 0;

    world_open(&world);
    end = compose(major, major, 0);
    for (at = GL_SEGMENT_HEADER_BYTES; at < end; at++) {
        uint8_t good = bytes[at];

        bytes[at] ^= (uint8_t) (1 + tap_below(255));
        wrong += !survives();
        inexact += world.delivered + world.lost + world.torn != FRAMES ||
                   world_missing(&world) > 1;
        bytes[at] = good;
    }
    tap_int(wrong, 0, "format %u: nothing altered is accepted", major);
    tap_int(inexact, 0, "format %u: one byte, one frame", major);
    bytes[GL_SEGMENT_HEADER_BYTES + 2]++; /* the first frame */
    bytes[GL_SEGMENT_HEADER_CRC_AT]++;
    tap_ok(survives(), "format %u: header damaged as well", major);
    tap_int(world.delivered, FRAMES - 1, "format %u: the other frames", major);
    tap_int((int64_t) world.lost, 1, "format %u: one lost", major);
    world_close(&world);
}

/* No header at all, while the writer lives and after. */
static void
headless(uint16_t major)
{
    int fd;

    world_open(&world);
    compose(major, major, 0);
    memset(bytes, 0, GL_SEGMENT_HEADER_BYTES);
    store();
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1 || flock(fd, LOCK_EX | LOCK_NB) == -1)
        tap_bail("%s: %s", path, strerror(errno));
    world_start(&world);
    world_read(&world);
    tap_int(world_segments(&world), 1, "format %u: no header: read", major);
    close(fd);
    world_read(&world);
    tap_int(world.delivered, FRAMES, "format %u: all frames", major);
    nothing_left("no header");
    world_close(&world);
}

int
main(void)
{
    known();
    held();
    held_damaged();
    not_by_accident();
    temporary();
    for (uint16_t major = 1; major <= GL_SEGMENT_MAJOR; major++) {
        damaged(major);
        headless(major);
    }
    return tap_done();
}
