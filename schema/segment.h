/*
 * The bytes of a spool segment, shared by the worker that writes it and the
 * aggregator that reads it.  Little endian.  spool rules: see
 * schema/README.md.
 *
 *  file   0 ............ 4096 ................................ segment_bytes
 *         | header page  | frame | frame | frame | zeros ...            |
 *
 *  header, the same in every major
 *    0  8 magic "GLINTOS1"        48  4 ordinal in incarnation 80 16 boot id
 *    8  2 major = 1               52  4 pid                    96  4 segment
 *   10  2 minor                   56  4 worker number                bytes
 *   12  4 header bytes = 4096     60  4 flags                 100  4 zero
 *   16 16 segment id, random      64  8 wall ms at creation   104  4 CRC32C of
 *   32 16 incarnation id, random  72  8 boot-clock ms                0..103
 *  drop block, written again in place by one pwrite
 *  128  8 drops of incarnation   136  8 first drop, wall ms
 *  144  8 last drop, wall ms     152  4 CRC32C(segment id + 128..151)
 *
 *  frame of major 1, 8-byte aligned
 *    0  4 hcrc = CRC32C(segment id + bytes 4..23)
 *    4  4 payload length, 1..8192
 *    8  4 index 1, 2, 3, ...
 *   12  4 delta ms since the header's boot clock
 *   16  2 type                    18  2 flags
 *   20  4 pcrc = CRC32C(payload)
 *   24  . payload, zero padded to a multiple of 8
 *
 *  frame of major 2: nothing writes or reads it but the test build of
 *  GL_SEGMENT_MAJOR=2, which proves the rules of versions until a real second
 *  format takes the number
 *    0  4 hcrc = CRC32C(segment id + bytes 4..31)
 *    4  4 payload length           8  4 index
 *   12  4 pcrc                    16  2 type      18  2 flags    20  4 zero
 *   24  8 delta microseconds since the header's boot clock
 *   32  . payload, zero padded to a multiple of 8
 *
 *  A frame is valid when hcrc is right, index is the expected one, the length
 *  is in range and inside the segment, and pcrc is right.  hcrc starts with
 *  the segment id, so that no other segment's bytes, and no payload a visitor
 *  composed, can pass for a frame.
 */

#ifndef GL_SEGMENT_H
#define GL_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#define GL_SEGMENT_MAGIC "GLINTOS1"
/* Written; read are this one and the one before. */
#ifndef GL_SEGMENT_MAJOR
#define GL_SEGMENT_MAJOR 1
#endif
#define GL_SEGMENT_MINOR 0
#define GL_SEGMENT_HEADER_BYTES 4096
#define GL_SEGMENT_ID_BYTES 16
#define GL_SEGMENT_BYTES_DEFAULT (1024 * 1024)
#ifndef GL_SEGMENT_BYTES_MIN /* smaller in tests/faults/sim */
#define GL_SEGMENT_BYTES_MIN (64 * 1024)
#endif
#define GL_SEGMENT_BYTES_MAX (16 * 1024 * 1024)
#define GL_SEGMENT_HEADER_CRC_AT 104
#define GL_SEGMENT_DROPS_AT 128
#define GL_SEGMENT_DROPS_BYTES 28

/* Of the frames written. */
#define GL_FRAME_HEADER_BYTES (GL_SEGMENT_MAJOR == 1 ? 24 : 32)
#define GL_FRAME_PAYLOAD_MAX 8192
#define GL_FRAME_MAX (GL_FRAME_HEADER_BYTES + GL_FRAME_PAYLOAD_MAX)
#define GL_FRAME_BYTES(payload)                                               \
    (((size_t) (payload) + GL_FRAME_HEADER_BYTES + 7) & ~(size_t) 7)

/* File names: "<32 hex>.seg", and "t-<32 hex>" while being made. */
#define GL_SEGMENT_SUFFIX ".seg"
#define GL_SEGMENT_TEMP_PREFIX "t-"
#define GL_SEGMENT_NAME_MAX 40

enum gl_frame_type {
    GL_FRAME_EVENT = 1,
    GL_FRAME_COUNTS = 2,
    GL_FRAME_SERVED = 3 /* an event's map: a page served, or of its visitor */
};

