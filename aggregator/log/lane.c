/* Lanes; see lane.h. */

#include "log/lane.h"

#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0750
/* Its forwarder is behind: what nothing comes to goes on growing, or a folder
 * would have a file for each few events. */
#define FAR_SEGMENTS 32
/* What nothing came to for so long ends, so that its forwarder can remove
 * it. */
#define STILL_MS 100
/* A segment that was filled is followed by one of twice its size: a file of
 * few events is small, and of many there are few. */
#define SIZE_LEAST GL_SEGMENT_BYTES_MIN
#define SIZE_MOST GL_SEGMENT_BYTES_MAX
/* Times of a segment never fall back, and those of a worker's events may lie
 * before those of another's that came with an earlier turn. */
#define OPEN_MAX 4
/* Bytes kept in lanes.db, and segments that are over, until there is time to
 * sync files. */
#define KEPT_MAX (32 << 20)
#define OVER_MAX 16

/* ---- lanes ---- */

static void
free_growing(gpointer growing)
{
    gl_growing_free(growing);
}

static void
free_lane(gpointer arg)
{
    struct gl_lane *lane = arg;

    gl_handover_free(lane->handover);
    g_ptr_array_free(lane->open, TRUE);
    if (lane->dir != -1)
        close(lane->dir);
    g_free(lane->folder);
    g_free(lane);
}

int
gl_lane_failed_(struct gl_lanes_set *set, const struct gl_lane *lane)
{
    snprintf(set->why, sizeof set->why, "%.400s: %s", lane->folder,
             strerror(errno));
    return -1;
}

int
gl_lanes_failed_(struct gl_lanes_set *set)
{
    g_strlcpy(set->why, gl_lanes_why(set->db), sizeof set->why);
    return -1;
}

