#include "spool_world.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint8_t buffer[64 * 1024] __attribute__((aligned(8)));

static void
note(void *arg, const char *sentence)
{
    struct world *world = arg;

    snprintf(world->note, sizeof world->note, "%s", sentence);
    world->notes++;
}

void
world_open(struct world *world)
{
    memset(world, 0, sizeof *world);
    world->path = tap_dir();
    world->wall_ms = 1800000000000;
    world->boot_ms = 100000;
    world->seen = calloc(WORLD_FRAMES_MAX, 1);
    if (world->seen == NULL)
        tap_bail("out of memory");
}

void
world_close(struct world *world)
{
    if (world->spool != NULL)
        world_stop(world);
    free(world->seen);
}

void
world_worker(struct world *world, struct gl_writer *worker)
{
    static uint8_t incarnation[16];
    int dirfd = open(world->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dirfd == -1)
        tap_bail("%s: %s", world->path, strerror(errno));
    incarnation[0]++;
    gl_writer_init(worker, dirfd, incarnation, incarnation, 1, 0,
                   WORLD_SEGMENT_BYTES, 100000);
}

void
world_spell(uint8_t *payload, uint32_t len, uint32_t number)
{
    uint32_t i;

    for (i = 0; i < len; i++)
        payload[i] = (uint8_t) (number >> 8 * (i % 4)) ^ (uint8_t) (i / 4);
}

void
world_write(struct world *world, struct gl_writer *worker, uint32_t n,
            uint32_t len, uint32_t group)
{
    uint32_t i, written;

    for (i = 0; i < n; i++) {
        uint8_t *at = buffer + worker->pending_bytes;

        if (gl_writer_room(worker) < GL_FRAME_MAX)
            gl_writer_append(worker, buffer, &written), at = buffer;
        if (gl_writer_ready(worker, GL_FRAME_MAX, world->wall_ms,
                            world->boot_ms) != GL_WRITER_OK)
            tap_bail("no segment: %s", worker->error_call);
        world_spell(at + GL_FRAME_HEADER_BYTES, len, ++world->written);
        gl_writer_frame(worker, at, len, world->boot_ms, GL_FRAME_EVENT);
        if (worker->pending_n >= group)
            gl_writer_append(worker, buffer, &written);
    }
    gl_writer_append(worker, buffer, &written);
}

void
world_start(struct world *world)
{
    const uid_t uids[] = {getuid()};
    struct gl_spool_options options = {.path = world->path,
                                       .uids = uids,
                                       .uids_n = 1,
                                       .note = note,
                                       .arg = world,
                                       .calls = world->calls};
    char why[256];
    int busy;

    world->spool = gl_spool_open(&options, why, sizeof why, &busy);
    if (world->spool == NULL)
        tap_bail("%s", why);
}

void
world_stop(struct world *world)
{
    gl_spool_close(world->spool);
    world->spool = NULL;
}

static void
check_frame(struct world *world, const struct gl_spool_frame *frame)
{
    uint8_t wanted[GL_FRAME_PAYLOAD_MAX];
    uint32_t number;

    world->delivered++;
    if (frame->payload_len < 4) {
        world->altered++;
        return;
    }
    number = frame->payload[0] | (uint32_t) frame->payload[1] << 8 |
             (uint32_t) frame->payload[2] << 16 |
             (uint32_t) frame->payload[3] << 24;
    world_spell(wanted, frame->payload_len, number);
    if (number == 0 || number > world->written ||
        memcmp(wanted, frame->payload, frame->payload_len) != 0)
        world->altered++;
    else
        world->seen[number]++;
}

void
world_read(struct world *world)
{
    const struct gl_spool_segment *segment = NULL;
    const struct gl_spool_frame *frames;
    size_t n, i;
    int more;

    do {
        more = gl_spool_read(world->spool, world->wall_ms, world->boot_ms,
                             &frames, &n);
        for (i = 0; i < n; i++) {
            check_frame(world, &frames[i]);
            world->disordered +=
                i > 0 && frames[i].at_ms < frames[i - 1].at_ms;
        }
        gl_spool_release(world->spool);
    } while (more);
    world->lost = 0;
    world->torn = 0;
    while ((segment = gl_spool_next(world->spool, segment)) != NULL) {
        world->lost += segment->lost;
        world->torn += segment->torn != 0;
    }
}

int
world_settle(struct world *world)
{
    struct gl_spool_segment *segment, *next;
    int removed = 0;

    for (segment = gl_spool_next(world->spool, NULL); segment != NULL;
         segment = next) {
        next = gl_spool_next(world->spool, segment);
        gl_spool_settle(segment, segment->delivered);
        if (segment->complete)
            removed += gl_spool_remove(world->spool, segment) == 0;
    }
    return removed;
}

int
world_segments(struct world *world)
{
    const struct gl_spool_segment *segment = NULL;
    int n = 0;

    while ((segment = gl_spool_next(world->spool, segment)) != NULL)
        n++;
    return n;
}

int
world_files(const struct world *world)
{
    DIR *dir = opendir(world->path);
    struct dirent *entry;
    int n = 0;

    while ((entry = readdir(dir)) != NULL)
        n += strstr(entry->d_name, GL_SEGMENT_SUFFIX) != NULL;
    closedir(dir);
    return n;
}

void
world_reset(struct world *world)
{
    memset(world->seen, 0, (size_t) world->written + 1);
    world->delivered = 0;
    world->altered = 0;
    world->disordered = 0;
}

uint32_t
world_missing(const struct world *world)
{
    uint32_t i, n = 0;

    for (i = 1; i <= world->written; i++)
        n += world->seen[i] == 0;
    return n;
}

uint32_t
world_doubled(const struct world *world)
{
    uint32_t i, n = 0;

    for (i = 1; i <= world->written; i++)
        n += world->seen[i] > 1;
    return n;
}

void
world_path(const struct world *world, char path[512], const uint8_t *id)
{
    char name[GL_SEGMENT_NAME_MAX];

    gl_segment_name(name, id);
    snprintf(path, 512, "%s/%s", world->path, name);
}

size_t
world_load(const char *path, uint8_t *bytes, size_t cap)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd == -1 ? -1 : read(fd, bytes, cap);

    if (n == -1)
        tap_bail("%s: %s", path, strerror(errno));
    close(fd);
    return (size_t) n;
}

void
world_store(const char *path, const uint8_t *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

    if (fd == -1 || write(fd, bytes, len) != (ssize_t) len)
        tap_bail("%s: %s", path, strerror(errno));
    close(fd);
}
