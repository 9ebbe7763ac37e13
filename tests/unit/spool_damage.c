/*
 * Promise (F13): a damaged segment crashes nothing and no altered payload is
 * ever accepted; damage to a single byte costs one frame at most; delivered +
 * reported lost + torn = written, exactly; what is damaged is kept in bad/.
 */

#include "spool/limits.h"
#include "spool_world.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRAMES 24
#define BLOCK 512

static struct world world;
static char path[512];
static uint8_t good[WORLD_SEGMENT_BYTES], damaged[WORLD_SEGMENT_BYTES];
static uint32_t starts[FRAMES + 1]; /* where frame i begins; the end */

/* One segment of FRAMES frames of many lengths. */
static void
make_segment(void)
{
    struct gl_writer worker;
    uint32_t i;

    world_open(&world);
    world_worker(&world, &worker);
    for (i = 0; i < FRAMES; i++) {
        starts[i] = i == 0 ? GL_SEGMENT_HEADER_BYTES : worker.offset;
        world_write(&world, &worker, 1, 4 + i * 7, 1);
    }
    starts[FRAMES] = worker.offset;
    world_path(&world, path, worker.current.id);
    gl_writer_seal(&worker);
    close(worker.dirfd);
    world_load(path, good, sizeof good);
    memcpy(damaged, good, sizeof good);
}

/* Read the first LEN bytes of the damaged segment; 1 = all is as promised. */
static int
survives(size_t len)
{
    int held;

    world_store(path, damaged, len);
    world_reset(&world);
    world_start(&world);
    world_read(&world);
    held = world.altered == 0 && world_doubled(&world) == 0 &&
           world_settle(&world) == 1;
    world_stop(&world);
    return held;
}

static uint32_t
frames_within(size_t len)
{
    uint32_t n = 0;

    while (n < FRAMES && starts[n + 1] <= len)
        n++;
    return n;
}

static void
truncated_anywhere(void)
{
    size_t len;
    int wrong = 0;

    for (len = 0; len <= starts[FRAMES] + 16; len++) {
        wrong += !survives(len);
        wrong += world.delivered != frames_within(len) || world.lost != 0;
        wrong += world.torn != 1; /* nobody knows what there was */
    }
    tap_int(wrong, 0, "cut at every offset: all whole frames, and said so");
}

static void
flipped_anywhere(void)
{
    uint32_t missing, most = 0;
    int wrong = 0, inexact = 0;
    size_t at;

    for (at = 0; at < starts[FRAMES] + 64; at++) {
        if (at == 256) /* nothing lies between here and the frames */
            at = GL_SEGMENT_HEADER_BYTES - 64;
        damaged[at] ^= (uint8_t) (1 + tap_below(255));
        wrong += !survives(sizeof damaged);
        damaged[at] = good[at];
        missing = world_missing(&world);
        if (missing > most)
            most = missing;
        /* a byte behind the last frame is a tail without a frame */
        if (at < starts[FRAMES])
            inexact += world.delivered + world.lost + world.torn != FRAMES;
        else
            inexact += world.delivered != FRAMES || world.lost != 0;
    }
    tap_int(wrong, 0, "each byte altered: nothing altered is accepted");
    tap_int(most, 1, "one frame is lost at most");
    tap_int(inexact, 0, "delivered + lost + torn = written, always");
}

static void
damaged_header(void)
{
    int64_t born_ms;
    struct stat st;

    memset(damaged, 0, GL_SEGMENT_HEADER_BYTES);
    world_store(path, damaged, sizeof damaged);
    world_reset(&world);
    world_start(&world);
    world_read(&world);
    born_ms = gl_spool_next(world.spool, NULL)->header.wall_ms;
    stat(path, &st);
    tap_int(world.delivered, FRAMES, "no header at all: all frames");
    tap_near((double) born_ms, (double) st.st_mtim.tv_sec * 1000, 60000,
             "the time is the file's");
    world_settle(&world);
    world_stop(&world);
    memcpy(damaged, good, sizeof good);
}

static void
counted_exactly(void)
{
    uint32_t from, to, at;
    int wrong = 0;

    for (from = 0; from < FRAMES - 1; from++) {
        for (to = from + 1; to < FRAMES; to++) {
            at = starts[from];
            memset(damaged + at, 0x5a, starts[to] - at);
            wrong += !survives(sizeof damaged);
            wrong += world.lost != to - from || world.torn != 0;
            wrong += world.delivered != FRAMES - (to - from);
            memset(damaged + at, 0, starts[to] - at);
            wrong += !survives(sizeof damaged) || world.lost != to - from;
            memcpy(damaged, good, sizeof good);
        }
    }
    tap_int(wrong, 0, "every gap is counted to the frame");
    memset(damaged + starts[3], 0x5a, 8);
    memset(damaged + starts[9], 0x5a, 8);
    damaged[starts[15] + 30]++; /* a payload */
    tap_ok(survives(sizeof damaged), "three damages");
    tap_int((int64_t) world.lost, 3, "three lost");
    memcpy(damaged, good, sizeof good);
}

