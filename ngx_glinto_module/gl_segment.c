/*
 * The segment writer: see gl_segment.h for what it promises.
 *
 * A segment's life here:
 *
 *   t-<id> --O_EXCL, lock, fallocate, header--> <id>.seg --> next --> current
 *       current --no room, age, idle, exit--> sealed (descriptor closed)
 *
 * Closing the descriptor drops the lock, and that is the reader's sign.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "gl_segment.h"
#include "point.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* The aggregator reads as another user, through the directory's group. */
#define SEGMENT_MODE 0640

/* The directory of a spool that is filled is read again after this. */
#define GL_WRITER_COUNT_MS 1000

/* Directory entries of about a hundred files at a time. */
#define ENTRIES_BYTES 4096

static int
system_openat(int dirfd, const char *name, int flags, mode_t mode)
{
    return openat(dirfd, name, flags, mode);
}

const struct gl_writer_calls gl_writer_system_calls = {
    system_openat, fchmod,   flock, fallocate, pwrite,
    renameat2,     unlinkat, close, getrandom,
};

void
gl_writer_init(struct gl_writer *w, int dirfd,
               const uint8_t incarnation[GL_SEGMENT_ID_BYTES],
               const uint8_t boot_id[16], uint32_t pid, uint32_t worker,
               uint32_t segment_bytes, uint32_t files_max)
{
    memset(w, 0, sizeof *w);
    w->calls = &gl_writer_system_calls;
    w->dirfd = dirfd;
    memcpy(w->incarnation, incarnation, GL_SEGMENT_ID_BYTES);
    memcpy(w->boot_id, boot_id, sizeof w->boot_id);
    w->pid = pid;
    w->worker = worker;
    w->segment_bytes = segment_bytes;
    w->files_max = files_max;
    w->current.fd = -1;
    w->next.fd = -1;
}

static int
fail(struct gl_writer *w, const char *call)
{
    w->error = errno;
    w->error_call = call;
    return -1;
}

static int
counts_for_budget(const char *name)
{
    if (strncmp(name, GL_SEGMENT_TEMP_PREFIX,
                sizeof GL_SEGMENT_TEMP_PREFIX - 1) == 0)
        return 1;
    return gl_segment_name_ends(name);
}

/*
 * 1 = another file may be made, 0 = there are FILES_MAX, -1 = failed.  Workers
 * look at the same time without a lock, so the budget may be passed by one
 * file a worker.
 */
static int
within_budget(struct gl_writer *w, uint32_t files_max)
{
    char entries[ENTRIES_BYTES] __attribute__((aligned(8)));
    const struct dirent64 *entry;
    uint32_t files = 0;
    ssize_t n, at;

    w->files = files_max;
    if (lseek(w->dirfd, 0, SEEK_SET) == -1)
        return fail(w, "lseek");
    while ((n = getdents64(w->dirfd, entries, sizeof entries)) > 0) {
        for (at = 0; at < n; at += entry->d_reclen) {
            entry = (const void *) (entries + at);
            if (counts_for_budget(entry->d_name) && ++files >= files_max)
                return 0;
        }
    }
    if (n == -1)
        return fail(w, "getdents64");
    w->files = files;
    return 1;
}

static void
write_drops(struct gl_writer *w, struct gl_writer_file *file)
{
    uint8_t block[GL_SEGMENT_DROPS_BYTES];

    if (w->still) {
        file->stale_drops = 1;
        return;
    }
    gl_segment_drops_write(block, file->id, &w->drops);
    file->stale_drops =
        w->calls->pwrite(file->fd, block, sizeof block, GL_SEGMENT_DROPS_AT) !=
        (ssize_t) sizeof block;
    if (!file->stale_drops && file == &w->current)
        w->drops_told = w->drops.total;
}

