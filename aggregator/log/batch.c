/*
 * From rows of the log to segments; see batch.h.
 *
 * All chunks of a transaction are read together, and transactions in their
 * order: of a segment of an edge, all frames up to its position were handed
 * over, and none behind it.
 */

#include "log/batch.h"

#include "clock.h"
#include "gl_assert.h"
#include "log.h"
#include "log/pack.h"
#include "log/visitor.h"
#include "segment.h"
#include "segment_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Positions are kept so long: a server that returns with another history. */
#define KEEP_MS (INT64_C(8) * 86400000)

/* Of a segment, in this batch. */
struct moved {
    uint8_t seg[GL_SEGMENT_ID_BYTES];
    uint32_t before; /* of this batch */
    uint32_t upto;   /* of the transaction */
    uint32_t next;   /* after it */
    uint64_t xid;
};

void
gl_batch_init(struct gl_batch *b)
{
    memset(b, 0, sizeof *b);
    b->moved = g_hash_table_new_full(gl_segment_key_hash, gl_segment_key_equal,
                                     NULL, g_free);
    b->plain = g_byte_array_new();
    b->decoder = gl_decoder_new();
    b->names = g_string_new(NULL);
}

void
gl_batch_fini(struct gl_batch *b)
{
    g_hash_table_destroy(b->moved);
    g_byte_array_free(b->plain, TRUE);
    gl_decoder_free(b->decoder);
    g_string_free(b->names, TRUE);
}

/* NULL: the positions cannot be read now. */
static struct moved *
position(struct gl_batch *b, const uint8_t *seg, uint64_t xid)
{
    struct moved *moved = g_hash_table_lookup(b->moved, seg);
    uint32_t upto;

    if (moved == NULL) {
        if (gl_followed_upto(b->followed, seg, &upto) < 0)
            return NULL;
        moved = g_new0(struct moved, 1);
        memcpy(moved->seg, seg, sizeof moved->seg);
        moved->before = moved->next = upto;
        g_hash_table_insert(b->moved, moved->seg, moved);
    }
    if (moved->xid != xid) {
        moved->upto = moved->next;
        moved->xid = xid;
    }
    return moved;
}

static void
take_frame(struct gl_batch *b, const struct gl_chunk_frame *frame)
{
    b->newest_ms = MAX(b->newest_ms, frame->at_ms);
    gl_handover_add(b->handover, frame);
}

/* With the visitor's id of the day before, which the row has beside it. */
static void
add_frame(struct gl_batch *b, const struct gl_row *row,
          struct gl_chunk_frame *frame)
{
    uint8_t payload[GL_FRAME_PAYLOAD_MAX];
    uint64_t before =
        gl_before_find(row->before, row->before_len, frame->index);
    uint32_t n = before == 0 || b->decoder == NULL
                     ? 0
                     : gl_visitor_set(b->decoder, frame, 0, before, payload);

    if (n > 0) {
        frame->payload = payload;
        frame->payload_len = n;
    }
    take_frame(b, frame);
}

static void
take_frames(struct gl_batch *b, const struct moved *moved,
            const struct gl_row *row)
{
    struct gl_chunk_frame frame;
    size_t at = 0;
    int more;

    while ((more = gl_chunk_next(b->plain, &at, &frame)) == 1)
        if (frame.index > moved->upto)
            add_frame(b, row, &frame);
    if (more == -1) {
        gl_log(GL_LOG_ERROR, "a chunk of the log ends in what is no frame");
        b->damaged++;
    }
}

/* Of a segment its frames up to the position before this pack were taken, and
 * all of older transactions, of which the positions may be forgotten. */
