/*
 * corrupt CASES SEED: one sealed segment of 64 KiB, made by the worker's own
 * writer out of encoded events, is damaged in every way one at a time and
 * read by the aggregator's own reader, which must deliver what is whole and
 * say what is not.  f13_corruption.t runs it; it is built with sanitizers.
 *
 *   flip   each byte of the file, to another value
 *   cut    the file at each offset
 *   block  each block of 512 or 4096 bytes zeroed, repeated or swapped
 *   splice with another segment of the same worker
 *
 * CASES of 65,536 flips and cuts are done, and the same part of the others,
 * spread evenly, beginning anywhere.  Prints "KIND CASES" a kind and a
 * sentence a violation.  Single thread.
 */

#include "event.h"
#include "spool/stats.h"
#include "spool_world.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEGMENT_BYTES GL_SEGMENT_BYTES_MIN
#define FRAMES_MAX 1024 /* more than 64 KiB hold */
#define SPLICES 10000
#define SHOWN_MAX 20 /* sentences a run */

struct original {
    uint8_t payload[GL_FRAME_PAYLOAD_MAX];
    uint32_t len;
    uint32_t end; /* offset behind the frame */
    int seen;
};

/* What the reader made of one damaged file. */
struct outcome {
    uint32_t delivered, doubled, altered, last;
    uint64_t lost, refused;
    int torn;
};

static struct world world;
static struct original originals[FRAMES_MAX + 1]; /* by index, 1 .. total */
static uint32_t total;
static uint8_t good[SEGMENT_BYTES], other[SEGMENT_BYTES];
static uint8_t damaged[SEGMENT_BYTES];
static char path[512];
static int violations;

/* ---- two segments ---- */

static uint32_t
encode(uint8_t *payload)
{
    char name[64], agent[512];
    struct gl_event event = {.schema = GL_EVENT_SCHEMA,
                             .kind = GL_PAGEVIEW,
                             .visitor = tap_random() & GL_VISITOR_MASK,
                             .site = {"a.example", 9},
                             .host = {"a.example", 9}};

    event.path.data = name;
    event.path.len = (uint32_t) snprintf(name, sizeof name, "/n/%llx",
                                         (unsigned long long) tap_random());
    memset(agent, (int) ('a' + tap_below(26)), sizeof agent);
    event.agent.data = agent;
    event.agent.len = (uint32_t) tap_below(sizeof agent);
    return (uint32_t) gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX);
}

static void
write_segment(uint8_t *bytes, int remember)
{
    static uint8_t frame[GL_FRAME_MAX] __attribute__((aligned(8)));
    struct gl_writer worker;
    uint32_t len, written, index;

    world_worker(&world, &worker);
    do {
        if (gl_writer_ready(&worker, GL_FRAME_MAX, world.wall_ms,
                            world.boot_ms) != GL_WRITER_OK)
            tap_bail("no segment: %s", worker.error_call);
        len = encode(frame + GL_FRAME_HEADER_BYTES);
        gl_writer_frame(&worker, frame, len, world.boot_ms, GL_FRAME_EVENT);
        index = worker.index;
        if (remember) {
            struct original *one = &originals[index];

            memcpy(one->payload, frame + GL_FRAME_HEADER_BYTES, len);
            one->len = len;
            total = index;
        }
        if (gl_writer_append(&worker, frame, &written) == -1)
            tap_bail("cannot append");
        if (remember)
            originals[total].end = worker.offset;
    } while (gl_writer_room(&worker) >= GL_FRAME_MAX);
    world_path(&world, path, worker.current.id);
    gl_writer_seal(&worker);
    close(worker.dirfd);
    if (world_load(path, bytes, SEGMENT_BYTES) != SEGMENT_BYTES)
        tap_bail("%s is not of its size", path);
    unlink(path);
}

/* ---- one case ---- */

static void
check_frame(struct outcome *out, const struct gl_spool_frame *frame)
{
    struct original *one = &originals[frame->index];

    out->delivered++;
    out->last = frame->index;
    if (frame->index == 0 || frame->index > total ||
        frame->type != GL_FRAME_EVENT || frame->payload_len != one->len ||
        memcmp(frame->payload, one->payload, one->len) != 0)
        out->altered++;
    else
        out->doubled += one->seen++ > 0;
}

static void
read_all(struct outcome *out)
{
    const struct gl_spool_segment *segment = NULL;
    const struct gl_spool_frame *frames;
    struct gl_spool_stats stats;
    size_t n, i;
    int more;

    gl_spool_ring(world.spool);
    do {
        more = gl_spool_read(world.spool, world.wall_ms, world.boot_ms,
                             &frames, &n);
        for (i = 0; i < n; i++)
            check_frame(out, &frames[i]);
        gl_spool_release(world.spool);
    } while (more);
    while ((segment = gl_spool_next(world.spool, segment)) != NULL) {
        out->lost += segment->lost;
        out->torn |= segment->torn;
    }
    gl_spool_stats(world.spool, &stats);
    out->refused = stats.refused;
}

/* What the reader refuses is the operator's to remove. */
static void
clear_spool(void)
{
    const struct gl_spool_frame *frames;
    size_t n;

    world_settle(&world);
    if (unlink(path) == -1)
        return;
    gl_spool_ring(world.spool);
    gl_spool_read(world.spool, world.wall_ms, world.boot_ms, &frames, &n);
    gl_spool_release(world.spool);
}