static struct gl_lane *
new_lane(struct gl_lanes_set *set, const char *name)
{
    struct gl_lane *lane = g_new0(struct gl_lane, 1);

    g_strlcpy(lane->name, name, sizeof lane->name);
    lane->folder = g_build_filename(set->folder, name, NULL);
    lane->open = g_ptr_array_new_with_free_func(free_growing);
    lane->next_size = SIZE_LEAST;
    lane->dir = -1;
    lane->handover =
        gl_handover_new(lane->folder, NULL, set->why, sizeof set->why);
    if (lane->handover != NULL) {
        lane->dir = open(lane->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (lane->dir == -1)
            gl_lane_failed_(set, lane);
    }
    if (lane->dir == -1) {
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

/* ---- frames ---- */

/* The segment that takes FRAME, the newest of those that may; NULL = none. */
static struct gl_growing *
find_open(const struct gl_lane *lane, const struct gl_chunk_frame *frame)
{
    struct gl_growing *best = NULL;

    for (guint i = 0; i < lane->open->len; i++) {
        struct gl_growing *g = lane->open->pdata[i];

        if (!g->ends && gl_growing_is_after(g, frame) &&
            (best == NULL || g->to.last_ms > best->to.last_ms))
            best = g;
    }
    return best;
}

/* The fullest of too many ends. */
static void
end_one(const struct gl_lane *lane)
{
    struct gl_growing *most = NULL;
    int n = 0;

    for (guint i = 0; i < lane->open->len; i++) {
        struct gl_growing *g = lane->open->pdata[i];

        n += !g->ends;
        if (!g->ends && (most == NULL || g->to.bytes > most->to.bytes))
            most = g;
    }
    if (n >= OPEN_MAX)
        most->ends = 1;
}

void
gl_lane_add(struct gl_lane *lane, const struct gl_chunk_frame *frame)
{
    struct gl_growing *g = find_open(lane, frame);

    if (g != NULL && !gl_growing_has_room(g, frame)) {
        g->ends = 1;
        lane->next_size = MIN(2 * g->to.size, SIZE_MOST);
        g = NULL;
    }
    if (g == NULL) {
        end_one(lane);
        g = gl_growing_new(lane->name, frame->at_ms, lane->next_size);
        g_ptr_array_add(lane->open, g);
    }
    gl_growing_add(g, frame);
}

void
gl_lanes_set_end(struct gl_lanes_set *set, int64_t boot_ms, int all)
{
    for (guint i = 0; i < set->lanes->len; i++) {
        struct gl_lane *lane = lane_at(set, i);

        for (guint at = 0; at < lane->open->len; at++) {
            struct gl_growing *g = lane->open->pdata[at];

            if (g->ends || g->more->len > 0 || lane->waiting >= FAR_SEGMENTS ||
                (!all && boot_ms - g->added_ms < STILL_MS))
                continue;
            g->ends = 1;
            lane->next_size = SIZE_LEAST;
        }
    }
}

/* ---- a turn ---- */

/* How much waits for a sync: *KEPT bytes and *OVER segments. */
static void
count(const struct gl_lanes_set *set, int64_t *kept, int *over)
{
    *kept = 0;
    *over = 0;
    for (guint i = 0; i < set->lanes->len; i++) {
        const struct gl_lane *lane = lane_at(set, i);

        for (guint at = 0; at < lane->open->len; at++) {
            const struct gl_growing *g = lane->open->pdata[at];

            *kept += g->kept;
            *over += g->ends;
        }
    }
}

/* ALL that is kept, or what ends. */
static int
sync_lane(struct gl_lanes_set *set, struct gl_lane *lane, int all)
{
    int n = 0;

    for (guint i = 0; i < lane->open->len; i++) {
        struct gl_growing *g = lane->open->pdata[i];
        int shuts = g->ends && g->more->len == 0;

        g->synced = shuts || (all && g->kept > 0);
        if (g->synced && g->fd != -1 && g->kept > 0 && fdatasync(g->fd) != 0)
            return gl_lane_failed_(set, lane);
        n += g->synced;
        g->shuts = shuts;
    }
    return n == 0 || fsync(lane->dir) == 0 ? 0 : gl_lane_failed_(set, lane);
}

/* What EACH does for all that grows: 0, or -1. */
static int
for_open(struct gl_lanes_set *set,
         int (*each)(struct gl_growing *growing, int dir))
{
    for (guint i = 0; i < set->lanes->len; i++) {
        const struct gl_lane *lane = lane_at(set, i);

        for (guint at = 0; at < lane->open->len; at++)
            if (each(lane->open->pdata[at], lane->dir) != 0)
                return gl_lane_failed_(set, lane);
    }
    return 0;
}

int
gl_lanes_set_write(struct gl_lanes_set *set, int busy)
{
    int64_t kept;
    int over;

    count(set, &kept, &over);
    if (for_open(set, gl_growing_write_ahead) != 0 ||
        for_open(set, gl_growing_sync_ahead) != 0)
        return -1;
    if (busy && kept <= KEPT_MAX && over < OVER_MAX)
        return 0;
    for (guint i = 0; i < set->lanes->len; i++)
        if (sync_lane(set, lane_at(set, i), kept > KEPT_MAX) != 0)
            return -1;
    return 0;
}

static int
note_open(struct gl_lanes_set *set, const struct gl_growing *g)
{
    int rc = 0;

    if (g->synced)
        rc = gl_lanes_synced(set->db, g->is.seg);
    if (rc >= 0 && g->shuts)
        rc = gl_lanes_shut(set->db, g->is.seg);
    if (rc >= 0 && g->more->len > 0)
        rc = gl_lanes_set_open(set->db, &g->to);
    if (rc >= 0 && g->more->len > 0)
        rc = gl_lanes_keep(set->db, g->is.seg, g->is.bytes, g->more->data,
                           gl_growing_keeps(g));
    return rc;
}

int
gl_lanes_set_note(struct gl_lanes_set *set)
{
    for (guint i = 0; i < set->lanes->len; i++) {
        const struct gl_lane *lane = lane_at(set, i);

        if (lane->lets_go && gl_lanes_let_go(set->db, lane->name) < 0)
            return gl_lanes_failed_(set);
        for (guint at = 0; at < lane->open->len; at++)
            if (note_open(set, lane->open->pdata[at]) < 0)
                return gl_lanes_failed_(set);
    }
    return 0;
}

static int
show_lane(struct gl_lane *lane, int64_t boot_ms)
{
    for (guint i = lane->open->len; i > 0; i--) {
        struct gl_growing *g = lane->open->pdata[i - 1];
        guint added = gl_growing_keeps(g);

        if (g->shuts) {
            g_ptr_array_remove_index_fast(lane->open, i - 1);
            continue;
        }
        g->kept = (g->synced ? 0 : g->kept) + added;
        g->synced = 0;
        if (added > 0 && gl_growing_show(g, lane->dir) != 0)
            return -1;
        if (added > 0)
            g->added_ms = boot_ms;
    }
    lane->lets_go = 0;
    return 0;
}

int
gl_lanes_set_show(struct gl_lanes_set *set, int64_t boot_ms)
{
    for (guint i = 0; i < set->lanes->len; i++)
        if (show_lane(lane_at(set, i), boot_ms) != 0)
            return gl_lane_failed_(set, lane_at(set, i));
    return 0;
}

void
gl_lanes_set_until(struct gl_lanes_set *set, int64_t now_ms)
{
    for (guint i = 0; i < set->lanes->len; i++)
        atomic_store(&lane_at(set, i)->until_ms, now_ms);
}

void
gl_lanes_set_undo(struct gl_lanes_set *set)
{
    for (guint i = 0; i < set->lanes->len; i++) {
        struct gl_lane *lane = lane_at(set, i);

        for (guint at = 0; at < lane->open->len; at++) {
            struct gl_growing *g = lane->open->pdata[at];

            g_byte_array_set_size(g->more, 0);
            g->found = 0;
        }
    }
}

int
gl_lanes_set_is_due(const struct gl_lanes_set *set, int busy)
{
    for (guint i = 0; i < set->lanes->len; i++) {
        const struct gl_lane *lane = lane_at(set, i);

        if (lane->lets_go)
            return 1;
        for (guint at = 0; !busy && at < lane->open->len; at++)
            if (((const struct gl_growing *) lane->open->pdata[at])->ends)
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
        lane->waiting = gl_handover_waiting(lane->handover);
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
            return gl_lane_failed_(set, lane);
    }
    return 0;
}

int
gl_lanes_set_lost(struct gl_lanes_set *set, int n, const struct gl_lost *lost)
{
    for (int i = 0; i < n; i++) {
        const struct gl_lane *lane = lane_at(set, (guint) i);

        if (gl_lost_leave(lost, lane->folder) != 0)
            return gl_lane_failed_(set, lane);
    }
    return 0;
}
