/*
 * Bytes of a segment to structs and back (segment.h has the drawing).  Pure:
 * no files, no memory of its own.  Runs in the worker and in the aggregator's
 * writer thread.
 */

#include "gl_assert.h"
#include "segment.h"
#include "crc32c.h"
#include "event.h"
#include "little_endian.h"

#include <string.h>

/* In pieces as its checksum reads them next, which waits for smaller ones. */
static void
put_head_1(uint8_t *at, const struct gl_frame *frame)
{
    gl_put64(at + 4, frame->payload_len | (uint64_t) frame->index << 32);
    gl_put64(at + 12, frame->delta_ms | (uint64_t) frame->type << 32 |
                          (uint64_t) frame->flags << 48);
    gl_put32(at + 20, frame->payload_crc);
}

static void
get_head_1(struct gl_frame *frame, const uint8_t *at)
{
    frame->payload_len = gl_get32(at + 4);
    frame->index = gl_get32(at + 8);
    frame->delta_ms = gl_get32(at + 12);
    frame->type = gl_get16(at + 16);
    frame->flags = gl_get16(at + 18);
    frame->payload_crc = gl_get32(at + 20);
}

#if GL_SEGMENT_MAJOR >= 2
static void
put_head_2(uint8_t *at, const struct gl_frame *frame)
{
    gl_put32(at + 4, frame->payload_len);
    gl_put32(at + 8, frame->index);
    gl_put32(at + 12, frame->payload_crc);
    gl_put16(at + 16, frame->type);
    gl_put16(at + 18, frame->flags);
    gl_put32(at + 20, 0);
    gl_put64(at + 24, (uint64_t) frame->delta_ms * 1000);
}

static void
get_head_2(struct gl_frame *frame, const uint8_t *at)
{
    frame->payload_len = gl_get32(at + 4);
    frame->index = gl_get32(at + 8);
    frame->payload_crc = gl_get32(at + 12);
    frame->type = gl_get16(at + 16);
    frame->flags = gl_get16(at + 18);
    frame->delta_ms = (uint32_t) (gl_get64(at + 24) / 1000);
}
#endif

/*
 * The formats this program reads: its own and the one before.  They differ in
 * a frame's header; its first four bytes are the checksum of the rest.
 */
static const struct format {
    uint16_t major, head_bytes;
    void (*put)(uint8_t *at, const struct gl_frame *frame);
    void (*get)(struct gl_frame *frame, const uint8_t *at);
} formats[] = {
#if GL_SEGMENT_MAJOR >= 2
    {2, 32, put_head_2, get_head_2},
#endif
    {1, 24, put_head_1, get_head_1},
};

_Static_assert(GL_EVENT_SCHEMA <= GL_SEGMENT_MAJOR,
               "an older aggregator holds whole segments, never single "
               "frames: a new schema needs a new major");

static const struct format *
format_of(uint16_t major)
{
    size_t i;

    for (i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].major == major)
            return &formats[i];
    return NULL;
}

int
gl_segment_is_known(uint16_t major)
{
    return format_of(major) != NULL;
}

void
gl_segment_header_write(uint8_t *page, const struct gl_segment_header *h)
{
    memcpy(page, GL_SEGMENT_MAGIC, 8);
    gl_put16(page + 8, h->major);
    gl_put16(page + 10, h->minor);
    gl_put32(page + 12, GL_SEGMENT_HEADER_BYTES);
    memcpy(page + 16, h->id, GL_SEGMENT_ID_BYTES);
    memcpy(page + 32, h->incarnation, GL_SEGMENT_ID_BYTES);
    gl_put32(page + 48, h->ordinal);
    gl_put32(page + 52, h->pid);
    gl_put32(page + 56, h->worker);
    gl_put32(page + 60, h->flags);
    gl_put64(page + 64, (uint64_t) h->wall_ms);
    gl_put64(page + 72, (uint64_t) h->boot_ms);
    memcpy(page + 80, h->boot_id, sizeof h->boot_id);
    gl_put32(page + 96, h->segment_bytes);
    gl_put32(page + 100, 0);
    gl_put32(page + GL_SEGMENT_HEADER_CRC_AT,
             gl_crc32c(0, page, GL_SEGMENT_HEADER_CRC_AT));
}

int
gl_segment_header_read(struct gl_segment_header *h, const uint8_t *page)
{
    uint32_t crc = gl_crc32c(0, page, GL_SEGMENT_HEADER_CRC_AT);

    if (memcmp(page, GL_SEGMENT_MAGIC, 8) != 0 ||
        crc != gl_get32(page + GL_SEGMENT_HEADER_CRC_AT))
        return -1;
    h->major = gl_get16(page + 8);
    h->minor = gl_get16(page + 10);
    memcpy(h->id, page + 16, GL_SEGMENT_ID_BYTES);
    memcpy(h->incarnation, page + 32, GL_SEGMENT_ID_BYTES);
    h->ordinal = gl_get32(page + 48);
    h->pid = gl_get32(page + 52);
    h->worker = gl_get32(page + 56);
    h->flags = gl_get32(page + 60);
    h->wall_ms = (int64_t) gl_get64(page + 64);
    h->boot_ms = (int64_t) gl_get64(page + 72);
    memcpy(h->boot_id, page + 80, sizeof h->boot_id);
    h->segment_bytes = gl_get32(page + 96);
    if (!gl_segment_is_known(h->major)) /* its sizes may mean anything */
        return 0;
    if (gl_get32(page + 12) != GL_SEGMENT_HEADER_BYTES ||
        h->segment_bytes < GL_SEGMENT_BYTES_MIN ||
        h->segment_bytes > GL_SEGMENT_BYTES_MAX)
        return -1;
    return 0;
}

