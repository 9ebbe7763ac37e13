/* Lanes; see lane.h. */

#include "log/lane.h"

#include "gl_assert.h"
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_MODE 0750
/* Its forwarder is behind: a segment every turn would be a file of 64 KiB for
 * a few events. */
#define FAR_SEGMENTS 32
#define HELD_BYTES_MAX GL_SEGMENT_BYTES_DEFAULT

/* ---- lanes ---- */

static void
clear(struct gl_lane *lane)
{
    g_ptr_array_set_size(lane->pieces, 0);
    lane->bytes = 0;
    g_string_truncate(lane->names, 0);
    lane->writes = 0;
    lane->again = lane->held;
}

static void
free_piece(gpointer piece)
{
    g_byte_array_free(piece, TRUE);
}

static void
free_lane(gpointer arg)
{
    struct gl_lane *lane = arg;

    gl_handover_free(lane->handover);
    g_ptr_array_free(lane->pieces, TRUE);
    g_string_free(lane->names, TRUE);
    g_free(lane->folder);
    g_free(lane);
}

static struct gl_lane *
new_lane(struct gl_lanes_set *set, const char *name)
{
    struct gl_lane *lane = g_new0(struct gl_lane, 1);

    g_strlcpy(lane->name, name, sizeof lane->name);
    lane->folder = g_build_filename(set->folder, name, NULL);
    lane->pieces = g_ptr_array_new_with_free_func(free_piece);
    lane->names = g_string_new(NULL);
    lane->handover =
        gl_handover_new(lane->folder, NULL, set->why, sizeof set->why);
    if (lane->handover == NULL) {
        free_lane(lane);
        return NULL;
    }
    g_ptr_array_add(set->lanes, lane);
    return lane;
}

struct gl_lanes_set *
gl_lanes_set_new(const char *folder, const struct gl_cluster *cluster,
                 char *why, size_t why_len)
{
    struct gl_lanes_set *set = g_new0(struct gl_lanes_set, 1);
    int made = mkdir(folder, FOLDER_MODE) == 0 || errno == EEXIST;

    set->folder = g_strdup(folder);
    set->lanes = g_ptr_array_new_with_free_func(free_lane);
    if (!made)
        snprintf(set->why, sizeof set->why, "%.400s: %s", folder,
                 strerror(errno));
    for (int i = 0; made && i < cluster->n; i++)
        made = new_lane(set, cluster->primaries[i].name) != NULL;
    if (made)
        return set;
    g_strlcpy(why, set->why, why_len);
    gl_lanes_set_free(set);
    return NULL;
}

void
gl_lanes_set_free(struct gl_lanes_set *set)
{
    if (set == NULL)
        return;
    g_ptr_array_free(set->lanes, TRUE);
    gl_lanes_close(set->db);
    g_free(set->folder);
    g_free(set);
}

static struct gl_lane *
lane_at(const struct gl_lanes_set *set, guint i)
{
    return set->lanes->pdata[i];
}

static int
fail(struct gl_lanes_set *set, const struct gl_lane *lane)
{
    snprintf(set->why, sizeof set->why, "%.400s: %s", lane->folder,
             strerror(errno));
    return -1;
}

struct gl_lane *
gl_lanes_set_find(struct gl_lanes_set *set, const char *name)
{
    struct gl_lane *lane;

    for (guint i = 0; i < set->lanes->len; i++)
        if (name[0] == '\0' || strcmp(lane_at(set, i)->name, name) == 0)
            return lane_at(set, i);
    if (!gl_cluster_is_name(name)) {
        snprintf(set->why, sizeof set->why,
                 "an account names no primary: \"%.100s\"", name);
        return NULL;
    }
    lane = new_lane(set, name);
    if (lane != NULL)
        gl_log(GL_LOG_ERROR,
               "the cluster file has no primary %s: events of its accounts "
               "wait in %s",
               name, lane->folder);
    return lane;
}

