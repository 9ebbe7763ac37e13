/*
 * A segment seen for the first time: whose it is, in which format, or not ours
 * to read.  A damaged header page is guessed.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* statx */
#endif

#include "spool/spool_internal.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/*
 * The header page is damaged, yet every frame proves by its checksum to which
 * segment it belongs: go on with the id the name spells, the file's birth as
 * the creation time, and the newest format until its frames show another.
 */
static int
guess_header(struct gl_spool_file *file, const uint8_t *id)
{
    struct gl_segment_header *header = &file->segment.header;
    struct statx stx;

    memset(header, 0, sizeof *header);
    if (statx(file->fd, "", AT_EMPTY_PATH,
              STATX_SIZE | STATX_BTIME | STATX_MTIME, &stx) == -1)
        return -1;
    if (!(stx.stx_mask & STATX_BTIME))
        stx.stx_btime = stx.stx_mtime;
    memcpy(header->id, id, GL_SEGMENT_ID_BYTES);
    header->major = GL_SEGMENT_MAJOR;
    header->wall_ms =
        stx.stx_btime.tv_sec * 1000 + stx.stx_btime.tv_nsec / 1000000;
    header->segment_bytes = (uint32_t) stx.stx_size;
    if (header->segment_bytes < GL_SEGMENT_BYTES_MIN) /* it is cut off */
        header->segment_bytes = GL_SEGMENT_BYTES_MIN;
    file->segment.header_damaged = 1;
    return 0;
}

/* 0, or -1: looked at in vain. */
static int
read_header(struct gl_spool *spool, struct gl_spool_file *file,
            const uint8_t *id)
{
    uint8_t page[GL_SEGMENT_HEADER_BYTES] = {0};
    int claim;

    if (gl_spool_pread_(spool, file, page, sizeof page, 0) == -1)
        return -1;
    if (gl_segment_header_read(&file->segment.header, page) == 0)
        return 0;
    gl_spool_note_(spool, "segment %s has a damaged header", file->name);
    claim = gl_segment_claim(page);
    file->claim = claim > GL_SEGMENT_MAJOR ? claim : 0;
    return guess_header(file, id);
}

void
gl_spool_inspect_(struct gl_spool *spool, struct gl_spool_file *file)
{
    const struct gl_segment_header *header = &file->segment.header;
    uint8_t id[GL_SEGMENT_ID_BYTES];

    if (gl_spool_waits_(spool, file) || gl_spool_open_(spool, file) == -1)
        return;
    if (gl_segment_name_read(id, file->name) == -1) {
        gl_spool_refuse_(spool, file,
                         "its name is not 32 hex digits and .seg");
        return;
    }
    if (read_header(spool, file, id) == -1)
        return;
    if (!gl_segment_is_known(header->major)) {
        gl_spool_hold_(spool, file, header->major);
        return;
    }
    /* one name, one id: so no two files can claim the same position */
    if (memcmp(header->id, id, sizeof id) != 0) {
        gl_spool_refuse_(spool, file, "its name is not the id inside");
        return;
    }
    file->limit = header->segment_bytes;
    file->state = GL_SPOOL_READING;
    gl_spool_rewind(spool, &file->segment);
    (void) gl_spool_read_drops_(spool, file); /* again at its end */
    spool->by_age_stale = 1;
}
