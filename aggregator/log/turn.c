/*
 * One transaction of the forwarder; see turn.h.
 *
 *   BEGIN
 *   sent:  each position moves from where we believe it to be, to the last
 *          frame of this turn; fewer rows than segments: somebody else was
 *          here, and nothing of this turn is committed
 *   chunk: COPY
 *   COMMIT
 *
 * So a turn that was sent twice, by a connection that died on the way and by
 * the next one, is committed once: the second finds the position moved.
 */

#include "log/turn.h"

#include "gl_assert.h"
#include "log/chunk.h"
#include "log/recode.h"
#include "log/sent.h"
#include "log/visitor.h"
#include "segment.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* Sites of which a segment has less in a turn share a chunk: ten thousand rows
 * of an event each cost a server more than their bytes. */
#define SMALL_BYTES 4096

struct item {
    struct gl_text site; /* in the frame */
    uint64_t key;        /* of the site; 0 = with others */
    const struct gl_spool_frame *frame;
    size_t at; /* of what leaves of it, in .payloads */
    uint32_t len;
    uint64_t before; /* visitor_before, 0 = none */
};

void
gl_turn_init(struct gl_turn *turn, const char *edge,
             struct gl_recoder *recoder)
{
    memset(turn, 0, sizeof *turn);
    turn->edge = edge;
    turn->recoder = recoder;
    turn->payloads = g_byte_array_new();
    turn->items = g_array_new(FALSE, FALSE, sizeof(struct item));
    turn->moved = g_ptr_array_new();
    turn->plain = g_byte_array_new();
    turn->packed = g_byte_array_new();
    turn->before = g_byte_array_new();
    turn->zstd = ZSTD_createCCtx();
    turn->copy = g_byte_array_new();
    turn->sql = g_string_new(NULL);
}

void
gl_turn_fini(struct gl_turn *turn)
{
    g_byte_array_free(turn->payloads, TRUE);
    g_array_free(turn->items, TRUE);
    g_ptr_array_free(turn->moved, TRUE);
    g_byte_array_free(turn->plain, TRUE);
    g_byte_array_free(turn->packed, TRUE);
    g_byte_array_free(turn->before, TRUE);
    ZSTD_freeCCtx(turn->zstd);
    g_byte_array_free(turn->copy, TRUE);
    g_string_free(turn->sql, TRUE);
}

static void
clear(struct gl_turn *turn)
{
    g_array_set_size(turn->items, 0);
    g_ptr_array_set_size(turn->moved, 0);
    g_byte_array_set_size(turn->payloads, 0);
}

/* FNV-1a, never 0.  Two sites of one key share chunks. */
static uint64_t
key_of(struct gl_text site)
{
    uint64_t key = UINT64_C(0xcbf29ce484222325);

    for (uint32_t i = 0; i < site.len; i++)
        key = (key ^ (uint8_t) site.data[i]) * UINT64_C(0x100000001b3);
    return key | 1;
}

int
gl_turn_add(struct gl_turn *turn, const struct gl_spool_frame *frame)
{
    struct gl_sent *sent = frame->segment->owner;
    struct gl_recoded recoded;
    struct item item;

    if (frame->index <= sent->upto)
        return 0;
    GL_ASSERT(sent->next == 0 || frame->index > sent->next);
    if (sent->next == 0)
        g_ptr_array_add(turn->moved, frame->segment);
    sent->next = frame->index;
    gl_recode(turn->recoder, &recoded, frame);
    item = (struct item){
        recoded.site,        key_of(recoded.site), frame,
        turn->payloads->len, recoded.payload_len,  recoded.before};
    g_array_append_val(turn->items, item);
    g_byte_array_append(turn->payloads, recoded.payload, recoded.payload_len);
    return turn->items->len >= GL_TURN_FRAMES ||
           turn->payloads->len >= GL_TURN_BYTES;
}

/* ---- rows as COPY takes them, big endian ---- */

static void
put16(GByteArray *to, uint16_t value)
{
    value = htobe16(value);
    g_byte_array_append(to, (const uint8_t *) &value, sizeof value);
}

static void
put32(GByteArray *to, uint32_t value)
{
    value = htobe32(value);
    g_byte_array_append(to, (const uint8_t *) &value, sizeof value);
}

static void
put_bytes(GByteArray *to, const void *bytes, uint32_t len)
{
    put32(to, len);
    g_byte_array_append(to, bytes, len);
}

static void
put_number(GByteArray *to, uint32_t value)
{
    put32(to, sizeof value);
    put32(to, value);
}

#define COPY_HEAD "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0" /* 19 bytes */

static int
is_one_site(const struct item *one, const struct item *other)
{
    return one->site.len == other->site.len &&
           memcmp(one->site.data, other->site.data, one->site.len) == 0;
}

/* The chunk of the items FROM up to END, which are of one segment. */
static int
put_chunk(struct gl_turn *turn, const struct item *from,
          const struct item *end)
{
    struct gl_text site = from->site;

    gl_chunk_begin(turn->plain);
    g_byte_array_set_size(turn->before, 0);
    for (const struct item *item = from; item < end; item++) {
        const struct gl_spool_frame *frame = item->frame;
        struct gl_chunk_frame one = {frame->index, item->len, frame->at_ms,
                                     frame->type,
                                     turn->payloads->data + item->at};

        gl_chunk_add(turn->plain, &one);
        if (!is_one_site(from, item))
            site.len = 0;
        if (item->before != 0)
            gl_before_add(turn->before, frame->index, item->before);
    }
    g_byte_array_set_size(turn->packed, 0);
    if (gl_chunk_pack(turn->zstd, turn->packed, turn->plain) != 0)
        return -1;
    put16(turn->copy, 6);
    put_bytes(turn->copy, site.data, site.len);
    put_bytes(turn->copy, from->frame->segment->header.id,
              GL_SEGMENT_ID_BYTES);
    put_number(turn->copy, from->frame->index);
    put_number(turn->copy, end[-1].frame->index);
    put_bytes(turn->copy, turn->packed->data, turn->packed->len);
    if (turn->before->len > 0)
        put_bytes(turn->copy, turn->before->data, turn->before->len);
    else
        put32(turn->copy, UINT32_MAX); /* NULL */
    turn->chunks_n++;
    return 0;
}

