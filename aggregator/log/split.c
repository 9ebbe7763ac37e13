/*
 * The splitter's thread.
 *
 *   read frames ─► whose each is ─► commit ─► append them to lanes (lane.h)
 *        ▲                                                 │
 *        └──── segments of which all is in lanes go ◄──────┘
 *
 * After a failure nothing in memory is believed: lanes.db is opened again, and
 * says what was done.
 */

#include "log/split.h"

#include "clock.h"
#include "log.h"
#include "log/collected.h"
#include "log/lane.h"
#include "log/router.h"
#include "log/told.h"
#include "segment.h"
#include "spool/limits.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As a forwarder's. */
#define TURN_MS 10
#define TICK_MS 1000
#define AGAIN_MS 1000
#define FOLDER "lanes" /* in the spool */
/* Frames of a turn: few after a start, since one that is killed often must get
 * on; twice as many after each that was full and took less than SHORT_MS, and
 * half as many after one that took more than LONG_MS. */
#define FRAMES_LEAST 1024
#define FRAMES_MOST GL_SPOOL_ROUND_FRAMES
#define SHORT_MS 50
#define LONG_MS 200

/* Of a segment of the spool: its .owner. */
struct place {
    uint32_t upto;    /* in lanes */
    uint32_t next;    /* with this turn */
    uint32_t told_at; /* opening of lanes.db that UPTO is of */
    uint32_t before;  /* in lanes when this program began */
};

struct gl_split {
    const struct gl_conf *conf;
    struct gl_split_before before;
    int stop_fd;
    struct gl_spool *spool;
    struct gl_lanes_set *set;
    struct gl_router *router;
    atomic_llong changes; /* split.h */
    GPtrArray *moved;     /* struct gl_spool_segment *, of this turn */
    uint32_t opened_n;    /* how often lanes.db was */
    int sound;            /* it and the folders are as one says */
    GByteArray *removed;  /* ids of segments... */
    GByteArray *synced;   /* ...that cannot come back */
    struct gl_told_split told;
    size_t most;     /* frames of the next turn */
    int64_t tick_ms; /* boot: when last done */
    int full;        /* a lane is */
    int silent;      /* the failure was told */
    char why[512];
};

struct gl_split *
gl_split_new(const struct gl_conf *conf, const struct gl_split_before *before,
             int stop_fd, char *why, size_t why_len, int *busy)
{
    g_autofree char *folder = g_build_filename(conf->spool, FOLDER, NULL);
    struct gl_split *s = g_new0(struct gl_split, 1);

    s->conf = conf;
    s->before = *before;
    s->stop_fd = stop_fd;
    s->most = FRAMES_LEAST;
    atomic_init(&s->changes, -1);
    s->moved = g_ptr_array_new();
    s->removed = g_byte_array_new();
    s->synced = g_byte_array_new();
    s->router = gl_router_new(conf->data);
    s->spool = gl_collected_open(conf, conf->spool, why, why_len, busy);
    if (s->spool != NULL)
        s->set = gl_lanes_set_new(folder, &conf->cluster, why, why_len);
    s->told.lanes = s->set;
    s->told.lane_bytes = (int64_t) conf->lane_mib << 20;
    if (s->set != NULL && s->router != NULL)
        return s;
    if (s->router == NULL)
        g_strlcpy(why, "out of memory", why_len);
    gl_split_free(s);
    return NULL;
}

void
gl_split_free(struct gl_split *s)
{
    if (s == NULL)
        return;
    if (s->spool != NULL)
        gl_collected_close(s->spool);
    gl_lanes_set_free(s->set);
    gl_router_free(s->router);
    g_ptr_array_free(s->moved, TRUE);
    g_byte_array_free(s->removed, TRUE);
    g_byte_array_free(s->synced, TRUE);
    g_free(s);
}

int
gl_split_was(const struct gl_conf *conf)
{
    g_autofree char *folder = g_build_filename(conf->spool, FOLDER, NULL);

    return access(folder, F_OK) == 0;
}

const struct gl_lanes_set *
gl_split_lanes(const struct gl_split *s)
{
    return s->set;
}

const atomic_llong *
gl_split_changes(const struct gl_split *s)
{
    return &s->changes;
}

/* ---- positions ---- */

static int
is_known(const struct gl_split *s, const struct gl_spool_segment *segment)
{
    const struct place *place = segment->owner;

    return place != NULL && place->told_at == s->opened_n;
}

static int
fail_db(struct gl_split *s)
{
    g_strlcpy(s->why, gl_lanes_why(s->set->db), sizeof s->why);
    return -1;
}

static int
fail_lanes(struct gl_split *s)
{
    g_strlcpy(s->why, s->set->why, sizeof s->why);
    return -1;
}

/* How far each segment is, of which that is not known: 0, or -1. */
static int
ask_positions(struct gl_split *s)
{
    struct gl_spool_segment *segment = NULL;
    uint32_t upto;

    while ((segment = gl_spool_next(s->spool, segment)) != NULL) {
        if (is_known(s, segment))
            continue;
        if (gl_lanes_upto(s->set->db, segment->header.id, &upto) < 0)
            return fail_db(s);
        struct place *place = segment->owner;
        uint32_t before = place == NULL ? upto : place->before;

        if (place == NULL)
            segment->owner = place = g_new0(struct place, 1);
        *place = (struct place){upto, 0, s->opened_n, before};
    }
    return 0;
}

