/*
 * The forwarder's thread.
 *
 *   connect ─► ask how far each segment is ─► read frames ─► gl_turn_send()
 *      ▲                                          ▲               │
 *      │ failed: nothing is believed, all         └── committed ──┤
 *      └─ segments are read from their first frame ◄── failed ────┘
 *
 * What is in memory of positions is of one connection: the next one asks.
 */

#include "log/forward.h"

#include "clock.h"
#include "log.h"
#include "log/changes.h"
#include "log/collected.h"
#include "log/lost.h"
#include "log/machine.h"
#include "log/member.h"
#include "log/recode.h"
#include "log/refused.h"
#include "log/salts.h"
#include "log/sent.h"
#include "log/server.h"
#include "log/told.h"
#include "log/turn.h"
#include "spool/limits.h"
#include "spool/spool.h"
#include "workers/salt.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Frames of so long a time are a turn: what a reader may wait. */
#define TURN_MS 10
#define TICK_MS 1000
#define CLEAN_MS INT64_C(3600000)
#define LOOK_MS 60000
/* So long workers may wait for a salt that all edges have. */
#define ALONE_MS 10000

struct gl_forward {
    const struct gl_conf *conf;
    struct gl_forward_options options;
    const struct gl_pass *pass;
    struct gl_spool *spool;
    struct gl_server server;
    struct gl_recoder *recoder;
    struct gl_turn turn;
    struct gl_told_log told;
    char machine[GL_MACHINE_MAX];
    int64_t tick_ms, clean_ms, salts_ms; /* boot: when last done */
    uint32_t salts_of;                   /* connection: when salts were made */
    int64_t began_ms;                    /* boot */
    int64_t looked_ms;                   /* boot: at who may send */
    uint32_t looked_of;                  /* connection */
    int64_t complete_ms; /* wall: what was answered until then is in the log */
    int64_t until_ms;    /* of the options, when last looked at */
    int64_t changes;     /* newest on the server, when last asked... */
    uint32_t changes_of; /* ...by this connection */
    char lacks[128];     /* a change, so events wait; "" = it does not */
    struct gl_followed *followed; /* changes; NULL = another makes them */
    GPtrArray *removed; /* hex ids of segments, to be told to the log... */
    GPtrArray *synced;  /* ...of which the directory is synced */
    int silent;         /* the failure was told */
};

struct gl_forward *
gl_forward_new(const struct gl_conf *conf,
               const struct gl_forward_options *options,
               const struct gl_pass *pass, int stop_fd, char *why,
               size_t why_len, int *busy)
{
    struct gl_spool *spool =
        gl_collected_open(conf, options->spool, why, why_len, busy);
    struct gl_recoder *recoder =
        spool == NULL ? NULL : gl_recoder_new(conf->enrich, why, why_len);
    struct gl_forward *f;

    if (recoder == NULL) {
        if (spool != NULL)
            gl_spool_close(spool);
        return NULL;
    }
    f = g_new0(struct gl_forward, 1);
    f->recoder = recoder;
    f->conf = conf;
    f->options = *options;
    f->pass = pass;
    f->spool = spool;
    f->began_ms = gl_clock_boot_ms();
    gl_machine_name(conf, f->machine);
    gl_server_init(&f->server, options->conninfo, "read-write", stop_fd);
    gl_turn_init(&f->turn, f->machine, recoder);
    f->removed = g_ptr_array_new_with_free_func(g_free);
    f->synced = g_ptr_array_new_with_free_func(g_free);
    if (options->place == 0 && conf->follow[0] == '\0') {
        f->followed = gl_followed_open(conf->data, why, why_len);
        if (f->followed == NULL) {
            gl_forward_free(f);
            return NULL;
        }
    }
    return f;
}

void
gl_forward_free(struct gl_forward *f)
{
    if (f == NULL)
        return;
    gl_server_close(&f->server);
    gl_collected_close(f->spool);
    gl_turn_fini(&f->turn);
    gl_recoder_free(f->recoder);
    gl_followed_close(f->followed);
    g_ptr_array_free(f->removed, TRUE);
    g_ptr_array_free(f->synced, TRUE);
    g_free(f);
}

/* ---- a turn ---- */

/* What was read is sent; the rest of a full turn in further ones. */
static int
send_all(struct gl_forward *f, const struct gl_spool_frame *frames, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (gl_turn_add(&f->turn, &frames[i]) &&
            gl_turn_send(&f->turn, &f->server) != 0)
            return -1;
    return gl_turn_send(&f->turn, &f->server);
}

static void
failed(struct gl_forward *f)
{
    if (!f->silent)
        gl_log(GL_LOG_ERROR, "the log%s%s takes nothing, events wait: %s",
               f->options.name[0] == '\0' ? "" : " ", f->options.name,
               f->server.why);
    f->silent = 1;
    if (f->server.conn != NULL)
        gl_server_failed(&f->server, gl_clock_boot_ms());
    gl_collected_rewind(f->spool);
}