static int
write_header(struct gl_writer *w, struct gl_writer_file *file)
{
    uint8_t page[GL_SEGMENT_HEADER_BYTES] = {0};
    struct gl_segment_header header = {
        .major = GL_SEGMENT_MAJOR,
        .minor = GL_SEGMENT_MINOR,
        .ordinal = w->ordinal + 1,
        .pid = w->pid,
        .worker = w->worker,
        .wall_ms = file->wall_ms,
        .boot_ms = file->boot_ms,
        .segment_bytes = file->bytes,
    };
    ssize_t n;

    memcpy(header.id, file->id, GL_SEGMENT_ID_BYTES);
    memcpy(header.incarnation, w->incarnation, GL_SEGMENT_ID_BYTES);
    memcpy(header.boot_id, w->boot_id, sizeof header.boot_id);
    gl_segment_header_write(page, &header);
    gl_segment_drops_write(page + GL_SEGMENT_DROPS_AT, file->id, &w->drops);
    errno = 0;
    n = w->calls->pwrite(file->fd, page, sizeof page, 0);
    return n == (ssize_t) sizeof page ? 0 : fail(w, "pwrite of the header");
}

/* Fill the file just created under its temporary NAME and show it. */
static int
fill_and_rename(struct gl_writer *w, struct gl_writer_file *file,
                const char *name)
{
    const struct gl_writer_calls *calls = w->calls;
    char final[GL_SEGMENT_NAME_MAX];

    /* a umask of 077 would hide the file from the aggregator */
    if (calls->fchmod(file->fd, SEGMENT_MODE) == -1)
        return fail(w, "fchmod");
    if (calls->flock(file->fd, LOCK_EX | LOCK_NB) == -1)
        return fail(w, "flock");
    GL_POINT("temp_locked");
    if (calls->fallocate(file->fd, 0, 0, file->bytes) == -1)
        return fail(w, "fallocate");
    GL_POINT("temp_allocated");
    if (write_header(w, file) == -1)
        return -1;
    GL_POINT("temp_written");
    gl_segment_name(final, file->id);
    if (calls->renameat2(w->dirfd, name, w->dirfd, final, RENAME_NOREPLACE) ==
        -1)
        return fail(w, "renameat2");
    GL_POINT("segment_renamed");
    return 0;
}

static int
make_file(struct gl_writer *w, struct gl_writer_file *file, uint32_t bytes,
          int64_t wall_ms, int64_t boot_ms)
{
    char final[GL_SEGMENT_NAME_MAX], name[2 * GL_SEGMENT_NAME_MAX];

    if (w->calls->getrandom(file->id, sizeof file->id, GRND_NONBLOCK) !=
        (ssize_t) sizeof file->id)
        return fail(w, "getrandom");
    gl_segment_name(final, file->id);
    (void) snprintf(name, sizeof name, GL_SEGMENT_TEMP_PREFIX "%.32s", final);
    file->bytes = bytes;
    file->wall_ms = wall_ms;
    file->boot_ms = boot_ms;
    file->stale_drops = 0;
    file->fd = w->calls->openat(
        w->dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
        SEGMENT_MODE);
    if (file->fd == -1)
        return fail(w, "openat");
    GL_POINT("temp_created");
    if (fill_and_rename(w, file, name) == 0) {
        w->ordinal++;
        return 0;
    }
    (void) w->calls->unlinkat(w->dirfd, name, 0);
    (void) w->calls->close(file->fd);
    file->fd = -1;
    return -1;
}

/*
 * A worker that starts while the spool is full has no segment that could take
 * the count of its drops, and a kill would take the count along.  A small
 * segment beyond the budget holds it: without room for a frame.
 */
static void
make_tally(struct gl_writer *w, int64_t wall_ms, int64_t boot_ms)
{
    if (w->current.fd != -1 ||
        within_budget(w, w->files_max + GL_WRITER_TALLIES_MAX) != 1 ||
        make_file(w, &w->current, GL_SEGMENT_BYTES_MIN, wall_ms, boot_ms) ==
            -1)
        return;
    w->drops_told = w->drops.total;
    w->offset = GL_SEGMENT_BYTES_MIN;
    w->index = 1;
    w->touched_ms = boot_ms;
}