/* ---- a turn ---- */

static int
give(void *arg, const char *primary, const struct gl_chunk_frame *frame)
{
    struct gl_split *s = arg;
    struct gl_lane *lane = gl_lanes_set_find(s->set, primary);

    if (lane == NULL)
        return fail_lanes(s);
    gl_lane_add(lane, frame);
    return 0;
}

/* Those that are in no lane yet: 0, or -1. */
static int
take_frames(struct gl_split *s, const struct gl_spool_frame *frames, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct place *place = frames[i].segment->owner;

        if (frames[i].index <= place->upto)
            continue;
        if (place->next == 0)
            g_ptr_array_add(s->moved, frames[i].segment);
        place->next = frames[i].index;
        if (gl_router_route(s->router, &frames[i], give, s) != 0)
            return -1;
    }
    return 0;
}

/* Inside a transaction. */
static int
set_positions(struct gl_split *s)
{
    for (guint i = 0; i < s->moved->len; i++) {
        const struct gl_spool_segment *segment = s->moved->pdata[i];
        const struct place *place = segment->owner;

        if (gl_lanes_set_upto(s->set->db, segment->header.id, place->next) < 0)
            return fail_db(s);
    }
    for (guint at = 0; at < s->synced->len; at += GL_SEGMENT_ID_BYTES)
        if (gl_lanes_forget(s->set->db, s->synced->data + at) < 0)
            return fail_db(s);
    return gl_lanes_set_note(s->set) == 0 ? 0 : fail_lanes(s);
}

static void
note_positions(struct gl_split *s)
{
    for (guint i = 0; i < s->moved->len; i++) {
        const struct gl_spool_segment *segment = s->moved->pdata[i];
        struct place *place = segment->owner;

        s->told.frames += place->next - place->upto;
        place->upto = place->next;
        place->next = 0;
    }
    g_ptr_array_set_size(s->moved, 0);
    g_byte_array_set_size(s->synced, 0);
}

/* What was taken comes to the lanes: 0, or -1. */
static int
hand_over(struct gl_split *s, int busy)
{
    if (gl_lanes_set_write(s->set, busy) != 0)
        return fail_lanes(s);
    if (gl_lanes_begin(s->set->db) < 0)
        return fail_db(s);
    if (set_positions(s) != 0)
        return -1;
    if (gl_lanes_commit(s->set->db) < 0)
        return fail_db(s);
    if (gl_lanes_set_show(s->set, gl_clock_boot_ms()) != 0)
        return fail_lanes(s);
    note_positions(s);
    gl_lanes_rest(s->set->db, busy);
    return 0;
}

static int
is_to_do(const struct gl_split *s, int busy)
{
    return s->moved->len > 0 || s->synced->len > 0 ||
           gl_lanes_set_is_due(s->set, busy);
}

/* Each life of a worker says in its segments what it refused. */
static int
tell_refused(struct gl_split *s)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(s->spool, segment)) != NULL) {
        if (!segment->drops_changed)
            continue;
        if (segment->drops.total > 0 &&
            gl_lanes_set_refused(s->set, s->conf->cluster.n,
                                 segment->header.incarnation,
                                 &segment->drops) != 0)
            return fail_lanes(s);
        segment->drops_changed = 0;
    }
    return 0;
}

/* What damage took from SEGMENT is nobody's, so each primary's cities are
 * told: 0, or -1. */
static int
tell_lost(struct gl_split *s, const struct gl_spool_segment *segment)
{
    const struct place *place = segment->owner;
    struct gl_lost lost;

    return gl_lost_of(&lost, segment, place->before) == 0 ||
                   gl_lanes_set_lost(s->set, s->conf->cluster.n, &lost) == 0
               ? 0
               : fail_lanes(s);
}

/* Segments of which all is in lanes go: 0, or -1. */
static int
settle(struct gl_split *s)
{
    struct gl_spool_segment *segment = gl_spool_next(s->spool, NULL), *next;

    for (; segment != NULL; segment = next) {
        const struct place *place = segment->owner;
        uint8_t id[GL_SEGMENT_ID_BYTES];

        next = gl_spool_next(s->spool, segment);
        if (!is_known(s, segment))
            continue;
        gl_spool_settle(segment, MIN(place->upto, segment->delivered));
        if (!segment->complete || place->upto < segment->delivered)
            continue;
        memcpy(id, segment->header.id, sizeof id);
        if (tell_lost(s, segment) != 0)
            return -1;
        if (gl_collected_remove(s->spool, segment) == 0)
            g_byte_array_append(s->removed, id, sizeof id);
    }
    return 0;
}