/* ---- after a start ---- */

static void
take_pending(void *arg, const char *name, const char *segments)
{
    g_hash_table_insert(arg, g_strdup(name), g_strdup(segments));
}

static int
recover_lane(struct gl_lanes_set *set, struct gl_lane *lane,
             const char *pending)
{
    gl_handover_undo(lane->handover);
    clear(lane);
    if (gl_lanes_held_bytes(set->db, lane->name, &lane->held) < 0) {
        g_strlcpy(set->why, gl_lanes_why(set->db), sizeof set->why);
        return -1;
    }
    lane->again = lane->held;
    if (gl_handover_recover(lane->handover, pending == NULL ? "" : pending) ==
        0)
        return 0;
    return fail(set, lane);
}

static int
recover_all(struct gl_lanes_set *set, GHashTable *pending)
{
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, pending);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (gl_lanes_set_find(set, name) == NULL)
            return -1;
    for (guint i = 0; i < set->lanes->len; i++)
        if (recover_lane(
                set, lane_at(set, i),
                g_hash_table_lookup(pending, lane_at(set, i)->name)) != 0)
            return -1;
    return 0;
}

int
gl_lanes_set_recover(struct gl_lanes_set *set)
{
    GHashTable *pending;
    int result = -1;

    gl_lanes_close(set->db);
    set->db = gl_lanes_open(set->folder, set->why, sizeof set->why);
    if (set->db == NULL)
        return -1;
    pending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (gl_lanes_each(set->db, take_pending, pending) < 0)
        g_strlcpy(set->why, gl_lanes_why(set->db), sizeof set->why);
    else
        result = recover_all(set, pending);
    g_hash_table_destroy(pending);
    return result;
}

/* ---- a turn ---- */

void
gl_lane_add(struct gl_lane *lane, const struct gl_chunk_frame *frame)
{
    GByteArray *piece =
        lane->pieces->len == 0
            ? NULL
            : g_ptr_array_index(lane->pieces, lane->pieces->len - 1);

    if (piece == NULL || piece->len >= GL_CHUNK_BYTES) {
        piece = g_byte_array_new();
        gl_chunk_begin(piece);
        g_ptr_array_add(lane->pieces, piece);
    }
    lane->bytes -= piece->len;
    gl_chunk_add(piece, frame);
    lane->bytes += piece->len;
}

static int
is_far(const struct gl_lane *lane)
{
    return lane->waiting >= FAR_SEGMENTS;
}

static void
hand_over(struct gl_lane *lane, const GByteArray *piece)
{
    struct gl_chunk_frame frame;
    size_t at = 0;
    int more;

    while ((more = gl_chunk_next(piece, &at, &frame)) == 1)
        gl_handover_add(lane->handover, &frame);
    GL_ASSERT(more == 0); /* it was made here */
}

static void
hand_over_held(void *arg, const void *bytes, size_t len)
{
    GByteArray *piece = g_byte_array_new();

    g_byte_array_append(piece, bytes, (guint) len);
    hand_over(arg, piece);
    g_byte_array_free(piece, TRUE);
}

static int
write_lane(struct gl_lanes_set *set, struct gl_lane *lane)
{
    lane->waiting = gl_handover_waiting(lane->handover);
    lane->writes =
        !is_far(lane) || lane->held + (int64_t) lane->bytes >= HELD_BYTES_MAX;
    lane->again = lane->writes ? 0 : lane->held + (int64_t) lane->bytes;
    if (!lane->writes)
        return 0;
    if (lane->held > 0 &&
        gl_lanes_held(set->db, lane->name, hand_over_held, lane) < 0) {
        g_strlcpy(set->why, gl_lanes_why(set->db), sizeof set->why);
        return -1;
    }
    for (guint i = 0; i < lane->pieces->len; i++)
        hand_over(lane, lane->pieces->pdata[i]);
    if (gl_handover_write(lane->handover, lane->names) == 0)
        return 0;
    return fail(set, lane);
}