/* Zero, repeat or swap whole blocks, and mix in those of another segment. */
static void
blocks(void)
{
    static uint8_t other[WORLD_SEGMENT_BYTES];
    uint8_t kept[BLOCK];
    int i, wrong = 0;

    for (i = 0; i < BLOCK * 8; i++)
        other[i] =
            good[(i + GL_SEGMENT_HEADER_BYTES) % 8192] ^ (uint8_t) (i / 7);
    for (i = 0; i < 400; i++) {
        uint8_t *one = damaged + BLOCK * (8 + tap_below(6));
        uint8_t *two = damaged + BLOCK * (8 + tap_below(6));

        memcpy(kept, one, BLOCK);
        switch (tap_below(4)) {
        case 0:
            memset(one, 0, BLOCK);
            break;
        case 1:
            memmove(one, two, BLOCK);
            break;
        case 2:
            memmove(one, two, BLOCK);
            memcpy(two, kept, BLOCK);
            break;
        default:
            memcpy(one, other + BLOCK * tap_below(8), BLOCK);
        }
        wrong += !survives(sizeof damaged);
        wrong += world.delivered + world.lost > FRAMES;
        if (tap_below(3) == 0)
            memcpy(damaged, good, sizeof good);
    }
    memcpy(damaged, good, sizeof good);
    tap_int(wrong, 0, "blocks zeroed, repeated, swapped, spliced");
}

/* A visitor who knows the format puts a frame into a payload. */
static void
planted_frame(void)
{
    static const uint8_t foreign[16] = "some other id 16";

    gl_frame_write(damaged + starts[12] + 32, foreign, 40, 14, 0, 1);
    tap_ok(survives(sizeof damaged), "a frame planted in a payload");
    tap_int(world.delivered + world.lost, FRAMES, "is not taken for one");
    memcpy(damaged, good, sizeof good);
}

static off_t
bytes_in_bad(int *copies)
{
    char folder[600];
    struct dirent *entry;
    struct stat st;
    off_t sum = 0;
    DIR *dir;

    snprintf(folder, sizeof folder, "%s/bad", world.path);
    dir = opendir(folder);
    *copies = 0;
    while ((entry = readdir(dir)) != NULL)
        if (fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
            S_ISREG(st.st_mode)) {
            sum += st.st_size;
            ++*copies;
        }
    closedir(dir);
    return sum;
}

static void
copies_kept(void)
{
    static uint8_t copy[WORLD_SEGMENT_BYTES];
    char name[600];
    int i, fd, copies;

    snprintf(name, sizeof name, "%s/bad/%s", world.path,
             strrchr(path, '/') + 1);
    unlink(name);
    damaged[starts[5]]++;
    survives(sizeof damaged);
    world_load(name, copy, sizeof copy);
    tap_mem(copy, sizeof copy, damaged, sizeof damaged,
            "bad/ holds the damaged bytes");
    unlink(name);
    for (i = 0; i < 64; i++) { /* full to the last byte, oldest first */
        struct timespec times[2] = {{1000 + i, 0}, {1000 + i, 0}};

        snprintf(name, sizeof name, "%s/bad/%032x.seg", world.path,
                 (unsigned) i);
        fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd == -1 || ftruncate(fd, GL_SPOOL_BAD_BYTES / 64) == -1 ||
            futimens(fd, times) == -1)
            tap_bail("%s: %s", name, strerror(errno));
        close(fd);
    }
    survives(sizeof damaged);
    tap_ok(bytes_in_bad(&copies) <= GL_SPOOL_BAD_BYTES, "bad/ stays in size");
    tap_int(copies, 64, "by one copy removed for one added");
    snprintf(name, sizeof name, "%s/bad/%032x.seg", world.path, 0U);
    tap_int(access(name, F_OK), -1, "the oldest");
    memcpy(damaged, good, sizeof good);
}

int
main(void)
{
    make_segment();
    truncated_anywhere();
    flipped_anywhere();
    damaged_header();
    counted_exactly();
    blocks();
    planted_frame();
    copies_kept();
    world_close(&world);
    return tap_done();
}