struct gl_segment_header {
    uint16_t major, minor;
    uint8_t id[GL_SEGMENT_ID_BYTES];
    uint8_t incarnation[GL_SEGMENT_ID_BYTES];
    uint32_t ordinal, pid, worker, flags;
    int64_t wall_ms, boot_ms;
    uint8_t boot_id[16];
    uint32_t segment_bytes;
};

struct gl_segment_drops {
    uint64_t total; /* requests of this incarnation answered 503 */
    int64_t first_ms, last_ms;
};

struct gl_frame {
    uint32_t index;
    uint32_t delta_ms;
    uint16_t type, flags;
    uint32_t payload_crc;
    const uint8_t *payload; /* inside the buffer that was parsed */
    uint32_t payload_len;
    uint32_t bytes; /* whole frame with padding */
};

enum gl_frame_result {
    GL_FRAME_OK = 0,
    GL_FRAME_SHORT,    /* BUF ends before the frame does */
    GL_FRAME_BAD,      /* not a valid frame header at this place */
    GL_FRAME_PAYLOAD,  /* header right, payload's checksum wrong: skip it */
    GL_FRAME_ELSEWHERE /* header right, index is not the expected one */
};

/* Write the header page's first 108 bytes into PAGE (4096 bytes, zeroed). */
void gl_segment_header_write(uint8_t *page, const struct gl_segment_header *h);

/*
 * Parse a header page.  0, or -1: wrong magic, checksum or sizes.  A major
 * not known here is no error: the caller looks at it.
 */
int gl_segment_header_read(struct gl_segment_header *h, const uint8_t *page);

/* 1 = segments of MAJOR can be read by this program. */
int gl_segment_is_known(uint16_t major);
/* The major that PAGE claims, checksum or not; -1 = none. */
int gl_segment_claim(const uint8_t *page);

void gl_segment_drops_write(uint8_t block[GL_SEGMENT_DROPS_BYTES],
                            const uint8_t id[GL_SEGMENT_ID_BYTES],
                            const struct gl_segment_drops *drops);
/* 0, or -1 when the checksum is wrong (or the block was never written). */
int gl_segment_drops_read(struct gl_segment_drops *drops,
                          const uint8_t id[GL_SEGMENT_ID_BYTES],
                          const uint8_t block[GL_SEGMENT_DROPS_BYTES]);

/*
 * Frame the payload that already lies at BUF + GL_FRAME_HEADER_BYTES: writes
 * header and padding around it.  Returns GL_FRAME_BYTES(payload_len).
 */
size_t gl_frame_write(uint8_t *buf, const uint8_t id[GL_SEGMENT_ID_BYTES],
                      uint32_t payload_len, uint32_t index, uint32_t delta_ms,
                      uint16_t type);

/* Bytes of the frame that gl_frame_write() made at BUF, and its type. */
size_t gl_frame_written(const uint8_t *buf);
uint16_t gl_frame_written_type(const uint8_t *buf);

/*
 * Parse one frame at BUF (LEN bytes are there) of the segment that HEADER
 * (major and id) is of.  EXPECTED is the index it must have; 0 takes any.
 * Fills FRAME for OK, PAYLOAD and ELSEWHERE.
 */
enum gl_frame_result gl_frame_read(struct gl_frame *frame, const uint8_t *buf,
                                   size_t len,
                                   const struct gl_segment_header *header,
                                   uint32_t expected);
/* As gl_frame_read(), without a look at the payload: PAYLOAD is OK. */
enum gl_frame_result gl_frame_head(struct gl_frame *frame, const uint8_t *buf,
                                   size_t len,
                                   const struct gl_segment_header *header,
                                   uint32_t expected);

/* The shortest frame a segment of MAJOR may hold. */
uint32_t gl_frame_least_bytes(uint16_t major);

/* NAME gets "<32 hex>.seg" of ID, terminated. */
void gl_segment_name(char name[GL_SEGMENT_NAME_MAX],
                     const uint8_t id[GL_SEGMENT_ID_BYTES]);
/* ID gets what NAME spells: 0, or -1 when it is no segment's name. */
int gl_segment_name_read(uint8_t id[GL_SEGMENT_ID_BYTES], const char *name);
/* 1 = NAME ends in ".seg", whatever is before. */
int gl_segment_name_ends(const char *name);

#endif
