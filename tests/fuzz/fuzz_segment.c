/*
 * Door: a whole segment file, written by anybody who may write to the spool.
 * A frame is delivered only as it stands in the file, in order of index, once;
 * the reader comes to an end, and to the same end with a living writer first.
 *
 * Input: one byte of FILE_* bits, then pieces: a byte of PIECE_* bits, two
 * bytes of length, so many bytes.  A piece becomes a frame with the next
 * index, unless its bits say otherwise.
 */

#include "fuzz.h"
#include "spool_world.h"
#include "tap.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_HEADER_BAD 1 /* its checksum is wrong */
#define FILE_SHORT 2      /* ends with its last byte */
#define FILE_LIVING 4     /* read once while a writer holds it */
#define FILE_NEWER 8      /* of a later format */

#define PIECE_RAW 1      /* bytes as they are, no frame */
#define PIECE_SKIP 2     /* an index is left out before */
#define PIECE_AGAIN 4    /* the index before comes again */
#define PIECE_HEADER 8   /* a wrong byte in the frame's header */
#define PIECE_PAYLOAD 16 /* and in its payload */

static const uint8_t id[GL_SEGMENT_ID_BYTES] = {1, 35, 69, 103};
static const struct gl_segment_header ours = {.major = GL_SEGMENT_MAJOR,
                                              .id = {1, 35, 69, 103}};
static uint8_t bytes[WORLD_SEGMENT_BYTES];
static struct world world;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    world_open(&world);
    world_start(&world);
    return 0;
}

static void
put_header(int what)
{
    struct gl_segment_header header = {.major = GL_SEGMENT_MAJOR,
                                       .wall_ms = world.wall_ms,
                                       .boot_ms = world.boot_ms,
                                       .segment_bytes = WORLD_SEGMENT_BYTES};

    header.major = (uint16_t) (header.major + ((what & FILE_NEWER) != 0));
    memcpy(header.id, id, sizeof id);
    gl_segment_header_write(bytes, &header);
    if (what & FILE_HEADER_BAD)
        bytes[GL_SEGMENT_HEADER_CRC_AT] ^= 1;
}

/* Returns how many bytes it became. */
static size_t
put_piece(struct fuzz_bytes *in, uint8_t *at, size_t room, uint32_t *index)
{
    int what = fuzz_take(in);
    size_t len = fuzz_take16(in), got, made;
    const uint8_t *from = fuzz_take_some(in, len, &got);

    if (what & PIECE_RAW) {
        made = got < room ? got : room;
        if (made > 0)
            memcpy(at, from, made);
        return (made + 7) & ~(size_t) 7;
    }
    if (got < 1 || got > GL_FRAME_PAYLOAD_MAX || GL_FRAME_BYTES(got) > room)
        return room;
    *index += what & PIECE_AGAIN ? 0 : what & PIECE_SKIP ? 2 : 1;
    memcpy(at + GL_FRAME_HEADER_BYTES, from, got);
    made = gl_frame_write(at, id, (uint32_t) got, *index, *index,
                          (uint16_t) (1 + got % 3));
    if (what & PIECE_HEADER)
        at[what % GL_FRAME_HEADER_BYTES] ^= 1;
    if (what & PIECE_PAYLOAD)
        at[GL_FRAME_HEADER_BYTES + got / 2] ^= 1;
    return made;
}

static size_t
put_file(struct fuzz_bytes *in, int what)
{
    size_t used = GL_SEGMENT_HEADER_BYTES;
    uint32_t index = 0;

    memset(bytes, 0, sizeof bytes);
    put_header(what);
    while (in->left > 0 && used < sizeof bytes)
        used += put_piece(in, bytes + used, sizeof bytes - used, &index);
    return what & FILE_SHORT && used < sizeof bytes ? used : sizeof bytes;
}

/* The twin: is there such a frame anywhere in the file? */
static int
stands_there(const struct gl_spool_frame *frame)
{
    struct gl_frame found;
    size_t at;

    for (at = GL_SEGMENT_HEADER_BYTES; at < sizeof bytes; at += 8)
        if (gl_frame_read(&found, bytes + at, sizeof bytes - at, &ours,
                          frame->index) == GL_FRAME_OK &&
            found.payload_len == frame->payload_len &&
            memcmp(found.payload, frame->payload, found.payload_len) == 0)
            return 1;
    return 0;
}

static void
read_frames(uint32_t *last)
{
    const struct gl_spool_frame *frames;
    size_t n, i;
    int more, rounds = 0;

    do {
        more = gl_spool_read(world.spool, world.wall_ms, world.boot_ms,
                             &frames, &n);
        for (i = 0; i < n; i++) {
            FUZZ_MUST(frames[i].index > *last);
            FUZZ_MUST(stands_there(&frames[i]));
            *last = frames[i].index;
        }
        gl_spool_release(world.spool);
        FUZZ_MUST(++rounds < 100);
    } while (more);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes in = {data, size};
    int what = fuzz_take(&in), writer;
    size_t len = put_file(&in, what);
    uint32_t last = 0;
    char path[512];

    world_path(&world, path, id);
    fuzz_store(path, bytes, len);
    gl_spool_ring(world.spool);
    writer = open(path, O_RDWR | O_CLOEXEC);
    FUZZ_MUST(writer != -1);
    if (what & FILE_LIVING) {
        FUZZ_MUST(flock(writer, LOCK_EX) == 0);
        read_frames(&last);
        FUZZ_MUST(world_settle(&world) == 0);
    }
    close(writer);
    read_frames(&last);
    read_frames(&last);
    /* one that may be of a newer format is left alone */
    if ((what & (FILE_NEWER | FILE_HEADER_BAD)) == FILE_NEWER)
        FUZZ_MUST(world_settle(&world) == 0);
    else
        FUZZ_MUST(world_settle(&world) == 1 || what & FILE_NEWER);
    unlink(path);
    gl_spool_ring(world.spool);
    read_frames(&last);
    FUZZ_MUST(world_segments(&world) == 0);
    return 0;
}