static void
violated(const char *kind, size_t a, size_t b, const struct outcome *out,
         const char *what)
{
    if (++violations <= SHOWN_MAX)
        printf("%s at %zu %zu: %s (%u delivered, %llu lost, %d torn of %u)\n",
               kind, a, b, what, out->delivered,
               (unsigned long long) out->lost, out->torn, total);
}

/* Nothing but zeros behind the last frame delivered: the way a segment ends
 * whose writer stopped there, so nobody can tell that there was more. */
static int
ends_in_zeros(const struct outcome *out)
{
    size_t at =
        out->last == 0 ? GL_SEGMENT_HEADER_BYTES : originals[out->last].end;

    while (at < SEGMENT_BYTES && damaged[at] == 0)
        at++;
    return at == SEGMENT_BYTES;
}

/* Read the first LEN bytes of what is in DAMAGED and check what holds for any
 * damage; A and B name the case. */
static struct outcome
survive(const char *kind, size_t a, size_t b, size_t len)
{
    struct outcome out = {0};
    uint32_t i;

    for (i = 1; i <= total; i++)
        originals[i].seen = 0;
    world_store(path, damaged, len);
    read_all(&out);
    clear_spool();
    if (out.altered > 0)
        violated(kind, a, b, &out, "an altered payload was accepted");
    if (out.doubled > 0)
        violated(kind, a, b, &out, "a frame was delivered twice");
    if (out.delivered + out.lost > total)
        violated(kind, a, b, &out, "more is told than there was");
    if (out.delivered + out.lost < total && !out.torn && !out.refused &&
        (len < SEGMENT_BYTES || !ends_in_zeros(&out)))
        violated(kind, a, b, &out, "something is missing and nobody says so");
    if (world_segments(&world) != 0 || access(path, F_OK) == 0)
        tap_bail("the spool is not empty");
    return out;
}

/* ---- the kinds ---- */

static void
flip(size_t at)
{
    struct outcome out;

    damaged[at] ^= (uint8_t) (1 + tap_below(255));
    out = survive("flip", at, 0, SEGMENT_BYTES);
    damaged[at] = good[at];
    if (out.delivered + 1 < total)
        violated("flip", at, 0, &out, "more than one frame was lost");
    if (at < GL_SEGMENT_HEADER_BYTES || at >= originals[total].end) {
        if (out.delivered != total)
            violated("flip", at, 0, &out, "no frame lies there");
    } else if (out.delivered + out.lost + (out.torn != 0) != total) {
        violated("flip", at, 0, &out, "it is not counted exactly");
    }
}

static void
cut(size_t at)
{
    struct outcome out = survive("cut", at, 0, at);
    uint32_t whole = 0;

    while (whole < total && originals[whole + 1].end <= at)
        whole++;
    if (out.delivered != whole || out.lost != 0)
        violated("cut", at, 0, &out, "not what is whole");
}

/* Number N of all zeroings, repetitions and swaps of blocks of SIZE bytes. */
static void
block(size_t size, size_t n)
{
    size_t blocks = SEGMENT_BYTES / size, a = n / blocks, b = n % blocks;
    uint8_t *to = damaged + a * size, kept[4096];

    if (a == b) {
        memset(to, 0, size);
    } else {
        memcpy(kept, to, size);
        memcpy(to, good + b * size, size);
        if (a < b && tap_below(2) == 1) /* each pair comes twice */
            memcpy(damaged + b * size, kept, size);
    }
    survive(size == 512 ? "block of 512" : "block of 4096", a, b,
            SEGMENT_BYTES);
    memcpy(damaged, good, sizeof damaged);
}

static void
splice(void)
{
    size_t from = tap_below(SEGMENT_BYTES), to = tap_below(SEGMENT_BYTES);
    size_t room = SEGMENT_BYTES - (from > to ? from : to);
    size_t len = 1 + tap_below(room);

    if (tap_below(2) == 1) { /* the frames of both begin at multiples of 8 */
        from &= ~(size_t) 7;
        to &= ~(size_t) 7;
    }
    if (tap_below(2) == 1)
        from = to; /* a block of one file written into the other */
    memcpy(damaged + to, other + from, len);
    survive("splice", from, to, SEGMENT_BYTES);
    memcpy(damaged, good, sizeof damaged);
}

/* Every STEP-th number below N, the first of them anyhow. */
static void
blocks(size_t size, size_t step)
{
    size_t all = (SEGMENT_BYTES / size) * (SEGMENT_BYTES / size), n, done = 0;

    for (n = tap_below(step); n < all; n += step, done++)
        block(size, n);
    printf("block of %zu %zu\n", size, done);
}

static void
bytes(const char *kind, void (*damage)(size_t at), size_t step)
{
    size_t at, done = 0;

    for (at = tap_below(step); at < SEGMENT_BYTES; at += step, done++)
        damage(at);
    printf("%s %zu\n", kind, done);
}

int
main(int argc, char **argv)
{
    size_t cases = argc == 3 ? strtoul(argv[1], NULL, 10) : 0, step, n;

    if (cases == 0 || cases > SEGMENT_BYTES)
        tap_bail("corrupt CASES SEED, at most %d cases", SEGMENT_BYTES);
    setenv("TAP_SEED", argv[2], 1);
    step = SEGMENT_BYTES / cases;
    world_open(&world);
    write_segment(other, 0);
    write_segment(good, 1);
    memcpy(damaged, good, sizeof damaged);
    world_start(&world);
    bytes("flip", flip, step);
    bytes("cut", cut, step);
    blocks(512, step);
    blocks(4096, step);
    for (n = 0; n < SPLICES / step; n++)
        splice();
    printf("splice %zu\n", n);
    world_close(&world);
    return violations > 0;
}