/* Make w->next unless it is there; remembers a refusal for a while. */
static enum gl_writer_result
make_next(struct gl_writer *w, int64_t wall_ms, int64_t boot_ms)
{
    int room;

    if (w->next.fd != -1)
        return GL_WRITER_OK;
    if (w->dirfd == -1)
        return GL_WRITER_FAILED;
    if (w->retry_at_ms != 0 && boot_ms < w->retry_at_ms)
        return w->refusal;
    w->retry_at_ms = 0;
    room = within_budget(w, w->files_max);
    w->counted_ms = boot_ms;
    if (room == 1 &&
        make_file(w, &w->next, w->segment_bytes, wall_ms, boot_ms) == 0)
        return GL_WRITER_OK;
    w->refusal = room == 0 ? GL_WRITER_FULL : GL_WRITER_FAILED;
    w->retry_at_ms = boot_ms + GL_WRITER_RETRY_MS;
    if (room == 0)
        make_tally(w, wall_ms, boot_ms);
    return w->refusal;
}

/* It stays from now on, and with it the count of drops in its header page. */
static void
begin_next(struct gl_writer *w)
{
    w->current = w->next;
    w->next.fd = -1;
    if (!w->current.stale_drops)
        w->drops_told = w->drops.total;
}

static void
seal_current(struct gl_writer *w)
{
    if (w->current.fd == -1)
        return;
    if (w->current.stale_drops)
        write_drops(w, &w->current);
    (void) w->calls->close(w->current.fd);
    GL_POINT("segment_sealed");
    w->current.fd = -1;
    memcpy(w->sealed_id, w->current.id, GL_SEGMENT_ID_BYTES);
    w->sealed_n++;
    w->pending_bytes = 0;
    w->pending_n = 0;
    w->broken = 0;
}

static int
is_filled(const struct gl_writer *w)
{
    return 4 * (uint64_t) w->files >= 3 * (uint64_t) w->files_max;
}

/* As of the last new segment; beyond the mark, of the last second. */
int
gl_writer_filled(struct gl_writer *w, int64_t boot_ms)
{
    if (is_filled(w) && boot_ms - w->counted_ms >= GL_WRITER_COUNT_MS) {
        w->counted_ms = boot_ms;
        (void) within_budget(w, w->files_max);
    }
    return is_filled(w);
}

uint32_t
gl_writer_room(const struct gl_writer *w)
{
    if (w->current.fd == -1 || w->broken)
        return 0;
    return w->current.bytes - w->offset - w->pending_bytes;
}

enum gl_writer_result
gl_writer_ready(struct gl_writer *w, uint32_t need, int64_t wall_ms,
                int64_t boot_ms)
{
    enum gl_writer_result result;

    if (gl_writer_room(w) >= need)
        return GL_WRITER_OK;
    if (w->pending_n > 0 ||
        need > w->segment_bytes - GL_SEGMENT_HEADER_BYTES) {
        w->error = EINVAL;
        w->error_call = "gl_writer_ready";
        return GL_WRITER_FAILED;
    }
    result = make_next(w, wall_ms, boot_ms);
    if (result != GL_WRITER_OK)
        return result;
    seal_current(w);
    begin_next(w);
    w->offset = GL_SEGMENT_HEADER_BYTES;
    w->index = 1;
    w->touched_ms = boot_ms;
    return GL_WRITER_OK;
}

uint32_t
gl_writer_frame(struct gl_writer *w, uint8_t *buf, uint32_t payload_len,
                int64_t boot_ms, enum gl_frame_type type)
{
    int64_t delta_ms = boot_ms - w->current.boot_ms;
    uint32_t bytes;

    if (payload_len < 1 || payload_len > GL_FRAME_PAYLOAD_MAX ||
        GL_FRAME_BYTES(payload_len) > gl_writer_room(w))
        return 0;
    if (delta_ms < 0)
        delta_ms = 0;
    else if (delta_ms > UINT32_MAX)
        delta_ms = UINT32_MAX;
    bytes = (uint32_t) gl_frame_write(buf, w->current.id, payload_len,
                                      w->index + w->pending_n,
                                      (uint32_t) delta_ms, (uint16_t) type);
    w->pending_bytes += bytes;
    w->pending_n++;
    w->touched_ms = boot_ms;
    return bytes;
}

void
gl_writer_take_back(struct gl_writer *w, uint32_t bytes, uint32_t n)
{
    w->pending_bytes = bytes;
    w->pending_n -= n;
}