/* What was done nobody knows but lanes.db. */
static void
failed(struct gl_split *s)
{
    if (!s->silent)
        gl_log(GL_LOG_ERROR, "events wait for the log: %s", s->why);
    s->silent = 1;
    s->sound = 0;
    gl_lanes_set_undo(s->set);
    g_ptr_array_set_size(s->moved, 0);
    gl_collected_rewind(s->spool);
}

static int
recover(struct gl_split *s)
{
    if (s->sound)
        return 0;
    s->opened_n++;
    if (gl_lanes_set_recover(s->set) != 0)
        return fail_lanes(s);
    if (gl_begun(s->set->db, &s->before, s->conf->cluster.primaries[0].name,
                 s->why, sizeof s->why) != 0)
        return -1;
    s->sound = 1;
    return 0;
}

/* For N frames, or for those that an earlier life left in lanes: 0, or -1. */
static int
read_routes(struct gl_split *s, size_t n)
{
    if (n == 0 && atomic_load(&s->changes) != -1)
        return 0;
    if (gl_router_read(s->router, gl_clock_boot_ms(), s->why, sizeof s->why) !=
        0)
        return n == 0 ? 0 : -1;
    atomic_store(&s->changes, gl_router_upto(s->router));
    return 0;
}

/* Sites are looked up when frames were read: a worker that took an event knew
 * its site. */
static int
split(struct gl_split *s, const struct gl_spool_frame *frames, size_t n,
      int busy)
{
    if (read_routes(s, n) != 0)
        return -1;
    if (ask_positions(s) != 0 || take_frames(s, frames, n) != 0)
        return -1;
    if (!busy)
        gl_lanes_set_end(s->set, gl_clock_boot_ms(),
                         gl_spool_next(s->spool, NULL) == NULL);
    if (is_to_do(s, busy) && hand_over(s, busy) != 0)
        return -1;
    return tell_refused(s);
}

static void
fit_most(struct gl_split *s, size_t n, int64_t took_ms)
{
    if (n == s->most && took_ms < SHORT_MS)
        s->most = MIN(2 * s->most, (size_t) FRAMES_MOST);
    else if (took_ms > LONG_MS)
        s->most = MAX(s->most / 2, (size_t) FRAMES_LEAST);
}

/* 1 = there is more to read at once; 0; -1 with .why.  While a lane is full
 * nothing is read, but what is in lanes goes on. */
static int
turn(struct gl_split *s)
{
    int64_t now_ms = gl_clock_now_ms(), boot_ms = gl_clock_boot_ms();
    const struct gl_spool_frame *frames = NULL;
    size_t n = 0;
    int more = 0, result;

    if (recover(s) != 0)
        return -1;
    if (!s->full) {
        gl_spool_limit(s->spool, s->most);
        more = gl_spool_read(s->spool, now_ms, boot_ms, &frames, &n);
    }
    result = split(s, frames, n, more);
    gl_spool_release(s->spool);
    if (result != 0 || settle(s) != 0)
        return -1;
    fit_most(s, n, gl_clock_boot_ms() - boot_ms);
    if (!more && !s->full)
        gl_lanes_set_until(s->set, now_ms);
    return more;
}

/* ---- once a second ---- */

static void
look_if_full(struct gl_split *s)
{
    const struct gl_lane *lane = gl_lanes_set_look(s->set);
    int full = lane->size >= s->told.lane_bytes;

    if (full && !s->full)
        gl_log(
            GL_LOG_ERROR,
            "the lane of primary %s is full: events of all accounts wait in "
            "the spool until it takes some",
            lane->name);
    s->full = full;
    if (full)
        snprintf(s->why, sizeof s->why, "the lane of primary %s is full",
                 lane->name);
}

static void
tick(struct gl_split *s)
{
    int64_t boot_ms = gl_clock_boot_ms();

    if (boot_ms - s->tick_ms < TICK_MS)
        return;
    s->tick_ms = boot_ms;
    look_if_full(s);
    if (!s->sound || s->full)
        gl_collected_look(s->spool);
    if (gl_spool_sync(s->spool, boot_ms) == 1) {
        g_byte_array_append(s->synced, s->removed->data, s->removed->len);
        g_byte_array_set_size(s->removed, 0);
    }
    s->told.why = s->silent || s->full ? s->why : NULL;
    gl_told_split_write(s->conf->data, &s->told);
}

/* Sleep until MS have passed: 1 = it is time to stop. */
static int
rest(const struct gl_split *s, int ms)
{
    struct pollfd stop = {s->stop_fd, POLLIN, 0};

    return poll(&stop, 1, ms) == 1;
}

/* How long to wait for the next turn. */
static int
take_turn(struct gl_split *s)
{
    int more = turn(s);

    if (more == -1) {
        failed(s);
        return AGAIN_MS;
    }
    if (s->silent)
        gl_log(GL_LOG_NOTICE, "events go to their lanes again");
    s->silent = 0;
    return more ? 0 : TURN_MS;
}

void *
gl_split_run(void *arg)
{
    struct gl_split *s = arg;
    int wait_ms = 0;

    while (!rest(s, wait_ms)) {
        tick(s);
        wait_ms = take_turn(s);
    }
    return NULL;
}