static int
is_in_turn(const struct gl_lane *lane)
{
    return lane->pieces->len > 0 || lane->held > 0;
}

int
gl_lanes_set_write(struct gl_lanes_set *set)
{
    for (guint i = 0; i < set->lanes->len; i++)
        if (is_in_turn(lane_at(set, i)) &&
            write_lane(set, lane_at(set, i)) != 0)
            return -1;
    return 0;
}

static int
note_lane(struct gl_lanes_set *set, const struct gl_lane *lane)
{
    int rc = 0;

    if (lane->names->len > 0)
        rc = gl_lanes_set_pending(set->db, lane->name, lane->names->str);
    if (rc >= 0 && lane->writes && lane->held > 0)
        rc = gl_lanes_let_go(set->db, lane->name);
    for (guint i = 0; rc >= 0 && !lane->writes && i < lane->pieces->len; i++) {
        const GByteArray *piece = lane->pieces->pdata[i];

        rc = gl_lanes_hold(set->db, lane->name, piece->data, piece->len);
    }
    return rc < 0 ? rc : 0;
}

int
gl_lanes_set_note(struct gl_lanes_set *set)
{
    for (guint i = 0; i < set->lanes->len; i++)
        if (note_lane(set, lane_at(set, i)) < 0) {
            g_strlcpy(set->why, gl_lanes_why(set->db), sizeof set->why);
            return -1;
        }
    return 0;
}

int
gl_lanes_set_show(struct gl_lanes_set *set)
{
    for (guint i = 0; i < set->lanes->len; i++) {
        struct gl_lane *lane = lane_at(set, i);

        if (gl_handover_show(lane->handover, lane->names->str) != 0)
            return fail(set, lane);
        lane->held = lane->again;
        clear(lane);
    }
    return 0;
}

void
gl_lanes_set_until(struct gl_lanes_set *set, int64_t now_ms)
{
    for (guint i = 0; i < set->lanes->len; i++)
        if (lane_at(set, i)->held == 0)
            atomic_store(&lane_at(set, i)->until_ms, now_ms);
}

void
gl_lanes_set_undo(struct gl_lanes_set *set)
{
    for (guint i = 0; i < set->lanes->len; i++) {
        gl_handover_undo(lane_at(set, i)->handover);
        clear(lane_at(set, i));
    }
}

int
gl_lanes_set_is_due(const struct gl_lanes_set *set)
{
    for (guint i = 0; i < set->lanes->len; i++) {
        const struct gl_lane *lane = lane_at(set, i);

        if (lane->held > 0 &&
            gl_handover_waiting(lane->handover) < FAR_SEGMENTS)
            return 1;
    }
    return 0;
}

/* ---- besides ---- */

const struct gl_lane *
gl_lanes_set_look(struct gl_lanes_set *set)
{
    const struct gl_lane *most = lane_at(set, 0);

    for (guint i = 0; i < set->lanes->len; i++) {
        struct gl_lane *lane = lane_at(set, i);

        lane->size = gl_handover_bytes(lane->handover);
        if (lane->size > most->size)
            most = lane;
    }
    return most;
}

int
gl_lanes_set_refused(struct gl_lanes_set *set, int n,
                     const uint8_t life[GL_SEGMENT_ID_BYTES],
                     const struct gl_segment_drops *drops)
{
    for (int i = 0; i < n; i++) {
        const struct gl_lane *lane = lane_at(set, (guint) i);

        if (gl_handover_refused(lane->handover, life, drops) != 0)
            return fail(set, lane);
    }
    return 0;
}

int
gl_lanes_set_lost(struct gl_lanes_set *set, int n, const struct gl_lost *lost)
{
    for (int i = 0; i < n; i++) {
        const struct gl_lane *lane = lane_at(set, (guint) i);

        if (gl_lost_leave(lost, lane->folder) != 0)
            return fail(set, lane);
    }
    return 0;
}
