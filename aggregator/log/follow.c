/*
 * The follower's thread.
 *
 *   ask for chunks ─► frames that were not handed over yet ─► segments
 *        ▲                                                       │
 *        └── show them ◄── commit: positions, names, how far ◄───┘
 *
 * After a failure here nothing in memory is believed: followed.db is opened
 * again, and says what was done.
 */

#include "log/follow.h"

#include "clock.h"
#include "log.h"
#include "log/batch.h"
#include "log/changes.h"
#include "log/lost.h"
#include "log/member.h"
#include "log/newest.h"
#include "log/refused.h"
#include "log/told.h"
#include "store/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define POLL_MS 10
#define TICK_MS 1000
#define FULL_MS 50
#define AGAIN_MS 1000
#define LATER_MS 200
#define WHY_MAX 512
/* So many segments glintod may leave: some hundred MiB at most. */
#define WAITING_MAX 32

struct gl_follow {
    const struct gl_conf *conf;
    const struct gl_pass *pass;
    struct gl_server server;
    struct gl_followed *followed;
    struct gl_handover *handover;
    struct gl_rows rows;
    struct gl_batch batch;
    GArray *edges; /* struct gl_told_edge, as the log said; all of it is
                      handed over when no more is to be read */
    int edges_new;
    int complete;    /* all was here once, in this life */
    int changes_due; /* it is time to ask for them, also without a chunk */
    int refused_due; /* and for requests that were refused */
    struct gl_told_follow told;
    GHashTable *refused; /* refused.h */
    struct gl_lost_told lost;
    char where[WHY_MAX]; /* the server */
    uint32_t connection; /* that .rows is of */
    int64_t tick_ms;     /* boot: when last done */
    enum gl_follow_from from;
    int lock;
    int hold;   /* of backups: store/hold.h */
    int sound;  /* followed.db and the segments are as one says */
    int silent; /* the failure was told */
    char why[WHY_MAX];
};

static void
free_edge(gpointer edge)
{
    g_free(((struct gl_told_edge *) edge)->name);
}

static GArray *
new_edges(void)
{
    GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct gl_told_edge));

    g_array_set_clear_func(edges, free_edge);
    return edges;
}

/* ---- start ---- */

/* followed.db, whatever is in memory: what a commit had is shown, what it had
 * not is removed.  0, or -1 with .why. */
static int
recover(struct gl_follow *f)
{
    const char *pending;
    uint64_t low, first;

    f->sound = 0;
    gl_followed_close(f->followed);
    f->followed = gl_followed_open(f->conf->data, f->why, sizeof f->why);
    if (f->followed == NULL)
        return -1;
    if (gl_followed_state(f->followed, &low, &pending) < 0 ||
        gl_followed_begins(f->followed, &first, &f->told.begins_ms) < 0) {
        g_strlcpy(f->why, gl_followed_why(f->followed), sizeof f->why);
        return -1;
    }
    if (gl_handover_recover(f->handover, pending) != 0) {
        snprintf(f->why, sizeof f->why, "followed %.400s: %s",
                 f->conf->followed, strerror(errno));
        return -1;
    }
    gl_rows_fini(&f->rows);
    gl_rows_init(&f->rows, &f->server, low);
    f->batch.followed = f->followed;
    f->batch.handover = f->handover;
    f->connection = 0; /* ask what the server has */
    f->sound = 1;
    return 0;
}

/* One follower a folder: two would hand over everything twice. */
static int
take_lock(struct gl_follow *f, int *busy)
{
    char *path = g_strdup_printf("%s/followed.lock", f->conf->data);
    int locked;

    f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    locked = f->lock != -1 && flock(f->lock, LOCK_EX | LOCK_NB) == 0;
    *busy = !locked && f->lock != -1 && errno == EWOULDBLOCK;
    if (!locked)
        snprintf(f->why, sizeof f->why, "%.400s: %s", path,
                 *busy ? "another program follows for this folder"
                       : strerror(errno));
    g_free(path);
    return locked ? 0 : -1;
}

static int
open_all(struct gl_follow *f, int *busy)
{
    if (gl_followed_ready(f->conf->data, f->from == GL_FOLLOW_BEGIN, f->why,
                          sizeof f->why) != 0 ||
        take_lock(f, busy) != 0)
        return -1;
    f->handover = gl_handover_new(f->conf->followed, f->conf->events_socket,
                                  f->why, sizeof f->why);
    if (f->handover == NULL)
        return -1;
    f->hold = gl_hold_open(f->conf->followed);
    if (f->hold != -1)
        return recover(f);
    snprintf(f->why, sizeof f->why, "followed %.400s: %s", f->conf->followed,
             strerror(errno));
    return -1;
}