/* Segments of which the log has all go. */
static void
settle(struct gl_forward *f)
{
    struct gl_spool_segment *segment = gl_spool_next(f->spool, NULL), *next;

    for (; segment != NULL; segment = next) {
        const struct gl_sent *sent = segment->owner;
        struct gl_lost lost;

        next = gl_spool_next(f->spool, segment);
        if (!gl_sent_is_known(&f->server, segment))
            continue;
        gl_spool_settle(segment, MIN(sent->upto, segment->delivered));
        if (!segment->complete || sent->upto < segment->delivered)
            continue;
        if (gl_lost_of(&lost, segment, sent->before) &&
            gl_lost_tell(&f->server, &lost, f->machine) != 0) {
            failed(f);
            return;
        }
        char *hex = gl_sent_hex(segment->header.id);

        if (gl_collected_remove(f->spool, segment) == 0)
            g_ptr_array_add(f->removed, hex);
        else
            g_free(hex);
    }
}

/* Up to when all that was answered is in the spool; what came lately is
 * listed. */
static int64_t
answered_until(struct gl_forward *f, int64_t now_ms)
{
    int64_t until_ms = f->options.until_ms == NULL
                           ? now_ms
                           : atomic_load(f->options.until_ms);

    if (f->options.until_ms != NULL && until_ms != f->until_ms)
        gl_spool_ring(f->spool);
    f->until_ms = until_ms;
    return until_ms;
}

static int
ask_changes(struct gl_forward *f)
{
    PGresult *rows = gl_server_ask(
        &f->server, "SELECT coalesce(max(id), 0) FROM change", 0, NULL, 0);

    if (rows != NULL) {
        f->changes = strtoll(PQgetvalue(rows, 0, 0), NULL, 10);
        f->changes_of = f->server.connected_n;
    }
    PQclear(rows);
    return rows == NULL ? -1 : 0;
}

/* A city that reads events of a site before the change that made it would
 * leave them out.  1, 0: not yet, or -1. */
static int
has_changes(struct gl_forward *f)
{
    int64_t made =
        f->options.changes == NULL ? 0 : atomic_load(f->options.changes);

    f->lacks[0] = '\0';
    if (f->options.changes == NULL ||
        (made != -1 && f->changes_of == f->server.connected_n &&
         made <= f->changes))
        return 1;
    if (ask_changes(f) != 0)
        return -1;
    if (made != -1 && made <= f->changes)
        return 1;
    if (made != -1)
        snprintf(f->lacks, sizeof f->lacks,
                 "it has not change %" G_GINT64_FORMAT
                 " of the first primary yet",
                 made);
    return 0;
}

/* What was read goes to the log: 1, 0: not yet, or -1. */
static int
take(struct gl_forward *f, const struct gl_spool_frame *frames, size_t n)
{
    int result = n == 0 ? 1 : has_changes(f);

    if (result == 1 && gl_sent_ask(f->spool, &f->server) != 0)
        result = -1;
    if (result == 1 && send_all(f, frames, n) != 0)
        result = -1;
    if (result == 1 && gl_refused_tell(f->spool, &f->server, f->machine) != 0)
        result = -1;
    return result;
}

static int
is_ready(const struct gl_forward *f)
{
    return f->options.ready == NULL || atomic_load(f->options.ready);
}

/* 1 = there is more to read at once. */
static int
turn(struct gl_forward *f)
{
    int64_t now_ms = gl_clock_now_ms(), until_ms = answered_until(f, now_ms);
    const struct gl_spool_frame *frames;
    size_t n;
    int more = 0, result = is_ready(f) ? has_changes(f) : 0;

    if (result == 1) {
        gl_spool_limit(f->spool, GL_TURN_FRAMES);
        more =
            gl_spool_read(f->spool, now_ms, gl_clock_boot_ms(), &frames, &n);
        result = take(f, frames, n);
        gl_spool_release(f->spool);
        if (result == 0)
            gl_collected_rewind(f->spool);
    }
    if (result == -1)
        failed(f);
    if (result != 1)
        return 0;
    if (f->silent)
        gl_log(GL_LOG_NOTICE, "the log%s%s takes events again",
               f->options.name[0] == '\0' ? "" : " ", f->options.name);
    f->silent = 0;
    settle(f);
    if (!more)
        f->complete_ms = until_ms;
    return more;
}

/* ---- once a second ---- */

static void
move_all(GPtrArray *from, GPtrArray *to)
{
    while (from->len > 0)
        g_ptr_array_add(to, g_ptr_array_steal_index(from, from->len - 1));
}

