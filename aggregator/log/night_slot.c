/*
 * Chunks of a slot become packs; see night_slot.h.
 *
 *   chunks with two ids ─► who there is
 *   all chunks, and packs of those times ─► their visits (people.h)
 *   all chunks ─► packs, with the ids of their visits
 */

#include "log/night_slot.h"

#include "event.h"
#include "log/pack.h"
#include "log/people.h"
#include "log/visitor.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNKS_AT_ONCE 512
#define PACKS_AT_ONCE 4
/* "\\x", hex, 0 */
#define SEG_TEXT (2 * GL_SEGMENT_ID_BYTES + 3)

struct row {
    uint64_t xid;
    const uint8_t *seg;
    const uint8_t *frames, *before;
    size_t frames_len, before_len;
};

struct slot {
    struct gl_server *server;
    int n;
    struct gl_people *people;
    struct gl_pack pack;
    uint64_t last; /* transaction, of what is in .pack */
    int64_t oldest_ms, newest_ms;
    GByteArray *plain, *packed;
    GString *hex;
    struct gl_nighted *done;
};

/* ---- read ---- */

static int
damaged(struct slot *s)
{
    g_strlcpy(s->server->why, "a chunk of the log is damaged",
              sizeof s->server->why);
    return -1;
}

static int
get_row(const PGresult *rows, int at, struct row *row)
{
    if (PQgetlength(rows, at, 0) != sizeof row->xid ||
        PQgetlength(rows, at, 1) != GL_SEGMENT_ID_BYTES)
        return -1;
    memcpy(&row->xid, PQgetvalue(rows, at, 0), sizeof row->xid);
    row->xid = be64toh(row->xid);
    row->seg = (const uint8_t *) PQgetvalue(rows, at, 1);
    row->frames = (const uint8_t *) PQgetvalue(rows, at, 3);
    row->frames_len = (size_t) PQgetlength(rows, at, 3);
    row->before = (const uint8_t *) PQgetvalue(rows, at, 4);
    row->before_len = (size_t) PQgetlength(rows, at, 4);
    return 0;
}

/* Where the next answer begins: behind the last row of this one. */
struct after {
    char xid[24], seg[SEG_TEXT], first[12];
};

static void
note_after(const PGresult *rows, int at, struct after *after)
{
    const uint8_t *seg = (const uint8_t *) PQgetvalue(rows, at, 1);
    uint64_t xid;
    uint32_t first;

    memcpy(&xid, PQgetvalue(rows, at, 0), sizeof xid);
    memcpy(&first, PQgetvalue(rows, at, 2), sizeof first);
    snprintf(after->xid, sizeof after->xid, "%" G_GUINT64_FORMAT,
             be64toh(xid));
    snprintf(after->first, sizeof after->first, "%u", be32toh(first));
    strcpy(after->seg, "\\x");
    for (int i = 0; i < GL_SEGMENT_ID_BYTES; i++)
        snprintf(after->seg + 2 + 2 * i, 3, "%02x", seg[i]);
}

typedef int each_row(struct slot *s, const struct row *row);

/* EACH of the chunks, those with two ids or all, in the order of cities. */
static int
each_chunk(struct slot *s, int pairs, each_row *each)
{
    struct after after = {"0", "\\x", "0"};
    const char *values[] = {after.xid, after.seg, after.first};
    char *sql = g_strdup_printf(
        "SELECT xid, seg, first, frames, before FROM chunk_%d WHERE "
        "(xid, seg, first) > ($1::xid8, $2::bytea, $3::int)%s "
        "ORDER BY xid, seg, first LIMIT %d",
        s->n, pairs ? " AND before IS NOT NULL" : "", CHUNKS_AT_ONCE);
    int n = CHUNKS_AT_ONCE, result = 0;

    while (n == CHUNKS_AT_ONCE && result == 0) {
        PGresult *rows = gl_server_ask(s->server, sql, 3, values, 1);
        struct row row;

        n = rows == NULL ? 0 : PQntuples(rows);
        result = rows == NULL ? -1 : 0;
        for (int i = 0; i < n && result == 0; i++)
            result = get_row(rows, i, &row) == 0 ? each(s, &row) : damaged(s);
        if (n > 0)
            note_after(rows, n - 1, &after);
        PQclear(rows);
    }
    g_free(sql);
    return result;
}

static int
note_pairs(struct slot *s, const struct row *row)
{
    struct gl_chunk_frame frame;
    size_t at = 0;

    if (gl_chunk_unpack(s->plain, row->frames, row->frames_len) != 0)
        return 0;
    while (gl_chunk_next(s->plain, &at, &frame) == 1)
        gl_people_pair(
            s->people, &frame,
            gl_before_find(row->before, row->before_len, frame.index));
    return 0;
}

static int
note_events(struct slot *s, const struct row *row)
{
    struct gl_chunk_frame frame;
    size_t at = 0;

    if (gl_chunk_unpack(s->plain, row->frames, row->frames_len) != 0)
        return 0;
    while (gl_chunk_next(s->plain, &at, &frame) == 1)
        gl_people_frame(s->people, &frame);
    return 0;
}

static int
note_pack(struct slot *s, const PGresult *rows, int at)
{
    struct gl_unpacked pack;

    if (gl_pack_open(&pack, s->plain, PQgetvalue(rows, at, 1),
                     (size_t) PQgetlength(rows, at, 1)) != 0)
        return 0; /* cities tell of it */
    while (gl_pack_next(&pack) == 1)
        gl_people_frame(s->people, &pack.frame);
    return 0;
}

