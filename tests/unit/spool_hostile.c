/*
 * Promise: whatever else lies in the spool directory, put there by anybody who
 * may write to it, is left alone or refused with a sentence: no crash, no
 * hang, no link followed.
 */

#include "spool/stats.h"
#include "spool_world.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME "0123456789abcdef0123456789abcdef.seg"

static const uint8_t name_id[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab,
                                    0xcd, 0xef, 0x01, 0x23, 0x45, 0x67,
                                    0x89, 0xab, 0xcd, 0xef};
static uint8_t bytes[WORLD_SEGMENT_BYTES];

static void
one_reader(void)
{
    struct gl_spool_options options = {.uids_n = 0};
    struct world world;
    char why[256];
    int busy = 0;

    world_open(&world);
    world_start(&world);
    options.path = world.path;
    options.uids = (uid_t[]){0};
    tap_ok(gl_spool_open(&options, why, sizeof why, &busy) == NULL,
           "a second reader is refused");
    tap_int(busy, 1, "as busy");
    options.path = "/nonexistent/spool";
    tap_ok(gl_spool_open(&options, why, sizeof why, &busy) == NULL,
           "no directory, no reader");
    tap_int(busy, 0, "that is not busy");
    tap_str(why, "spool /nonexistent/spool: No such file or directory",
            "sentence");
    world_close(&world);
}

static int
temporary(const struct world *world, const char *name, int64_t age_s)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {0}};
    char path[512];
    int fd;

    snprintf(path, sizeof path, "%s/%s", world->path, name);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    times[1].tv_sec = world->wall_ms / 1000 - age_s;
    if (fd == -1 || futimens(fd, times) == -1)
        tap_bail("%s: %s", path, strerror(errno));
    return fd;
}

static int
exists(const struct world *world, const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", world->path, name);
    return access(path, F_OK) == 0;
}

static void
debris(void)
{
    struct world world;
    int locked, half;

    world_open(&world);
    close(temporary(&world, "t-0000000000000000000000000000000a", 61));
    close(temporary(&world, "t-0000000000000000000000000000000b", 59));
    locked = temporary(&world, "t-0000000000000000000000000000000c", 3600);
    half = temporary(&world, "t-0000000000000000000000000000000d", 0);
    if (write(half, GL_SEGMENT_MAGIC, 8) != 8)
        tap_bail("%s", strerror(errno));
    close(half);
    close(temporary(&world, "t-0000000000000000000000000000000d", 61));
    flock(locked, LOCK_EX);
    world_start(&world);
    world_read(&world);
    tap_ok(!exists(&world, "t-0000000000000000000000000000000a"),
           "old and unlocked: removed");
    tap_ok(!exists(&world, "t-0000000000000000000000000000000d"),
           "half a header in it: of no unknown format, removed");
    tap_ok(exists(&world, "t-0000000000000000000000000000000b"),
           "young: kept");
    tap_ok(exists(&world, "t-0000000000000000000000000000000c"),
           "locked: kept");
    close(locked);
    world_close(&world);
}

static void
in_spool(const struct world *world, char path[512], const char *name)
{
    snprintf(path, 512, "%s/%s", world->path, name);
}

/* Read with whatever lies under NAME, expect it refused; remove it. */
static void
expect_refused(struct world *world, const char *what)
{
    struct gl_spool_stats stats;
    char path[512];

    in_spool(world, path, NAME);
    world->notes = 0;
    world_start(world);
    world_read(world);
    world_read(world);
    gl_spool_stats(world->spool, &stats);
    tap_int((int64_t) stats.refused, 1, "%s: refused", what);
    tap_int(world->notes, 1, "%s: said once: %s", what, world->note);
    tap_int(world_settle(world), 0, "%s: left alone", what);
    world_stop(world);
    if (unlink(path) == -1 && rmdir(path) == -1)
        tap_bail("%s: %s", path, strerror(errno));
}

static void
a_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", path);
    if (bind(fd, (struct sockaddr *) &address, sizeof address) == -1)
        tap_bail("bind: %s", strerror(errno));
    close(fd);
}