int
gl_segment_claim(const uint8_t *page)
{
    uint16_t major = gl_get16(page + 8);

    /* 0 was never one: the magic alone is half a header */
    return memcmp(page, GL_SEGMENT_MAGIC, 8) == 0 && major != 0 ? major : -1;
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
    gl_put64(block, drops->total);
    gl_put64(block + 8, (uint64_t) drops->first_ms);
    gl_put64(block + 16, (uint64_t) drops->last_ms);
    gl_put32(block + 24, drops_crc(id, block));
}

int
gl_segment_drops_read(struct gl_segment_drops *drops,
                      const uint8_t id[GL_SEGMENT_ID_BYTES],
                      const uint8_t block[GL_SEGMENT_DROPS_BYTES])
{
    if (gl_get32(block + 24) != drops_crc(id, block))
        return -1;
    drops->total = gl_get64(block);
    drops->first_ms = (int64_t) gl_get64(block + 8);
    drops->last_ms = (int64_t) gl_get64(block + 16);
    return 0;
}

static uint32_t
head_crc(const uint8_t *id, const uint8_t *frame, const struct format *format)
{
    return gl_crc32c(gl_crc32c(0, id, GL_SEGMENT_ID_BYTES), frame + 4,
                     format->head_bytes - 4U);
}

static uint32_t
frame_bytes(const struct format *format, uint32_t payload_len)
{
    return (format->head_bytes + payload_len + 7) & ~UINT32_C(7);
}

size_t
gl_frame_write(uint8_t *buf, const uint8_t id[GL_SEGMENT_ID_BYTES],
               uint32_t payload_len, uint32_t index, uint32_t delta_ms,
               uint16_t type)
{
    const struct format *format = &formats[0];
    size_t used = GL_FRAME_HEADER_BYTES + (size_t) payload_len;
    size_t bytes = GL_FRAME_BYTES(payload_len);
    struct gl_frame frame = {.payload_len = payload_len,
                             .index = index,
                             .delta_ms = delta_ms,
                             .type = type};

    GL_ASSERT(payload_len >= 1 && payload_len <= GL_FRAME_PAYLOAD_MAX);
    GL_ASSERT(used <= bytes);
    memset(buf + used, 0, bytes - used);
    frame.payload_crc = gl_crc32c(0, buf + GL_FRAME_HEADER_BYTES, payload_len);
    format->put(buf, &frame);
    gl_put32(buf, head_crc(id, buf, format));
    return bytes;
}

size_t
gl_frame_written(const uint8_t *buf)
{
    return GL_FRAME_BYTES(gl_get32(buf + 4));
}

uint16_t
gl_frame_written_type(const uint8_t *buf)
{
    return gl_get16(buf + 16);
}

enum gl_frame_result
gl_frame_head(struct gl_frame *frame, const uint8_t *buf, size_t len,
              const struct gl_segment_header *header, uint32_t expected)
{
    const struct format *format = format_of(header->major);

    if (format == NULL)
        return GL_FRAME_BAD;
    if (len < format->head_bytes)
        return GL_FRAME_SHORT;
    format->get(frame, buf);
    if (frame->payload_len < 1 || frame->payload_len > GL_FRAME_PAYLOAD_MAX ||
        gl_get32(buf) != head_crc(header->id, buf, format))
        return GL_FRAME_BAD;
    frame->payload = buf + format->head_bytes;
    frame->bytes = frame_bytes(format, frame->payload_len);
    GL_ASSERT(frame->bytes <= GL_FRAME_MAX && frame->bytes % 8 == 0);
    if (expected != 0 && frame->index != expected)
        return GL_FRAME_ELSEWHERE;
    return len < frame->bytes ? GL_FRAME_SHORT : GL_FRAME_OK;
}

enum gl_frame_result
gl_frame_read(struct gl_frame *frame, const uint8_t *buf, size_t len,
              const struct gl_segment_header *header, uint32_t expected)
{
    enum gl_frame_result result =
        gl_frame_head(frame, buf, len, header, expected);

    if (result == GL_FRAME_OK &&
        frame->payload_crc != gl_crc32c(0, frame->payload, frame->payload_len))
        return GL_FRAME_PAYLOAD;
    return result;
}

uint32_t
gl_frame_least_bytes(uint16_t major)
{
    const struct format *format = format_of(major);

    return format == NULL ? UINT32_MAX : frame_bytes(format, 1);
}

static const char digits[] = "0123456789abcdef";

void
gl_segment_name(char name[GL_SEGMENT_NAME_MAX],
                const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    int i;

    for (i = 0; i < GL_SEGMENT_ID_BYTES; i++) {
        name[2 * i] = digits[id[i] >> 4];
        name[2 * i + 1] = digits[id[i] & 15];
    }
    memcpy(name + 2 * GL_SEGMENT_ID_BYTES, GL_SEGMENT_SUFFIX,
           sizeof GL_SEGMENT_SUFFIX);
}

int
gl_segment_name_read(uint8_t id[GL_SEGMENT_ID_BYTES], const char *name)
{
    int i;

    memset(id, 0, GL_SEGMENT_ID_BYTES);
    for (i = 0; i < 2 * GL_SEGMENT_ID_BYTES; i++) {
        const char *digit = name[i] == '\0' ? NULL : strchr(digits, name[i]);
        if (digit == NULL)
            return -1;
        id[i / 2] = (uint8_t) (id[i / 2] << 4 | (digit - digits));
    }
    return strcmp(name + i, GL_SEGMENT_SUFFIX) == 0 ? 0 : -1;
}

int
gl_segment_name_ends(const char *name)
{
    size_t len = strlen(name), suffix = sizeof GL_SEGMENT_SUFFIX - 1;

    return len > suffix && strcmp(name + len - suffix, GL_SEGMENT_SUFFIX) == 0;
}
