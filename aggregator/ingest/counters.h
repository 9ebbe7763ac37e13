/* What the writer thread counts of its own work. */

#ifndef GL_INGEST_COUNTERS_H
#define GL_INGEST_COUNTERS_H

#include <stdint.h>

#include "histogram.h"

/* Counted since the start; names as in the status answer. */
struct gl_ingest_counters {
    uint64_t rounds, frames, rows, bots, drops, late, skipped;
    uint64_t undecodable, unknown_site, rejected, crashed, clock_suspect;
    uint64_t failures, rebuilds, rebuild_us, evictions, refolds, refold_rows;
    uint64_t sealed, seal_commits;              /* days, and commits of it */
    uint64_t longest_turn_ms;                   /* of the loop */
    struct gl_histogram commit_us, commit_rows; /* of a round */
};

#endif