static void
no_segments(void)
{
    char path[512], target[512];
    struct world world;

    world_open(&world);
    in_spool(&world, path, NAME);
    if (mkfifo(path, 0640) == -1)
        tap_bail("mkfifo: %s", strerror(errno));
    expect_refused(&world, "fifo");
    in_spool(&world, target, "target");
    world_store(target, bytes, sizeof bytes);
    if (symlink(target, path) == -1)
        tap_bail("symlink: %s", strerror(errno));
    expect_refused(&world, "symbolic link");
    mkdir(path, 0750);
    expect_refused(&world, "directory");
    a_socket(path);
    expect_refused(&world, "socket");
    world_store(path, bytes, 10);
    if (truncate(path, (off_t) 1 << 40) == -1)
        tap_bail("truncate: %s", strerror(errno));
    expect_refused(&world, "sparse file of 1 TiB");
    if (geteuid() == 0) {
        world_store(path, bytes, sizeof bytes);
        if (chown(path, 12345, (gid_t) -1) == -1)
            tap_bail("chown: %s", strerror(errno));
        expect_refused(&world, "somebody else's file");
    } else {
        tap_skip("somebody else's file: needs root");
    }
    world_close(&world);
}

/* A segment of one good frame under NAME. */
static void
make_segment(void)
{
    struct gl_segment_header header = {.major = GL_SEGMENT_MAJOR,
                                       .wall_ms = 1,
                                       .segment_bytes = sizeof bytes};

    memset(bytes, 0, sizeof bytes);
    memcpy(header.id, name_id, sizeof name_id);
    gl_segment_header_write(bytes, &header);
    gl_frame_write(bytes + GL_SEGMENT_HEADER_BYTES, name_id, 40, 1, 0, 1);
}

static void
names(void)
{
    struct gl_spool_stats stats;
    struct world world;
    char path[512];

    world_open(&world);
    make_segment();
    in_spool(&world, path, NAME);
    world_store(path, bytes, sizeof bytes);
    in_spool(&world, path, "1123456789abcdef0123456789abcdef.seg");
    world_store(path, bytes, sizeof bytes);
    in_spool(&world, path, "copy.seg");
    world_store(path, bytes, sizeof bytes);
    in_spool(&world, path, "0123456789ABCDEF0123456789abcdef.seg");
    world_store(path, bytes, sizeof bytes);
    in_spool(&world, path, "0123456789abcdef0123456789abcdef.seg.bak");
    world_store(path, bytes, sizeof bytes);
    world_start(&world);
    world_read(&world);
    gl_spool_stats(world.spool, &stats);
    tap_int(world.delivered, 1, "copies under other names are not applied");
    tap_int((int64_t) stats.refused, 3, "but refused");
    world_close(&world);
}

/* A valid frame of a far index must not make the reader count a far gap. */
static void
forged_index(void)
{
    struct world world;
    char path[512];

    world_open(&world);
    make_segment();
    gl_frame_write(bytes + GL_SEGMENT_HEADER_BYTES + GL_FRAME_BYTES(40),
                   name_id, 40, UINT32_MAX - 1, 0, 1);
    in_spool(&world, path, NAME);
    world_store(path, bytes, sizeof bytes);
    world_start(&world);
    world_read(&world);
    tap_int(world.delivered, 1, "the first frame is read");
    tap_int((int64_t) world.lost, 0, "no gap of billions");
    tap_int(world.torn, 1, "the rest is a tail");
    world_close(&world);
}

static void
replaced_while_read(void)
{
    struct gl_writer worker;
    struct world world;
    char path[512];
    uint8_t id[16];

    world_open(&world);
    world_worker(&world, &worker);
    world_write(&world, &worker, 20, 100, 4);
    memcpy(id, worker.current.id, sizeof id);
    world_start(&world);
    world_read(&world);
    world_path(&world, path, id);
    if (truncate(path, 5000) == -1)
        tap_bail("truncate: %s", strerror(errno));
    gl_writer_seal(&worker);
    world_read(&world);
    tap_int(world.delivered, 20, "shrinking after it was read does no harm");
    unlink(path);
    world_store(path, bytes, sizeof bytes);
    tap_int(world_settle(&world), 1, "the segment read is forgotten");
    tap_int(access(path, F_OK), -1,
            "with what took its name: its frames would count twice");
    close(worker.dirfd);
    world_close(&world);
}

/* bad/ as a link would send our copies to where the link's maker wants. */
static void
bad_is_a_link(void)
{
    char path[512], target[512];
    struct world world;

    world_open(&world);
    in_spool(&world, target, "elsewhere");
    in_spool(&world, path, "bad");
    mkdir(target, 0750);
    if (symlink(target, path) == -1)
        tap_bail("symlink: %s", strerror(errno));
    make_segment();
    bytes[20]++;
    in_spool(&world, path, NAME);
    world_store(path, bytes, sizeof bytes);
    world_start(&world);
    world_read(&world);
    tap_int(world.delivered, 1, "the damaged header costs no frame");
    tap_int(rmdir(target), 0, "nothing was copied through the link");
    world_close(&world);
}

int
main(void)
{
    no_segments();
    names();
    forged_index();
    replaced_while_read();
    bad_is_a_link();
    one_reader();
    debris();
    return tap_done();
}
