/*
 * What the spool's own files share, each with those below it only (file.h one
 * segment's file, round.h the frames in memory):
 *
 *   start.c   opened, locked                  spool.c what is read, removed
 *   list.c    which files there are                 scan.c  one, once more
 *   header.c  which of them are read        read.c  the frames of one
 *   sync.c    what is on the disk           resync.c  what is where they end
 *   round.c   frames in memory, by time
 *   file.c    opened, shut, refused         bad.c  copies of damaged ones
 *   page.c    what the disk does not give     waiting.c  what is not read yet
 *   calls.c   the system's calls, notes       hint.c  packets
 *
 * Names end in _: nobody else's.
 *
 *   NEW --header read--> READING --end test--> COMPLETE --remove--> gone
 *    |                      '------ rewind ------'
 *    '--> REFUSED (not ours to read) or HELD (unknown major): left alone
 */

#ifndef GL_SPOOL_INTERNAL_H
#define GL_SPOOL_INTERNAL_H

#include <glib.h>

#include "spool/file.h"
#include "spool/limits.h"
#include "spool/round.h"
#include "spool/spool.h"
#include "spool/stats.h"

/* As many workers as the hint socket takes at a time. */
#define GL_SPOOL_STRAYS_MAX 1024

struct gl_spool {
    const struct gl_spool_calls *calls;
    void (*note)(void *arg, const char *sentence);
    void (*alarm)(void *arg, const char *sentence);
    void *arg;
    uid_t *uids;
    size_t uids_n;
    int dirfd, lockfd;
    int bad_dirfd; /* -1 = no copies kept */

    struct gl_spool_file **files; /* by name */
    size_t files_n, files_cap;
    struct gl_spool_file **by_age; /* the same by header wall clock */
    int by_age_stale;
    size_t open_n;
    uint64_t visits;
    uint32_t told;   /* noted that formats below this one are held */
    int too_many;    /* noted that there are more than GL_SPOOL_FILES_MAX */
    size_t unlisted; /* segments FILES lacks, 1 before the first listing */
    int backlog;     /* the last round left frames unread */

    int ring; /* list at the next read */
    struct timespec listed_mtime;
    int64_t listed_at_ms; /* boot clock; 0 = never */
    int dir_changed;      /* since the last fsync of the directory */
    uint32_t syncs;       /* of the directory */
    GByteArray *removed;  /* ids of segments that went since the last one */

    struct gl_spool_frame *frames, *sorted; /* GL_SPOOL_ROUND_FRAMES each */
    size_t frames_n, most;                  /* in a round: gl_spool_limit() */
    struct gl_spool_chunk chunks[GL_SPOOL_CHUNKS];
    size_t chunk;          /* being filled */
    uint64_t judged_bytes; /* of the round: loaded without being frames */

    /* incarnations of the workers that write elsewhere */
    uint8_t strays[GL_SPOOL_STRAYS_MAX][GL_SEGMENT_ID_BYTES];
    size_t strays_n;

    int64_t now_ms; /* boot clock of the current call */
    struct gl_spool_stats stats;
};

/* A sentence for the log. */
void gl_spool_note_(struct gl_spool *spool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One that asks for an operator. */
void gl_spool_alarm_(struct gl_spool *spool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* list.c: bring spool->files up to date when it is time to. */
void gl_spool_list_(struct gl_spool *spool, int64_t wall_ms);
struct gl_spool_file *gl_spool_find_(const struct gl_spool *spool,
                                     const char *name);
void gl_spool_forget_(struct gl_spool *spool, struct gl_spool_file *file);

/* FILE's name is gone from the directory, but perhaps not from the disk. */
void gl_spool_gone_(struct gl_spool *spool, const struct gl_spool_file *file);

/* Where NAME stands in spool->files, or would stand. */
size_t gl_spool_place_(const struct gl_spool *spool, const char *name);

#endif
