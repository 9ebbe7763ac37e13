/*
 * The spool as the ingest thread sees it: start, hints, rounds, settling,
 * removal.  spool.h has the promises, spool_internal.h the map of the files.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_PATH */
#endif

#include "spool/spool_internal.h"

#include "hint.h"
#include "point.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_NAME "aggregator.lock"
#define BAD_NAME "bad"

static int
system_openat(int dirfd, const char *name, int flags, mode_t mode)
{
    return openat(dirfd, name, flags, mode);
}

const struct gl_spool_calls gl_spool_system_calls = {
    system_openat, pread, flock, fdatasync, fsync, unlinkat,
};

void
gl_spool_note_(struct gl_spool *spool, const char *format, ...)
{
    char sentence[256];
    va_list args;

    if (spool->note == NULL)
        return;
    va_start(args, format);
    (void) vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    spool->note(spool->arg, sentence);
}

void
gl_spool_alarm_(struct gl_spool *spool, const char *format, ...)
{
    char sentence[256];
    va_list args;

    if (spool->alarm == NULL)
        return;
    va_start(args, format);
    (void) vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    spool->alarm(spool->arg, sentence);
}

/* bad/ must be ours: in a directory that workers can write, anything else of
 * that name could lead our copies elsewhere. */
static void
open_bad(struct gl_spool *spool)
{
    struct stat st;

    (void) mkdirat(spool->dirfd, BAD_NAME, 0700);
    spool->bad_dirfd = openat(spool->dirfd, BAD_NAME,
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (spool->bad_dirfd != -1 && fstat(spool->bad_dirfd, &st) == 0 &&
        st.st_uid == geteuid())
        return;
    gl_spool_note_(spool, "bad/ is not a directory of ours: no copies of "
                          "damaged segments are kept");
    if (spool->bad_dirfd != -1)
        close(spool->bad_dirfd);
    spool->bad_dirfd = -1;
}

static int
take_lock(struct gl_spool *spool, const char *path, char *why, size_t why_len,
          int *busy)
{
    struct stat st;

    spool->lockfd = openat(spool->dirfd, LOCK_NAME,
                           O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (spool->lockfd == -1 || fstat(spool->lockfd, &st) == -1) {
        (void) snprintf(why, why_len, "%s/" LOCK_NAME ": %s", path,
                        strerror(errno));
        return -1;
    }
    if (st.st_uid != geteuid()) {
        (void) snprintf(why, why_len,
                        "%s/" LOCK_NAME " belongs to uid %u: run glintod as "
                        "that user",
                        path, (unsigned) st.st_uid);
        return -1;
    }
    if (flock(spool->lockfd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    *busy = errno == EWOULDBLOCK;
    (void) snprintf(why, why_len, "%s: %s", path,
                    *busy ? "another glintod has this spool"
                          : strerror(errno));
    return -1;
}

static int
open_directory(struct gl_spool *spool, const char *path, char *why,
               size_t why_len)
{
    const char *network;

    spool->dirfd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (spool->dirfd == -1) {
        (void) snprintf(why, why_len, "spool %s: %s", path, strerror(errno));
        return -1;
    }
    network = gl_spool_network_filesystem(spool->dirfd);
    if (network == NULL)
        return 0;
    (void) snprintf(why, why_len,
                    "%s lies on %s: locks and syncs of a network filesystem "
                    "cannot be trusted, use a local one",
                    path, network);
    return -1;
}

static struct gl_spool *
allocate(const struct gl_spool_options *options)
{
    struct gl_spool *spool = calloc(1, sizeof *spool);

    if (spool == NULL)
        return NULL;
    spool->dirfd = spool->lockfd = spool->bad_dirfd = -1;
    spool->unlisted = 1;
    spool->calls =
        options->calls != NULL ? options->calls : &gl_spool_system_calls;
    spool->note = options->note;
    spool->alarm = options->alarm != NULL ? options->alarm : options->note;
    spool->arg = options->arg;
    spool->uids_n = options->uids_n;
    spool->uids = calloc(options->uids_n + 1, sizeof *spool->uids);
    spool->frames = calloc(GL_SPOOL_ROUND_FRAMES, sizeof *spool->frames);
    spool->sorted = calloc(GL_SPOOL_ROUND_FRAMES, sizeof *spool->sorted);
    if (spool->uids == NULL || spool->frames == NULL ||
        spool->sorted == NULL) {
        gl_spool_close(spool);
        return NULL;
    }
    memcpy(spool->uids, options->uids, options->uids_n * sizeof(uid_t));
    return spool;
}

struct gl_spool *
gl_spool_open(const struct gl_spool_options *options, char *why,
              size_t why_len, int *busy)
{
    struct gl_spool *spool = allocate(options);

    *busy = 0;
    if (spool == NULL) {
        (void) snprintf(why, why_len, "out of memory");
        return NULL;
    }
    if (open_directory(spool, options->path, why, why_len) == -1 ||
        take_lock(spool, options->path, why, why_len, busy) == -1) {
        gl_spool_close(spool);
        return NULL;
    }
    open_bad(spool);
    return spool;
}

void
gl_spool_close(struct gl_spool *spool)
{
    size_t i;

    for (i = 0; i < spool->files_n; i++) {
        gl_spool_shut_(spool, spool->files[i]);
        free(spool->files[i]);
    }
    for (i = 0; i < GL_SPOOL_CHUNKS; i++)
        free(spool->chunks[i].bytes);
    if (spool->bad_dirfd != -1)
        close(spool->bad_dirfd);
    if (spool->lockfd != -1)
        close(spool->lockfd);
    if (spool->dirfd != -1)
        close(spool->dirfd);
    free(spool->files);
    free(spool->by_age);
    free(spool->uids);
    free(spool->frames);
    free(spool->sorted);
    free(spool);
}

void
gl_spool_ring(struct gl_spool *spool)
{
    spool->ring = 1;
}

static size_t
run_end(const struct gl_spool_frame *frames, size_t from, size_t n)
{
    while (from + 1 < n && frames[from].at_ms <= frames[from + 1].at_ms)
        from++;
    return from + 1;
}

/* Merge neighbouring runs of FROM into TO; how many runs are left. */
static size_t
merge_runs(struct gl_spool_frame *to, const struct gl_spool_frame *from,
           size_t n)
{
    size_t runs = 0, out = 0, left = 0, right, middle, end;

    while (left < n) {
        middle = right = run_end(from, left, n);
        end = middle < n ? run_end(from, middle, n) : n;
        while (left < middle && right < end)
            to[out++] = from[right].at_ms < from[left].at_ms ? from[right++]
                                                             : from[left++];
        while (left < middle)
            to[out++] = from[left++];
        while (right < end)
            to[out++] = from[right++];
        left = end;
        runs++;
    }
    return runs;
}

/*
 * Each segment's frames are in order already: a stable merge of these runs
 * keeps them so, and costs one pass for two workers.
 */
static void
sort_round(struct gl_spool *spool)
{
    struct gl_spool_frame *other;
    size_t runs;

    if (spool->frames_n == 0 ||
        run_end(spool->frames, 0, spool->frames_n) == spool->frames_n)
        return;
    do {
        runs = merge_runs(spool->sorted, spool->frames, spool->frames_n);
        other = spool->frames;
        spool->frames = spool->sorted;
        spool->sorted = other;
    } while (runs > 1);
}

/* Also what was delivered before a rewind waits for its sync all the time. */
static int
all_settled(const struct gl_spool_file *file)
{
    return file->segment.settled >= file->segment.delivered &&
           file->segment.settled >= file->rewound;
}

int
gl_spool_read(struct gl_spool *spool, int64_t wall_ms, int64_t boot_ms,
              const struct gl_spool_frame **frames, size_t *n)
{
    struct gl_spool_file *file;
    int full = 0;
    size_t i;

    spool->now_ms = boot_ms;
    gl_spool_list_(spool, wall_ms);
    for (i = 0; i < spool->files_n; i++) {
        file = spool->by_age[i];
        if (file->state != GL_SPOOL_READING)
            continue;
        if (!full)
            full = gl_spool_visit_(spool, file);
        if (full && file->unsettled_at_ms == 0)
            file->unsettled_at_ms = boot_ms; /* holds frames not yet seen */
        if (!full && all_settled(file))
            file->unsettled_at_ms = 0;
    }
    spool->backlog = full;
    sort_round(spool);
    *frames = spool->frames;
    *n = spool->frames_n;
    if (*n > 0)
        GL_POINT("frames_read");
    return full;
}

void
gl_spool_release(struct gl_spool *spool)
{
    struct gl_spool_chunk *last = NULL;
    size_t i, allocated = 0;

    for (i = 0; i < GL_SPOOL_CHUNKS; i++) {
        if (spool->chunks[i].bytes == NULL)
            continue;
        last = &spool->chunks[i];
        last->used = 0;
        allocated++;
    }
    /* a backlog's memory goes back little by little once it is over */
    if (allocated > 4 * (spool->chunk + 1)) {
        free(last->bytes);
        last->bytes = NULL;
    }
    spool->chunk = 0;
    spool->frames_n = 0;
    spool->judged_bytes = 0;
}

void
gl_spool_settle(struct gl_spool_segment *segment, uint32_t index)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;

    if (index > segment->settled)
        segment->settled = index;
    if (all_settled(file))
        file->unsettled_at_ms = 0;
}

/* Frames of SEGMENT that came as hints since the last round. */
static void
take_back(struct gl_spool *spool, const struct gl_spool_segment *segment)
{
    size_t i, kept = 0;

    for (i = 0; i < spool->frames_n; i++)
        if (spool->frames[i].segment != segment)
            spool->frames[kept++] = spool->frames[i];
    spool->frames_n = kept;
}

void
gl_spool_rewind(struct gl_spool *spool, struct gl_spool_segment *segment)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;

    take_back(spool, segment); /* they will come with the file */
    if (segment->delivered > file->rewound)
        file->rewound = segment->delivered;
    file->state = GL_SPOOL_READING;
    file->offset = GL_SEGMENT_HEADER_BYTES;
    file->index = 1;
    file->last_at_ms = INT64_MIN;
    segment->complete = 0;
    segment->delivered = 0;
    segment->lost = 0;
    segment->gaps_n = 0;
    segment->torn = 0;
}

struct gl_spool_segment *
gl_spool_next(struct gl_spool *spool, const struct gl_spool_segment *after)
{
    size_t i = 0;

    if (after != NULL)
        i = gl_spool_place_(spool,
                            ((const struct gl_spool_file *) after)->name) +
            1;
    for (; i < spool->files_n; i++)
        if (spool->files[i]->state == GL_SPOOL_READING ||
            spool->files[i]->state == GL_SPOOL_COMPLETE)
            return &spool->files[i]->segment;
    return NULL;
}

/* 1 also when that cannot be told just now. */
static int
is_in_directory(const struct gl_spool *spool, const char *name)
{
    int fd = spool->calls->openat(spool->dirfd, name,
                                  O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);

    if (fd == -1)
        return errno != ENOENT;
    close(fd);
    return 1;
}

int
gl_spool_has(const struct gl_spool *spool,
             const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    char name[GL_SEGMENT_NAME_MAX];

    gl_segment_name(name, id);
    return gl_spool_find_(spool, name) != NULL || is_in_directory(spool, name);
}

int
gl_spool_is_unread(const struct gl_spool *spool,
                   const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    const struct gl_spool_file *file;
    char name[GL_SEGMENT_NAME_MAX];

    gl_segment_name(name, id);
    file = gl_spool_find_(spool, name);
    if (file == NULL)
        return is_in_directory(spool, name);
    return file->state != GL_SPOOL_READING && file->state != GL_SPOOL_COMPLETE;
}

int
gl_spool_remove(struct gl_spool *spool, struct gl_spool_segment *segment)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;

    if (file->state != GL_SPOOL_COMPLETE)
        return -1;
    /* By name: a name is an id, so a file that took this one's place could
     * only bring its frames a second time, when its position is forgotten. */
    if (spool->calls->unlinkat(spool->dirfd, file->name, 0) == -1 &&
        errno != ENOENT) {
        gl_spool_note_(spool, "segment %s cannot be removed: %s", file->name,
                       strerror(errno));
        return -1;
    }
    GL_POINT("segment_unlinked");
    spool->dir_changed = 1;
    gl_spool_forget_(spool, file);
    return 0;
}

void
gl_spool_stats(const struct gl_spool *spool, struct gl_spool_stats *stats)
{
    size_t i;

    *stats = spool->stats;
    stats->files = spool->files_n + spool->unlisted;
    for (i = 0; i < spool->files_n; i++) {
        const struct gl_spool_file *file = spool->files[i];

        stats->refused += file->state == GL_SPOOL_REFUSED;
        stats->unreadable += file->denied != 0;
        stats->failing += file->state != GL_SPOOL_REFUSED && file->tries > 1;
        if (file->state == GL_SPOOL_READING ||
            file->state == GL_SPOOL_COMPLETE) {
            stats->read_frames += file->segment.delivered;
            stats->read_bytes += file->offset - GL_SEGMENT_HEADER_BYTES;
        }
        if (file->state == GL_SPOOL_READING)
            stats->unread_bytes += file->limit - file->offset;
        if (file->state != GL_SPOOL_HELD)
            continue;
        stats->newer++;
        if (file->segment.header.major > stats->newer_major)
            stats->newer_major = file->segment.header.major;
    }
}