/* So many milliseconds as the server takes to say when. */
static int
tell_complete(struct gl_forward *f)
{
    char ms[24];
    const char *values[] = {f->machine, ms};
    PGresult *rows;

    snprintf(ms, sizeof ms, "%" G_GINT64_FORMAT, f->complete_ms);
    rows = gl_server_ask(
        &f->server,
        "INSERT INTO edge (name, complete) VALUES ($1, "
        "to_timestamp($2::bigint / 1000.0)) ON CONFLICT (name) DO UPDATE SET "
        "complete = excluded.complete, seen = now()",
        2, values, 0);
    PQclear(rows);
    return rows == NULL ? -1 : 0;
}

static int
clean(struct gl_forward *f, int64_t boot_ms)
{
    if (f->clean_ms != 0 && boot_ms - f->clean_ms < CLEAN_MS)
        return 0;
    f->clean_ms = boot_ms;
    return gl_sent_clean(&f->server);
}

/* What was lost before a spool was split. */
static int
tell_left(struct gl_forward *f)
{
    return f->options.until_ms == NULL
               ? 0
               : gl_lost_tell_left(&f->server, f->options.spool, f->machine);
}

/* Of a server that does not answer soon after the start, and now and then. */
static void
make_salts(struct gl_forward *f, int64_t boot_ms)
{
    int due = f->salts_ms == 0 || boot_ms - f->salts_ms >= GL_SALT_TICK_MS ||
              f->salts_of != f->server.connected_n;

    if (f->server.conn != NULL && due) {
        f->salts_ms = boot_ms;
        f->salts_of = f->server.connected_n;
        if (gl_salts_agree(f->conf->salt, &f->server, gl_clock_now_ms()) != 0)
            failed(f);
    } else if (f->server.conn == NULL && boot_ms - f->began_ms > ALONE_MS) {
        gl_salts_alone(f->conf->salt, gl_clock_now_ms());
    }
}

/* On an edge that is no city, which makes them itself.  A failure here holds
 * up no event. */
static void
make_changes(struct gl_forward *f)
{
    struct gl_changes_when when = {UINT64_MAX, 0, 0, ""}; /* of no rows */

    if (f->followed == NULL || f->server.conn == NULL)
        return;
    switch (gl_changes_make(f->conf, &f->server, f->followed, &when)) {
    case GL_CHANGES_ALL:
    case GL_CHANGES_EVENTS:
    case GL_CHANGES_LATER:
        break;
    case GL_CHANGES_SERVER:
        failed(f);
        break;
    case GL_CHANGES_HERE:
        gl_log(GL_LOG_ERROR, "%s", gl_followed_why(f->followed));
        gl_followed_close(f->followed);
        f->followed = NULL; /* until the next start */
        break;
    }
}

static void
tick(struct gl_forward *f)
{
    int64_t boot_ms = gl_clock_boot_ms();

    if (boot_ms - f->tick_ms < TICK_MS)
        return;
    f->tick_ms = boot_ms;
    if (is_ready(f) && (f->server.conn == NULL || f->lacks[0] != '\0'))
        gl_collected_look(f->spool);
    if (gl_spool_sync(f->spool, boot_ms) == 1)
        move_all(f->removed, f->synced);
    if (f->server.conn != NULL &&
        ((f->complete_ms != 0 && tell_complete(f) != 0) ||
         gl_sent_gone(&f->server, f->synced) != 0 || clean(f, boot_ms) != 0 ||
         tell_left(f) != 0))
        failed(f);
    if (f->options.place == 0)
        make_salts(f, boot_ms);
    make_changes(f);
    f->told.why = f->server.conn == NULL ? f->server.why
                  : f->lacks[0] != '\0'  ? f->lacks
                                         : NULL;
    f->told.alarm = f->server.conn == NULL && f->server.disagrees;
    f->told.complete_ms = f->complete_ms;
    f->told.frames = f->turn.frames_n;
    f->told.chunks = f->turn.chunks_n;
    gl_told_log_write(f->conf->data, f->options.name, &f->told);
}

/* 0, or -1: it takes nothing of this machine. */
static int
connect_server(struct gl_forward *f)
{
    int64_t boot_ms = gl_clock_boot_ms();

    if (gl_member_connect(&f->server, f->conf, f->options.place, boot_ms) != 0)
        return -1;
    if (f->conf->cluster.n > 0 || (f->looked_of == f->server.connected_n &&
                                   boot_ms - f->looked_ms < LOOK_MS))
        return 0;
    if (gl_member_sends(&f->server) != 0)
        return -1;
    f->looked_of = f->server.connected_n;
    f->looked_ms = boot_ms;
    return 0;
}

void *
gl_forward_run(void *arg)
{
    struct gl_forward *f = arg;
    int more = 0;

    while (!gl_server_rest(&f->server, more ? 0 : TURN_MS)) {
        more = 0;
        if (connect_server(f) == 0)
            more = turn(f);
        else if (!f->silent || f->server.conn != NULL)
            failed(f);
        tick(f);
        if (gl_pass_is_awaited(f->pass))
            make_changes(f);
    }
    return NULL;
}