static int
take_pack(struct gl_batch *b, struct gl_rows *rows, const struct gl_row *row)
{
    struct gl_unpacked pack;
    struct moved *moved = NULL;
    const uint8_t *seg = NULL;
    uint32_t upto = 0;
    int more = gl_pack_open(&pack, b->plain, row->frames, row->frames_len);

    while (more == 0 && (more = gl_pack_next(&pack)) == 1) {
        if (pack.seg != seg) {
            moved = position(b, pack.seg, pack.xid);
            if (moved == NULL)
                return -1;
            seg = pack.seg;
            upto = moved->next;
        }
        more = 0;
        if (pack.xid >= rows->until)
            gl_rows_left(rows, pack.xid);
        if (pack.frame.index <= upto || pack.xid >= rows->until ||
            pack.xid < rows->low)
            continue;
        take_frame(b, &pack.frame);
        moved->next = pack.frame.index;
        moved->xid = pack.xid;
    }
    if (more == -1) {
        gl_log(GL_LOG_ERROR, "a pack of the log is damaged: what it has, or "
                             "the rest of it, is lost here");
        gl_rows_left(rows, row->xid + 1);
        b->damaged++;
    }
    return 0;
}

static int
take_row(struct gl_batch *b, struct gl_rows *rows, const struct gl_row *row)
{
    struct moved *moved;

    if (row->seg == NULL)
        return take_pack(b, rows, row);
    moved = position(b, row->seg, row->xid);
    if (moved == NULL)
        return -1;
    if (row->last <= moved->upto)
        return 0;
    if (gl_chunk_unpack(b->plain, row->frames, row->frames_len) == 0) {
        take_frames(b, moved, row);
    } else {
        gl_log(GL_LOG_ERROR,
               "a chunk of the log is damaged: %u frames are lost here",
               row->last - row->first + 1);
        b->damaged++;
    }
    moved->next = MAX(moved->next, row->last);
    return 0;
}

static int
take_rows(struct gl_batch *b, struct gl_rows *rows)
{
    struct gl_row row;

    g_hash_table_remove_all(b->moved);
    for (int i = 0; i < rows->n; i++) {
        if (gl_rows_get(rows, i, &row) != 0) {
            gl_log(GL_LOG_ERROR, "a row of the log names no segment");
            b->damaged++;
        } else if (take_row(b, rows, &row) != 0) {
            return -1;
        }
    }
    return 0;
}

/* 1 = something was set; or an error. */
static int
set_positions(struct gl_batch *b, int64_t now_ms)
{
    GHashTableIter iter;
    gpointer value;
    int set = 0;

    g_hash_table_iter_init(&iter, b->moved);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct moved *moved = value;
        int rc;

        if (moved->next == moved->before)
            continue;
        rc = gl_followed_set_upto(b->followed, moved->seg, moved->next,
                                  moved->xid, now_ms);
        if (rc < 0)
            return rc;
        set = 1;
    }
    return set;
}

/* All at once: positions, names, how far. */
static int
commit(struct gl_batch *b, const struct gl_rows *rows)
{
    int64_t now_ms = gl_clock_now_ms();
    int rc = gl_followed_begin(b->followed);

    if (rc >= 0)
        rc = set_positions(b, now_ms);
    if (rc >= 0)
        rc = gl_followed_set_state(b->followed, gl_rows_low_after(rows),
                                   b->names->str);
    if (rc >= 0)
        rc = gl_followed_forget(b->followed, now_ms - KEEP_MS);
    return rc >= 0 ? gl_followed_commit(b->followed) : rc;
}

/* 1 = some position moves. */
static int
any_moves(const struct gl_batch *b)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, b->moved);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (((const struct moved *) value)->next !=
            ((const struct moved *) value)->before)
            return 1;
    return 0;
}

int
gl_batch_hand_over(struct gl_batch *b, struct gl_rows *rows, char *why,
                   size_t why_len)
{
    guint frames;

    if (take_rows(b, rows) != 0) {
        snprintf(why, why_len, "%s", gl_followed_why(b->followed));
        return -1;
    }
    frames = gl_handover_frames(b->handover);
    if (any_moves(b)) {
        if (gl_handover_write(b->handover, b->names) != 0) {
            snprintf(why, why_len, "segments cannot be written: %s",
                     strerror(errno));
            return -1;
        }
        if (commit(b, rows) < 0) {
            snprintf(why, why_len, "%s", gl_followed_why(b->followed));
            return -1;
        }
        if (gl_handover_show(b->handover, b->names->str) != 0) {
            snprintf(why, why_len, "segments cannot be shown: %s",
                     strerror(errno));
            return -1;
        }
    }
    b->frames += frames;
    gl_rows_handed_over(rows);
    return 0;
}
