/*
 * Bytes of a segment to structs and back (segment.h has the drawing).  Pure:
 * no files, no memory of its own.  Runs in the worker and in the aggregator's
 * ingest thread.
 */

#include "segment.h"
#include "crc32c.h"

#include <endian.h>
#include <string.h>

static void
put16(uint8_t *at, uint16_t value)
{
    value = htole16(value);
    memcpy(at, &value, sizeof value);
}

static void
put32(uint8_t *at, uint32_t value)
{
    value = htole32(value);
    memcpy(at, &value, sizeof value);
}

static void
put64(uint8_t *at, uint64_t value)
{
    value = htole64(value);
    memcpy(at, &value, sizeof value);
}

static uint16_t
get16(const uint8_t *at)
{
    uint16_t value;

    memcpy(&value, at, sizeof value);
    return le16toh(value);
}

static uint32_t
get32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return le32toh(value);
}

static uint64_t
get64(const uint8_t *at)
{
    uint64_t value;

    memcpy(&value, at, sizeof value);
    return le64toh(value);
}

void
gl_segment_header_write(uint8_t *page, const struct gl_segment_header *h)
{
    memcpy(page, GL_SEGMENT_MAGIC, 8);
    put16(page + 8, h->major);
    put16(page + 10, h->minor);
    put32(page + 12, GL_SEGMENT_HEADER_BYTES);
    memcpy(page + 16, h->id, GL_SEGMENT_ID_BYTES);
    memcpy(page + 32, h->incarnation, GL_SEGMENT_ID_BYTES);
    put32(page + 48, h->ordinal);
    put32(page + 52, h->pid);
    put32(page + 56, h->worker);
    put32(page + 60, h->flags);
    put64(page + 64, (uint64_t) h->wall_ms);
    put64(page + 72, (uint64_t) h->boot_ms);
    memcpy(page + 80, h->boot_id, sizeof h->boot_id);
    put32(page + 96, h->segment_bytes);
    put32(page + 100, 0);
    put32(page + GL_SEGMENT_HEADER_CRC_AT,
          gl_crc32c(0, page, GL_SEGMENT_HEADER_CRC_AT));
}

int
gl_segment_header_read(struct gl_segment_header *h, const uint8_t *page)
{
    uint32_t crc = gl_crc32c(0, page, GL_SEGMENT_HEADER_CRC_AT);

    if (memcmp(page, GL_SEGMENT_MAGIC, 8) != 0 ||
        crc != get32(page + GL_SEGMENT_HEADER_CRC_AT))
        return -1;
    h->major = get16(page + 8);
    h->minor = get16(page + 10);
    memcpy(h->id, page + 16, GL_SEGMENT_ID_BYTES);
    memcpy(h->incarnation, page + 32, GL_SEGMENT_ID_BYTES);
    h->ordinal = get32(page + 48);
    h->pid = get32(page + 52);
    h->worker = get32(page + 56);
    h->flags = get32(page + 60);
    h->wall_ms = (int64_t) get64(page + 64);
    h->boot_ms = (int64_t) get64(page + 72);
    memcpy(h->boot_id, page + 80, sizeof h->boot_id);
    h->segment_bytes = get32(page + 96);
    if (h->major > GL_SEGMENT_MAJOR) /* its sizes may mean something else */
        return 0;
    if (get32(page + 12) != GL_SEGMENT_HEADER_BYTES ||
        h->segment_bytes < GL_SEGMENT_BYTES_MIN ||
        h->segment_bytes > GL_SEGMENT_BYTES_MAX)
        return -1;
    return 0;
}

static uint32_t
drops_crc(const uint8_t *id, const uint8_t *block)
{
    return gl_crc32c(gl_crc32c(0, id, GL_SEGMENT_ID_BYTES), block, 24);
}

void
gl_segment_drops_write(uint8_t block[GL_SEGMENT_DROPS_BYTES],
                       const uint8_t id[GL_SEGMENT_ID_BYTES],
                       const struct gl_segment_drops *drops)
{
    put64(block, drops->total);
    put64(block + 8, (uint64_t) drops->first_ms);
    put64(block + 16, (uint64_t) drops->last_ms);
    put32(block + 24, drops_crc(id, block));
}

int
gl_segment_drops_read(struct gl_segment_drops *drops,
                      const uint8_t id[GL_SEGMENT_ID_BYTES],
                      const uint8_t block[GL_SEGMENT_DROPS_BYTES])
{
    if (get32(block + 24) != drops_crc(id, block))
        return -1;
    drops->total = get64(block);
    drops->first_ms = (int64_t) get64(block + 8);
    drops->last_ms = (int64_t) get64(block + 16);
    return 0;
}

static uint32_t
frame_header_crc(const uint8_t *id, const uint8_t *frame)
{
    return gl_crc32c(gl_crc32c(0, id, GL_SEGMENT_ID_BYTES), frame + 4,
                     GL_FRAME_HEADER_BYTES - 4);
}

size_t
gl_frame_write(uint8_t *buf, const uint8_t id[GL_SEGMENT_ID_BYTES],
               uint32_t payload_len, uint32_t index, uint32_t delta_ms,
               uint16_t type)
{
    size_t used = GL_FRAME_HEADER_BYTES + (size_t) payload_len;
    size_t bytes = GL_FRAME_BYTES(payload_len);

    memset(buf + used, 0, bytes - used);
    put32(buf + 4, payload_len);
    put32(buf + 8, index);
    put32(buf + 12, delta_ms);
    put16(buf + 16, type);
    put16(buf + 18, 0);
    put32(buf + 20, gl_crc32c(0, buf + GL_FRAME_HEADER_BYTES, payload_len));
    put32(buf, frame_header_crc(id, buf));
    return bytes;
}

enum gl_frame_result
gl_frame_read(struct gl_frame *frame, const uint8_t *buf, size_t len,
              const uint8_t id[GL_SEGMENT_ID_BYTES], uint32_t expected)
{
    uint32_t payload_len;

    if (len < GL_FRAME_HEADER_BYTES)
        return GL_FRAME_SHORT;
    payload_len = get32(buf + 4);
    if (payload_len < 1 || payload_len > GL_FRAME_PAYLOAD_MAX ||
        get32(buf) != frame_header_crc(id, buf))
        return GL_FRAME_BAD;
    frame->index = get32(buf + 8);
    frame->delta_ms = get32(buf + 12);
    frame->type = get16(buf + 16);
    frame->flags = get16(buf + 18);
    frame->payload = buf + GL_FRAME_HEADER_BYTES;
    frame->payload_len = payload_len;
    frame->bytes = (uint32_t) GL_FRAME_BYTES(payload_len);
    if (expected != 0 && frame->index != expected)
        return GL_FRAME_ELSEWHERE;
    if (len < frame->bytes)
        return GL_FRAME_SHORT;
    if (get32(buf + 20) != gl_crc32c(0, frame->payload, payload_len))
        return GL_FRAME_PAYLOAD;
    return GL_FRAME_OK;
}

void
gl_segment_name(char name[GL_SEGMENT_NAME_MAX],
                const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    int i;

    for (i = 0; i < GL_SEGMENT_ID_BYTES; i++) {
        name[2 * i] = digits[id[i] >> 4];
        name[2 * i + 1] = digits[id[i] & 15];
    }
    memcpy(name + 2 * GL_SEGMENT_ID_BYTES, GL_SEGMENT_SUFFIX,
           sizeof GL_SEGMENT_SUFFIX);
}
