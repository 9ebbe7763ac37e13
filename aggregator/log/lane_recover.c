/*
 * After a start, and after a failure: lanes as lanes.db says; see lane.h.
 */

#include "log/lane.h"

#include "gl_assert.h"
#include "log/growing.h"
#include "segment.h"

#include <string.h>

static struct gl_lane *
lane_at(const struct gl_lanes_set *set, guint i)
{
    return set->lanes->pdata[i];
}

static void
take_pending(void *arg, const char *name, const char *segments)
{
    g_hash_table_insert(arg, g_strdup(name), g_strdup(segments));
}

/* What an older version held of a lane comes to its segments. */
static void
take_held(void *arg, const void *bytes, size_t len)
{
    GByteArray *piece = g_byte_array_new();
    struct gl_lane *lane = arg;
    struct gl_chunk_frame frame;
    size_t at = 0;
    int more;

    g_byte_array_append(piece, bytes, (guint) len);
    while ((more = gl_chunk_next(piece, &at, &frame)) == 1)
        gl_lane_add(lane, &frame);
    GL_ASSERT(more == 0); /* it was made here */
    g_byte_array_free(piece, TRUE);
    lane->lets_go = 1;
}

struct finding {
    struct gl_lanes_set *set;
    int result;
};

/* In memory already, or found by its row. */
static void
take_open(void *arg, const struct gl_lanes_open *open)
{
    struct finding *finding = arg;
    struct gl_lane *lane = gl_lanes_set_find(finding->set, open->lane);
    struct gl_growing *g = NULL;

    if (lane == NULL) {
        finding->result = -1;
        return;
    }
    for (guint i = 0; g == NULL && i < lane->open->len; i++) {
        struct gl_growing *one = lane->open->pdata[i];

        if (memcmp(one->is.seg, open->seg, sizeof open->seg) == 0)
            g = one;
    }
    if (g == NULL) {
        g = gl_growing_new(lane->name, open->wall_ms, open->size);
        g_ptr_array_add(lane->open, g);
    }
    gl_growing_be(g, open);
    g->found = 1;
}

struct writing {
    struct gl_growing *growing;
    int result;
};

static void
write_kept(void *arg, uint32_t at, const void *bytes, size_t len)
{
    struct writing *writing = arg;

    if (writing->result == 0)
        writing->result = gl_growing_write(writing->growing, at, bytes, len);
}

/* Its file is as lanes.db says: 0, or -1. */
static int
recover_open(struct gl_lanes_set *set, struct gl_lane *lane,
             struct gl_growing *g)
{
    struct writing writing = {g, 0};
    int whole, there;

    if (gl_lanes_kept_bytes(set->db, g->is.seg, &g->kept) < 0)
        return gl_lanes_failed_(set);
    whole = g->kept == g->is.bytes - GL_SEGMENT_HEADER_BYTES;
    there = gl_growing_find(g, lane->dir);
    if (there == 0 && !whole) { /* somebody has taken it, with all it had */
        g->ends = 1;
        return 0;
    }
    if (there == -1 || (whole && there == 1 && gl_growing_write_head(g) != 0))
        return gl_lane_failed_(set, lane);
    if (there == 0 && gl_growing_make(g, lane->dir) != 0)
        return gl_lane_failed_(set, lane);
    if (gl_lanes_kept(set->db, g->is.seg, write_kept, &writing) < 0)
        return gl_lanes_failed_(set);
    if (writing.result != 0 || gl_growing_make(g, lane->dir) != 0)
        return gl_lane_failed_(set, lane);
    return 0;
}

static int
recover_lane(struct gl_lanes_set *set, struct gl_lane *lane,
             const char *pending)
{
    for (guint i = lane->open->len; i > 0; i--) {
        struct gl_growing *g = lane->open->pdata[i - 1];

        if (!g->found)
            g_ptr_array_remove_index_fast(lane->open, i - 1);
        else if (recover_open(set, lane, g) != 0)
            return -1;
    }
    if (gl_handover_recover(lane->handover, pending == NULL ? "" : pending) !=
        0)
        return gl_lane_failed_(set, lane);
    lane->lets_go = 0;
    if (gl_lanes_held(set->db, lane->name, take_held, lane) < 0)
        return gl_lanes_failed_(set);
    return 0;
}

static int
recover_all(struct gl_lanes_set *set, GHashTable *pending)
{
    struct finding finding = {set, 0};
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, pending);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (gl_lanes_set_find(set, name) == NULL)
            return -1;
    if (gl_lanes_each_open(set->db, take_open, &finding) < 0)
        return gl_lanes_failed_(set);
    for (guint i = 0; finding.result == 0 && i < set->lanes->len; i++)
        finding.result =
            recover_lane(set, lane_at(set, i),
                         g_hash_table_lookup(pending, lane_at(set, i)->name));
    return finding.result;
}

int
gl_lanes_set_recover(struct gl_lanes_set *set)
{
    GHashTable *pending;
    int result = -1;

    gl_lanes_set_undo(set);
    gl_lanes_close(set->db);
    set->db = gl_lanes_open(set->folder, set->why, sizeof set->why);
    if (set->db == NULL)
        return -1;
    pending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (gl_lanes_each(set->db, take_pending, pending) < 0)
        gl_lanes_failed_(set);
    else
        result = recover_all(set, pending);
    g_hash_table_destroy(pending);
    if (result == 0)
        atomic_store(&set->ready, 1);
    return result;
}
