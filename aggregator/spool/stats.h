/* What the reader tells of itself, for the status page. */

#ifndef GL_SPOOL_STATS_H
#define GL_SPOOL_STATS_H

#include <stdint.h>

struct gl_spool;

struct gl_spool_stats {
    uint64_t files;       /* segments in the directory now */
    uint64_t refused;     /* of these: not ours to read, see the log */
    uint64_t newer;       /* of these: of a format not known here, held */
    uint32_t newer_major; /* the highest format held, 0 = none */
    uint64_t unreadable;  /* of these: may not be opened */
    uint64_t failing;     /* of these: the disk does not give all of it */
    uint64_t read_bytes;  /* before the cursors */
    uint64_t hints, hints_used;
    uint64_t read_errors; /* pread or open failed, tried again later */
    int elsewhere;        /* a worker writes to another directory */
};

void gl_spool_stats(const struct gl_spool *spool,
                    struct gl_spool_stats *stats);

#endif