struct gl_follow *
gl_follow_new(const struct gl_conf *conf, const struct gl_pass *pass,
              enum gl_follow_from from, int stop_fd, char *why, size_t why_len,
              int *busy)
{
    struct gl_follow *f = g_new0(struct gl_follow, 1);

    *busy = 0;
    f->conf = conf;
    f->pass = pass;
    f->from = from;
    f->lock = f->hold = -1;
    gl_server_init(&f->server, conf->follow, NULL, stop_fd);
    gl_rows_init(&f->rows, &f->server, 0);
    gl_batch_init(&f->batch);
    f->edges = new_edges();
    f->refused =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    f->told.edges = new_edges();
    f->told.server = f->where;
    if (open_all(f, busy) == 0)
        return f;
    g_strlcpy(why, f->why, why_len);
    gl_follow_free(f);
    return NULL;
}

void
gl_follow_free(struct gl_follow *f)
{
    if (f == NULL)
        return;
    gl_rows_fini(&f->rows);
    gl_batch_fini(&f->batch);
    gl_server_close(&f->server);
    gl_handover_free(f->handover);
    gl_followed_close(f->followed);
    g_array_free(f->edges, TRUE);
    g_hash_table_destroy(f->refused);
    g_free(f->lost.text);
    g_array_free(f->told.edges, TRUE);
    if (f->lock != -1)
        close(f->lock);
    if (f->hold != -1)
        close(f->hold);
    g_free(f);
}

/* ---- a turn ---- */

static void
tell_failure(struct gl_follow *f, const char *why)
{
    if (!f->silent)
        gl_log(GL_LOG_ERROR, "nothing new comes from the log: %s", why);
    f->silent = 1;
    if (why != f->why)
        g_strlcpy(f->why, why, sizeof f->why);
}

static void
server_failed(struct gl_follow *f)
{
    if (f->server.conn != NULL)
        gl_server_failed(&f->server, gl_clock_boot_ms());
    tell_failure(f, f->server.why);
}

static int
begin_newest(struct gl_follow *f)
{
    uint64_t first;
    int result = gl_newest_begin(&f->server, f->followed);

    if (result == 0 &&
        gl_followed_begins(f->followed, &first, &f->told.begins_ms) < 0)
        result = -2;
    if (result == -2)
        g_strlcpy(f->server.why, gl_followed_why(f->followed),
                  sizeof f->server.why);
    return result;
}

/* Positions of one log say nothing of another: 0, or -1. */
static int
check_log(struct gl_follow *f)
{
    char id[GL_FOLLOWED_LOG_MAX];
    int rc = gl_followed_log(f->followed, id);

    if (f->server.log_id[0] == '\0')
        return 0; /* its tables are of before */
    if (rc >= 0 && id[0] == '\0')
        rc = gl_followed_set_log(f->followed, f->server.log_id);
    else if (rc >= 0)
        rc = strcmp(id, f->server.log_id) != 0;
    if (rc < 0)
        g_strlcpy(f->server.why, gl_followed_why(f->followed),
                  sizeof f->server.why);
    if (rc == 1)
        g_strlcpy(f->server.why,
                  "it is another log than that which this city has read: its "
                  "data is of another primary, or database",
                  sizeof f->server.why);
    f->server.disagrees = rc == 1;
    return rc == 0 ? 0 : -1;
}

static int
connect_server(struct gl_follow *f)
{
    if (gl_member_connect(&f->server, f->conf, gl_conf_primary(f->conf),
                          gl_clock_boot_ms()) != 0)
        return -1;
    if (f->connection == f->server.connected_n)
        return 0;
    snprintf(f->where, sizeof f->where, "%.400s:%.20s", PQhost(f->server.conn),
             PQport(f->server.conn));
    if (check_log(f) != 0)
        return -1;
    if (f->from == GL_FOLLOW_NEWEST && begin_newest(f) != 0)
        return -1;
    if (gl_rows_reconnected(&f->rows, f->followed) != 0)
        return -1;
    f->connection = f->server.connected_n;
    return 0;
}

/* All that the edges say is in the log was read since. */
static void
note_read(struct gl_follow *f)
{
    GArray *edges = f->told.edges;

    if (!f->edges_new || f->rows.more)
        return;
    f->told.edges = f->edges;
    f->edges = edges;
    f->edges_new = 0;
    f->complete = 1;
}

/* Of a city that has never had all: what came last is how far it is. */
static void
note_begun(struct gl_follow *f)
{
    if (f->complete || (!f->rows.more && !f->silent))
        return;
    g_array_set_size(f->told.edges, 0);
    for (guint i = 0; i < f->edges->len; i++) {
        struct gl_told_edge edge =
            g_array_index(f->edges, struct gl_told_edge, i);

        edge.name = g_strdup(edge.name);
        edge.complete_ms = MIN(edge.complete_ms, f->batch.newest_ms);
        g_array_append_val(f->told.edges, edge);
    }
}

