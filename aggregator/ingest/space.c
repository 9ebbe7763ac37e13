/*
 * Whether the disk of DATA has room again: an account that failed while it was
 * full need not wait out its back-off, which may be a minute.  Only the free
 * space is looked at; whether the account can go on shows its next commit.
 * A quota does not show in it: there the back-off is all.
 *
 * Writer thread.
 */

#include "ingest/space.h"

#include <sys/statvfs.h>

/* More than a transaction and what others on the disk add and remove. */
#define BACK_BYTES (1 << 20)

int
gl_ingest_space_back_(struct gl_ingest *in, int wanted)
{
    struct statvfs fs;
    uint64_t free_bytes;

    if (!wanted || statvfs(in->conf->data, &fs) == -1) {
        in->least_free_bytes = UINT64_MAX;
        return 0;
    }
    free_bytes = (uint64_t) fs.f_bavail * fs.f_frsize;
    if (free_bytes < in->least_free_bytes)
        in->least_free_bytes = free_bytes;
    if (free_bytes - in->least_free_bytes < BACK_BYTES)
        return 0;
    in->least_free_bytes = free_bytes;
    return 1;
}