/* -1, 0 or 1. */
#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int
by_chunk(const void *a, const void *b)
{
    const struct item *one = a, *other = b;
    int order = ORDER((uintptr_t) one->frame->segment,
                      (uintptr_t) other->frame->segment);

    if (order == 0)
        order = ORDER(one->key, other->key);
    return order != 0 ? order : ORDER(one->frame->index, other->frame->index);
}

static int
is_one_chunk(const struct item *one, const struct item *other)
{
    return one->frame->segment == other->frame->segment &&
           one->key == other->key;
}

/* ITEMS, as they make chunks. */
static void
sort(struct item *items, guint n)
{
    guint end;

    qsort(items, n, sizeof *items, by_chunk);
    for (guint from = 0; from < n; from = end) {
        size_t bytes = 0;

        for (end = from; end < n && is_one_chunk(&items[from], &items[end]);
             end++)
            bytes += items[end].len;
        for (guint i = from; i < end && bytes < SMALL_BYTES; i++)
            items[i].key = 0;
    }
    qsort(items, n, sizeof *items, by_chunk);
}

static int
put_chunks(struct gl_turn *turn)
{
    struct item *items = (struct item *) (void *) turn->items->data;
    guint n = turn->items->len, from = 0;
    size_t bytes = 0;

    sort(items, n);
    g_byte_array_set_size(turn->copy, 0);
    g_byte_array_append(turn->copy, (const uint8_t *) COPY_HEAD, 19);
    for (guint i = 0; i < n; i++) {
        bytes += items[i].len + sizeof(struct gl_chunk_frame);
        if (i + 1 < n && bytes < GL_CHUNK_BYTES &&
            is_one_chunk(&items[i], &items[i + 1]))
            continue;
        if (put_chunk(turn, items + from, items + i + 1) != 0)
            return -1;
        from = i + 1;
        bytes = 0;
    }
    put16(turn->copy, UINT16_MAX); /* -1: the end */
    return 0;
}

/* ---- the transaction ---- */

static void
add_position(GString *sql, const struct gl_spool_segment *segment,
             const char *edge)
{
    const struct gl_sent *sent = segment->owner;

    g_string_append(sql, "('\\x");
    for (int i = 0; i < GL_SEGMENT_ID_BYTES; i++)
        g_string_append_printf(sql, "%02x", segment->header.id[i]);
    g_string_append_printf(sql, "'::bytea,%u,%u,'%s')", sent->upto, sent->next,
                           edge);
}

/* A row that should be there and is not was lost by a server that knew less:
 * it is not made, and the position is asked for again. */
static void
write_sql(struct gl_turn *turn)
{
    g_string_assign(turn->sql,
                    "BEGIN; INSERT INTO sent AS s (seg, upto, edge) SELECT "
                    "seg, next, edge FROM (VALUES ");
    for (guint i = 0; i < turn->moved->len; i++) {
        if (i > 0)
            g_string_append_c(turn->sql, ',');
        add_position(turn->sql, turn->moved->pdata[i], turn->edge);
    }
    g_string_append(
        turn->sql,
        ") AS v (seg, upto, next, edge) WHERE v.upto = 0 OR EXISTS (SELECT "
        "FROM sent WHERE sent.seg = v.seg) ORDER BY seg ON CONFLICT (seg) DO "
        "UPDATE SET upto = excluded.upto, edge = excluded.edge WHERE s.upto = "
        "(SELECT w.upto FROM (VALUES ");
    for (guint i = 0; i < turn->moved->len; i++) {
        if (i > 0)
            g_string_append_c(turn->sql, ',');
        add_position(turn->sql, turn->moved->pdata[i], turn->edge);
    }
    g_string_append(
        turn->sql,
        ") AS w (seg, upto, next, edge) WHERE w.seg = s.seg); "
        "COPY chunk (site, seg, first, last, frames, before) FROM STDIN "
        "(FORMAT binary)");
}

static int
commit(struct gl_turn *turn, struct gl_server *server)
{
    PGresult *result;
    long moved;

    write_sql(turn);
    if (gl_server_copy(server, turn->sql->str, turn->copy, &moved) != 0)
        return -1;
    if (moved != (long) turn->moved->len) {
        g_strlcpy(server->why,
                  "the log has other positions of this spool than it said",
                  sizeof server->why);
        return -1;
    }
    result = gl_server_ask(server, "COMMIT", 0, NULL, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

int
gl_turn_send(struct gl_turn *turn, struct gl_server *server)
{
    int result = 0;

    if (turn->items->len > 0)
        result = put_chunks(turn) == 0 ? commit(turn, server) : -1;
    if (result == 0)
        turn->frames_n += turn->items->len;
    for (guint i = 0; i < turn->moved->len; i++) {
        struct gl_spool_segment *segment = turn->moved->pdata[i];
        struct gl_sent *sent = segment->owner;

        if (result == 0)
            sent->upto = sent->next;
        sent->next = 0;
    }
    clear(turn);
    return result;
}