/* What was done nobody knows but followed.db. */
static void
here_failed(struct gl_follow *f)
{
    tell_failure(f, f->why);
    gl_handover_undo(f->handover);
    f->sound = 0;
    gl_server_rest(&f->server, AGAIN_MS);
}

/* All that are seen now, before what was seen before is handed over: 0, or -1:
 * not now. */
static int
make_changes(struct gl_follow *f)
{
    struct gl_changes_when when = {f->rows.low,
                                   gl_handover_waiting(f->handover), 0, ""};

    f->changes_due = 0;
    switch (gl_changes_make(f->conf, &f->server, f->followed, &when)) {
    case GL_CHANGES_ALL:
        return 0;
    case GL_CHANGES_EVENTS:
        gl_rows_until(&f->rows, when.before);
        f->changes_due = 1;
        return 0;
    case GL_CHANGES_LATER:
        tell_failure(f, when.why);
        gl_server_rest(&f->server, LATER_MS);
        break;
    case GL_CHANGES_SERVER:
        server_failed(f);
        break;
    case GL_CHANGES_HERE:
        g_strlcpy(f->why, gl_followed_why(f->followed), sizeof f->why);
        here_failed(f);
        break;
    }
    return -1;
}

/* 1 = there is more at once. */
static int
turn(struct gl_follow *f)
{
    int more;

    if (!f->sound && recover(f) != 0) {
        here_failed(f);
        return 0;
    }
    if (connect_server(f) != 0 || gl_rows_ask(&f->rows) != 0) {
        server_failed(f);
        return 0;
    }
    if (f->rows.n > 0 || f->changes_due || gl_pass_is_awaited(f->pass)) {
        if (make_changes(f) != 0)
            return 0;
    }
    more = f->rows.more && !f->rows.cut;
    if (gl_batch_hand_over(&f->batch, &f->rows, f->why, sizeof f->why) != 0) {
        here_failed(f);
        return 0;
    }
    if (f->silent)
        gl_log(GL_LOG_NOTICE, "the log is read again");
    f->silent = 0;
    note_read(f);
    return more;
}

/* ---- once a second ---- */

static int
ask_edges(struct gl_follow *f)
{
    PGresult *rows = gl_server_ask(
        &f->server,
        "SELECT name, (extract(epoch FROM complete) * 1000)::bigint FROM edge "
        "ORDER BY name",
        0, NULL, 0);

    if (rows == NULL)
        return -1;
    g_array_set_size(f->edges, 0);
    for (int i = 0; i < PQntuples(rows); i++) {
        struct gl_told_edge edge = {g_strdup(PQgetvalue(rows, i, 0)),
                                    strtoll(PQgetvalue(rows, i, 1), NULL, 10)};

        g_array_append_val(f->edges, edge);
    }
    f->edges_new = 1;
    PQclear(rows);
    return 0;
}

/* These are handed over, too: not while a backup is made. */
static void
ask_refused(struct gl_follow *f)
{
    if (!f->refused_due || f->server.conn == NULL)
        return;
    f->refused_due = 0;
    switch (gl_refused_ask(&f->server, f->handover, f->refused)) {
    case -1:
        server_failed(f);
        break;
    case -2:
        gl_log(GL_LOG_ERROR, "followed %s: %s", f->conf->followed,
               strerror(errno));
        break;
    }
}

static void
ask_lost(struct gl_follow *f)
{
    if (gl_lost_ask(&f->server, f->conf->data, &f->lost) != 0)
        server_failed(f);
}

static void
tick(struct gl_follow *f)
{
    int64_t boot_ms = gl_clock_boot_ms();

    if (boot_ms - f->tick_ms < TICK_MS)
        return;
    f->tick_ms = boot_ms;
    if (f->server.conn != NULL && ask_edges(f) != 0)
        server_failed(f);
    if (f->server.conn != NULL)
        ask_lost(f);
    f->changes_due = f->refused_due = 1;
    note_begun(f);
    f->told.why = f->silent ? f->why : NULL;
    f->told.alarm = f->silent && f->server.disagrees;
    f->told.frames = f->batch.frames;
    f->told.damaged = f->batch.damaged;
    gl_told_follow_write(f->conf->data, &f->told);
}

/* 1 = glintod has enough to do. */
static int
is_full(struct gl_follow *f)
{
    int waiting = gl_handover_waiting(f->handover);

    f->told.full = waiting >= WAITING_MAX;
    return f->told.full;
}

void *
gl_follow_run(void *arg)
{
    struct gl_follow *f = arg;
    int wait_ms = 0;

    while (!gl_server_rest(&f->server, wait_ms)) {
        tick(f);
        if (is_full(f) || !gl_hold_enter(f->hold)) {
            wait_ms = FULL_MS;
            continue;
        }
        ask_refused(f);
        wait_ms = turn(f) ? 0 : POLL_MS;
        gl_hold_leave(f->hold);
    }
    return NULL;
}
