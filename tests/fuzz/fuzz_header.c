/*
 * Door: a segment's header page and drop block.  What is read can be written,
 * and reads the same again.
 *
 * Input: one byte of MEND_* bits, then the first bytes of the page.
 */

#include "crc32c.h"
#include "fuzz.h"
#include "segment.h"

#include <string.h>

#define MEND_HEADER 1
#define MEND_DROPS 2
#define MEND_MAGIC 4

static void
mend(uint8_t *page, int what)
{
    uint8_t *drops = page + GL_SEGMENT_DROPS_AT;
    uint32_t crc;

    if (what & MEND_MAGIC)
        memcpy(page, GL_SEGMENT_MAGIC, 8);
    if (what & MEND_HEADER) {
        crc = gl_crc32c(0, page, GL_SEGMENT_HEADER_CRC_AT);
        memcpy(page + GL_SEGMENT_HEADER_CRC_AT, &crc, sizeof crc);
    }
    if (what & MEND_DROPS) {
        crc = gl_crc32c(gl_crc32c(0, page + 16, GL_SEGMENT_ID_BYTES), drops,
                        GL_SEGMENT_DROPS_BYTES - 4);
        memcpy(drops + GL_SEGMENT_DROPS_BYTES - 4, &crc, sizeof crc);
    }
}

static void
check_header(const struct gl_segment_header *header)
{
    uint8_t page[GL_SEGMENT_HEADER_BYTES] = {0};
    struct gl_segment_header again;

    if (!gl_segment_is_known(header->major))
        return;
    FUZZ_MUST(header->segment_bytes >= GL_SEGMENT_BYTES_MIN);
    FUZZ_MUST(header->segment_bytes <= GL_SEGMENT_BYTES_MAX);
    gl_segment_header_write(page, header);
    memset(&again, 0, sizeof again);
    FUZZ_MUST(gl_segment_header_read(&again, page) == 0);
    FUZZ_MUST(memcmp(header, &again, sizeof again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes in = {data, size};
    int what = fuzz_take(&in);
    uint8_t page[GL_SEGMENT_HEADER_BYTES] = {0};
    uint8_t *drops = page + GL_SEGMENT_DROPS_AT;
    uint8_t again[GL_SEGMENT_DROPS_BYTES];
    struct gl_segment_header header;
    struct gl_segment_drops count;

    if (in.left > 0)
        memcpy(page, in.at, in.left < sizeof page ? in.left : sizeof page);
    mend(page, what);
    memset(&header, 0, sizeof header);
    if (gl_segment_header_read(&header, page) == 0)
        check_header(&header);
    if (gl_segment_drops_read(&count, page + 16, drops) == 0) {
        gl_segment_drops_write(again, page + 16, &count);
        FUZZ_MUST(memcmp(again, drops, sizeof again) == 0);
    }
    return 0;
}
