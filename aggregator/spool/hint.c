/*
 * Packets of the hint socket (schema/hint.h).  Only the frames of an EVENTS
 * packet are ever used, and only when they continue the cursor exactly; they
 * pass the same checks as frames from the file.  All else is a doorbell; of a
 * HELLO it is kept, too, whether its worker writes to our directory.
 */

#include "spool/spool_internal.h"

#include "hint.h"
#include "little_endian.h"

#include <string.h>
#include <sys/stat.h>

/* Where the worker of INCARNATION stands among the strays, or their number. */
static size_t
find_stray(const struct gl_spool *spool, const uint8_t *incarnation)
{
    size_t at;

    for (at = 0; at < spool->strays_n; at++)
        if (memcmp(spool->strays[at], incarnation, GL_SEGMENT_ID_BYTES) == 0)
            break;
    return at;
}

static void
add_stray(struct gl_spool *spool, const uint8_t *packet)
{
    if (spool->strays_n == GL_SPOOL_STRAYS_MAX)
        return;
    if (spool->strays_n == 0)
        gl_spool_alarm_(spool,
                        "worker %u writes to another spool directory than "
                        "this program reads",
                        gl_get32(packet + 8));
    memcpy(spool->strays[spool->strays_n++], packet + 12, GL_SEGMENT_ID_BYTES);
}

/* A worker is a stray until it says otherwise, or has gone. */
static void
hello(struct gl_spool *spool, const uint8_t *packet)
{
    uint64_t dev = gl_get64(packet + GL_HINT_PLACE_AT),
             ino = gl_get64(packet + GL_HINT_PLACE_AT + 8);
    size_t at = find_stray(spool, packet + 12);
    struct stat st;
    int stray;

    gl_spool_ring(spool);
    if (fstat(spool->dirfd, &st) == -1)
        return;
    stray = (dev != 0 || ino != 0) &&
            (dev != (uint64_t) st.st_dev || ino != (uint64_t) st.st_ino);
    if (stray && at == spool->strays_n)
        add_stray(spool, packet);
    else if (!stray && at < spool->strays_n)
        memmove(spool->strays[at], spool->strays[--spool->strays_n],
                GL_SEGMENT_ID_BYTES);
    spool->stats.elsewhere = spool->strays_n > 0;
}

static int
events(struct gl_spool *spool, const uint8_t *packet, size_t len)
{
    const uint8_t *id = packet + 16, *raw = packet + 32;
    uint32_t raw_len = (uint32_t) len - GL_HINT_EVENTS_HEADER_BYTES, space;
    char name[GL_SEGMENT_NAME_MAX];
    size_t before = spool->frames_n;
    struct gl_spool_file *file;
    uint8_t *bytes;

    spool->stats.hints++;
    gl_segment_name(name, id);
    file = gl_spool_find_(spool, name);
    if (file == NULL) { /* made since the last listing */
        gl_spool_ring(spool);
        return 0;
    }
    if (spool->backlog) /* older frames come first */
        return 0;
    if (file->state != GL_SPOOL_READING ||
        gl_get32(packet + 4) != file->index ||
        gl_get32(packet + 8) != file->offset ||
        raw_len > file->limit - file->offset)
        return 0;
    bytes = gl_spool_space_(spool, raw_len, &space);
    if (bytes == NULL)
        return 0;
    memcpy(bytes, raw, raw_len);
    if (gl_spool_take_(spool, file, bytes, raw_len) == 0)
        return 0;
    spool->stats.hints_used++;
    return (int) (spool->frames_n - before);
}

int
gl_spool_hint(struct gl_spool *spool, const uint8_t *packet, size_t len)
{
    if (len < 4 || len > GL_HINT_PACKET_MAX)
        return -1;
    if (packet[1] != GL_HINT_PROTO) /* of a newer worker */
        return 0;
    switch (packet[0]) {
    case GL_HINT_HELLO:
        if (len != GL_HINT_HELLO_BYTES)
            return -1;
        hello(spool, packet);
        return 0;
    case GL_HINT_EVENTS:
        if (len <= GL_HINT_EVENTS_HEADER_BYTES)
            return -1;
        return events(spool, packet, len);
    case GL_HINT_SEALED:
        gl_spool_ring(spool);
        return len == GL_HINT_SEALED_BYTES ? 0 : -1;
    case GL_HINT_DROPS:
        return len == GL_HINT_DROPS_BYTES ? 0 : -1;
    default:
        return -1;
    }
}