/* What was packed before of the times of these people. */
static int
note_packs(struct slot *s)
{
    char last[24] = "0", from[24], to[24];
    const char *values[] = {last, from, to};
    int64_t from_ms, to_ms;
    int n = PACKS_AT_ONCE;

    gl_people_times(s->people, &from_ms, &to_ms);
    snprintf(from, sizeof from, "%" G_GINT64_FORMAT, from_ms);
    snprintf(to, sizeof to, "%" G_GINT64_FORMAT, to_ms);
    while (n == PACKS_AT_ONCE) {
        PGresult *rows = gl_server_ask(
            s->server,
            "SELECT last, frames FROM pack WHERE last > $1::xid8 AND newest "
            ">= $2::bigint AND oldest <= $3::bigint AND slot <= (SELECT "
            "packed FROM night) ORDER BY pack.last "
            "LIMIT " G_STRINGIFY(PACKS_AT_ONCE),
            3, values, 1);
        uint64_t xid;

        if (rows == NULL)
            return -1;
        n = PQntuples(rows);
        for (int i = 0; i < n; i++)
            note_pack(s, rows, i);
        if (n > 0) {
            memcpy(&xid, PQgetvalue(rows, n - 1, 0), sizeof xid);
            snprintf(last, sizeof last, "%" G_GUINT64_FORMAT, be64toh(xid));
        }
        PQclear(rows);
    }
    return 0;
}

/* ---- write ---- */

static int
write_pack(struct slot *s)
{
    char slot[12], last[24], oldest[24], newest[24];
    const char *values[] = {slot, last, oldest, newest, NULL};
    PGresult *result;

    if (gl_pack_bytes(&s->pack) == 0)
        return 0;
    if (gl_pack_finish(&s->pack, s->packed) != 0) {
        g_strlcpy(s->server->why, "out of memory", sizeof s->server->why);
        return -1;
    }
    snprintf(slot, sizeof slot, "%d", s->n);
    snprintf(last, sizeof last, "%" G_GUINT64_FORMAT, s->last);
    snprintf(oldest, sizeof oldest, "%" G_GINT64_FORMAT, s->oldest_ms);
    snprintf(newest, sizeof newest, "%" G_GINT64_FORMAT, s->newest_ms);
    gl_server_bytea(s->hex, s->packed);
    values[4] = s->hex->str;
    result = gl_server_ask(s->server,
                           "INSERT INTO pack (slot, last, oldest, newest, "
                           "frames) VALUES ($1::int, $2::xid8, $3::bigint, "
                           "$4::bigint, $5::bytea)",
                           5, values, 0);
    PQclear(result);
    s->done->packs++;
    s->done->bytes += s->packed->len;
    s->oldest_ms = INT64_MAX;
    s->newest_ms = INT64_MIN;
    return result == NULL ? -1 : 0;
}

static void
add_frame(struct slot *s, const struct row *row, struct gl_chunk_frame *frame)
{
    uint8_t payload[GL_FRAME_PAYLOAD_MAX];
    uint64_t visitor = gl_people_visitor(s->people, frame);
    uint32_t n = visitor == 0 ? 0
                              : gl_visitor_set(gl_people_decoder(s->people),
                                               frame, visitor, 0, payload);

    if (n > 0) {
        frame->payload = payload;
        frame->payload_len = n;
    }
    gl_pack_add(&s->pack, row->seg, row->xid, frame);
    s->oldest_ms = MIN(s->oldest_ms, frame->at_ms);
    s->newest_ms = MAX(s->newest_ms, frame->at_ms);
    s->done->frames++;
}

/* A pack has whole transactions. */
static int
pack_row(struct slot *s, const struct row *row)
{
    struct gl_chunk_frame frame;
    size_t at = 0;

    if (row->xid != s->last && gl_pack_bytes(&s->pack) >= GL_PACK_BYTES &&
        write_pack(s) != 0)
        return -1;
    s->last = row->xid;
    s->done->chunks++;
    if (gl_chunk_unpack(s->plain, row->frames, row->frames_len) != 0)
        return damaged(s);
    while (gl_chunk_next(s->plain, &at, &frame) == 1)
        add_frame(s, row, &frame);
    return 0;
}

static int
remove_begun(struct slot *s)
{
    char slot[12];
    const char *values[] = {slot};
    PGresult *result;

    snprintf(slot, sizeof slot, "%d", s->n);
    result = gl_server_ask(s->server, "DELETE FROM pack WHERE slot = $1::int",
                           1, values, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

static int
make_packs(struct slot *s)
{
    if (remove_begun(s) != 0 || each_chunk(s, 1, note_pairs) != 0)
        return -1;
    s->done->people += gl_people_n(s->people);
    if (gl_people_n(s->people) > 0 &&
        (note_packs(s) != 0 || each_chunk(s, 0, note_events) != 0))
        return -1;
    gl_people_fold(s->people);
    return each_chunk(s, 0, pack_row) == 0 ? write_pack(s) : -1;
}

int
gl_night_slot(struct gl_server *server, int slot, const char *enrich,
              struct gl_nighted *to)
{
    struct slot s = {.server = server,
                     .n = slot,
                     .oldest_ms = INT64_MAX,
                     .newest_ms = INT64_MIN,
                     .done = to};
    int result = -1;

    s.people = gl_people_new(enrich, server->why, sizeof server->why);
    s.plain = g_byte_array_new();
    s.packed = g_byte_array_new();
    s.hex = g_string_new(NULL);
    gl_pack_init(&s.pack);
    if (s.people != NULL)
        result = make_packs(&s);
    gl_pack_fini(&s.pack);
    g_string_free(s.hex, TRUE);
    g_byte_array_free(s.packed, TRUE);
    g_byte_array_free(s.plain, TRUE);
    gl_people_free(s.people);
    return result;
}