/* The file holds zeros behind what was written: where BUF has zeros as well
 * (a frame's padding) they need not be written to be there. */
static uint32_t
past_zeros(const uint8_t *buf, uint32_t written, uint32_t bytes)
{
    while (written < bytes && buf[written] == 0)
        written++;
    return written;
}

int
gl_writer_append(struct gl_writer *w, const uint8_t *buf, uint32_t *written)
{
    uint32_t bytes = w->pending_bytes;
    ssize_t n;

    *written = 0;
    if (bytes == 0)
        return 0;
    n = w->calls->pwrite(w->current.fd, buf, bytes, w->offset);
    GL_POINT("frames_appended");
    w->pending_bytes = 0;
    if (n == (ssize_t) bytes) {
        *written = bytes;
        w->offset += bytes;
        w->index += w->pending_n;
        w->pending_n = 0;
        return 0;
    }
    w->error = n == -1 ? errno : 0;
    w->error_call = "pwrite";
    w->pending_n = 0;
    w->broken = 1;
    if (n != -1)
        *written = past_zeros(buf, (uint32_t) n, bytes);
    return -1;
}

void
gl_writer_drop(struct gl_writer *w, uint64_t n, int64_t wall_ms,
               int64_t boot_ms)
{
    if (n == 0)
        return;
    if (w->drops.total == 0)
        w->drops.first_ms = wall_ms;
    w->drops.last_ms = wall_ms;
    w->drops.total += n;
    w->touched_ms = boot_ms;
    if (w->current.fd != -1)
        write_drops(w, &w->current);
    if (w->next.fd != -1)
        write_drops(w, &w->next);
}

/* A next segment that never became current holds no frame: take it back. */
static void
remove_next(struct gl_writer *w)
{
    char name[GL_SEGMENT_NAME_MAX];

    if (w->next.fd == -1)
        return;
    gl_segment_name(name, w->next.id);
    (void) w->calls->unlinkat(w->dirfd, name, 0);
    (void) w->calls->close(w->next.fd);
    w->next.fd = -1;
}

/* Drops that came while there was no segment, or none but an unused successor,
 * get one without a frame. */
static void
tell_drops(struct gl_writer *w, int64_t boot_ms)
{
    if (w->current.fd != -1 || w->drops_told == w->drops.total)
        return;
    if (make_next(w, w->drops.last_ms, boot_ms) != GL_WRITER_OK)
        return; /* at best there is a tally now: it stays open */
    begin_next(w);
    seal_current(w);
}

void
gl_writer_seal(struct gl_writer *w)
{
    seal_current(w);
    w->retry_at_ms = 0; /* there may be no other time */
    tell_drops(w, w->touched_ms);
    seal_current(w);
    remove_next(w);
}

void
gl_writer_tick(struct gl_writer *w, int64_t wall_ms, int64_t boot_ms)
{
    int64_t idle_ms = boot_ms - w->touched_ms;
    int can_roll, idle;

    if (w->pending_n > 0)
        return;
    if (w->current.fd == -1) { /* sealed at its age, and nothing came since */
        tell_drops(w, boot_ms);
        if (idle_ms >= GL_WRITER_IDLE_MS)
            remove_next(w);
        return;
    }
    idle = idle_ms >= GL_WRITER_IDLE_MS ||
           (w->broken && idle_ms >= GL_WRITER_BROKEN_MS);
    can_roll = 1;
    if (w->offset > w->current.bytes / 2 || w->broken)
        can_roll = make_next(w, wall_ms, boot_ms) == GL_WRITER_OK;
    /* a full one stays while the spool is, to take the count of drops */
    if (idle && (can_roll || w->refusal != GL_WRITER_FULL)) {
        gl_writer_seal(w);
        return;
    }
    if (boot_ms - w->current.boot_ms >= GL_WRITER_AGE_MS && can_roll) {
        seal_current(w);
        return;
    }
    if (w->current.stale_drops)
        write_drops(w, &w->current);
    if (w->next.fd != -1 && w->next.stale_drops)
        write_drops(w, &w->next);
}
