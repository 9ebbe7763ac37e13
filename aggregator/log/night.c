/* The night's job; see night.h. */

#include "log/night.h"

#include "clock.h"
#include "log.h"
#include "log/night_erase.h"
#include "log/night_retain.h"
#include "log/night_slot.h"
#include "log/server.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
/* As on one machine (days/night.c). */
#define NIGHT_MS (3 * HOUR_MS)
#define LOOK_MS 60000
/* Pairs that come late, from an edge that was away, wait so long. */
#define LATE_MS (10 * 60000)
#define ERASED                                                                \
    "%" G_GUINT64_FORMAT " frames of sites reset or removed are gone"
#define EXPIRED                                                               \
    "%" G_GUINT64_FORMAT " frames, and %" G_GUINT64_FORMAT                    \
    " packs whole, older than sites keep them are gone"

#define PACKED                                                                \
    "%" G_GUINT64_FORMAT " chunks are %" G_GUINT64_FORMAT                     \
    " packs, of %" G_GUINT64_FORMAT " frames and %" G_GUINT64_FORMAT          \
    " bytes; %" G_GUINT64_FORMAT " visitors had two ids"

struct gl_night {
    const struct gl_conf *conf;
    char *title; /* "the night's job", and of which primary */
    struct gl_server server;
    int64_t done_day; /* UTC; known here, 0 = not */
    int64_t done_ms;  /* boot: the last job of this life, or its start */
};

struct gl_night *
gl_night_new(const struct gl_conf *conf, const char *name,
             const char *conninfo, int stop_fd)
{
    struct gl_night *n = g_new0(struct gl_night, 1);

    n->conf = conf;
    n->title = g_strconcat("the night's job", name[0] == '\0' ? "" : " of ",
                           name, NULL);
    gl_server_init(&n->server, conninfo, "read-write", stop_fd);
    n->done_ms = gl_clock_boot_ms();
    return n;
}

void
gl_night_free(struct gl_night *n)
{
    if (n == NULL)
        return;
    gl_server_close(&n->server);
    g_free(n->title);
    g_free(n);
}

/* ---- statements ---- */

/* It waits for turns of edges, and the next ones wait for it: the locks are
 * taken in their order. */
static const char begin_slot[] =
    "DO $$ DECLARE n integer; BEGIN "
    "PERFORM set_config('lock_timeout', '10s', true); "
    "LOCK TABLE sent IN SHARE ROW EXCLUSIVE MODE; "
    "UPDATE night SET slot = slot + 1 RETURNING slot INTO n; "
    "EXECUTE format('CREATE TABLE chunk_%s PARTITION OF chunk FOR VALUES IN "
    "(%s)', n, n); "
    "EXECUTE format('ALTER TABLE chunk ALTER slot SET DEFAULT %s', n); "
    "END $$";

/* From here on cities read its packs. */
static int
end_slot(struct gl_night *n, int slot)
{
    char *sql = g_strdup_printf(
        "DO $$ BEGIN PERFORM set_config('lock_timeout', '10s', true); "
        "UPDATE night SET packed = %d; DROP TABLE chunk_%d; END $$",
        slot, slot);
    int result = gl_server_run(&n->server, sql, 0, NULL);

    g_free(sql);
    return result;
}

static int
set_day(struct gl_night *n, int64_t day)
{
    char *sql =
        g_strdup_printf("UPDATE night SET day = %" G_GINT64_FORMAT, day);
    int result = gl_server_run(&n->server, sql, 0, NULL);

    g_free(sql);
    return result;
}

/* ---- the job ---- */

static int
pack_all(struct gl_night *n, struct gl_nighted *to)
{
    int64_t slot =
        gl_server_number(&n->server, "SELECT slot FROM night", 0, NULL);
    int64_t packed =
        gl_server_number(&n->server, "SELECT packed FROM night", 0, NULL);

    if (slot < 0 || packed < 0)
        return -1;
    for (int64_t at = packed + 1; at < slot; at++) {
        if (gl_night_slot(&n->server, (int) at, n->conf->enrich, to) != 0 ||
            end_slot(n, (int) at) != 0)
            return -1;
        to->slots++;
    }
    return 0;
}

/* What is in packs and no more in cities: a failure waits for the next night.
 */
static void
erase(struct gl_night *n, struct gl_nighted *to)
{
    struct gl_rewrite r;

    if (gl_rewrite_init(&r, &n->server, n->conf->data) == 0) {
        int result = gl_night_erase(&r);

        to->erased = r.frames;
        if (result == 0)
            result = gl_night_retain(&r, n->conf->data, &to->dropped);
        to->expired = r.frames - to->erased;
        if (result != 0)
            gl_log(GL_LOG_ERROR,
                   "%s: what sites erased stays in packs until the next "
                   "night: %s",
                   n->title, n->server.why);
    }
    gl_rewrite_fini(&r);
}

/* 1 = it is to be done, 0 = not, -1 with .why. */
static int
is_due(struct gl_night *n)
{
    int64_t now_ms = gl_clock_now_ms(), day;

    if (now_ms % DAY_MS < NIGHT_MS)
        return 0;
    if (n->done_day != now_ms / DAY_MS) {
        day = gl_server_number(&n->server, "SELECT day FROM night", 0, NULL);
        if (day != now_ms / DAY_MS)
            return day < 0 ? -1 : 1;
        n->done_day = day;
    }
    if (gl_clock_boot_ms() - n->done_ms < LATE_MS)
        return 0;
    return (int) gl_server_number(
        &n->server,
        "SELECT EXISTS (SELECT FROM chunk WHERE before IS "
        "NOT NULL)::int",
        0, NULL);
}

/* 1 = done, 0 = another machine is at it, or was, -1 with .why. */
static int
do_night(struct gl_night *n, int anyway, struct gl_nighted *to)
{
    int64_t day = gl_clock_now_ms() / DAY_MS;
    int64_t ours = gl_server_number(
        &n->server, "SELECT pg_try_advisory_lock(7367696)::int", 0, NULL);
    int result;

    memset(to, 0, sizeof *to);
    if (ours != 1)
        return ours == 0 ? 0 : -1;
    if (!anyway && is_due(n) != 1)
        return gl_server_run(&n->server, "SELECT pg_advisory_unlock_all()", 0,
                             NULL);
    if (gl_server_number(&n->server, "SELECT EXISTS (SELECT FROM chunk)::int",
                         0, NULL) == 1 &&
        gl_server_run(&n->server, begin_slot, 0, NULL) != 0)
        return -1;
    result = pack_all(n, to);
    if (result == 0) {
        erase(n, to);
        result = set_day(n, day);
    }
    if (result == 0)
        result = gl_server_run(&n->server, "SELECT pg_advisory_unlock_all()",
                               0, NULL);
    if (result != 0)
        return -1;
    n->done_day = day;
    n->done_ms = gl_clock_boot_ms();
    return 1;
}

static void
tell(const struct gl_night *n, const struct gl_nighted *to)
{
    gl_log(GL_LOG_NOTICE, "%s: " PACKED, n->title, to->chunks, to->packs,
           to->frames, to->bytes, to->people);
    if (to->erased > 0)
        gl_log(GL_LOG_NOTICE, "%s: " ERASED, n->title, to->erased);
    if (to->expired > 0 || to->dropped > 0)
        gl_log(GL_LOG_NOTICE, "%s: " EXPIRED, n->title, to->expired,
               to->dropped);
}

static void
look(struct gl_night *n)
{
    struct gl_nighted done;
    int result = gl_server_connect(&n->server, gl_clock_boot_ms());

    if (result != 0)
        return; /* the forwarder tells of it */
    result = is_due(n);
    if (result == 1)
        result = do_night(n, 0, &done);
    if (result == 1)
        tell(n, &done);
    if (result == -1)
        gl_log(GL_LOG_ERROR, "%s: %s", n->title, n->server.why);
    gl_server_close(&n->server);
}

void *
gl_night_run(void *arg)
{
    struct gl_night *n = arg;

    do
        look(n);
    while (!gl_server_rest(&n->server, LOOK_MS));
    return NULL;
}

/* ---- the command ---- */

/* NAME "" = the one primary: nothing is before what is printed. */
static int
do_now(const struct gl_conf *conf, const char *name, const char *conninfo,
       int stop_fd)
{
    struct gl_night *n = gl_night_new(conf, name, conninfo, stop_fd);
    const char *colon = name[0] == '\0' ? "" : ": ";
    struct gl_nighted done;
    int result = -1;

    if (gl_server_connect(&n->server, gl_clock_boot_ms()) == 0)
        result = do_night(n, 1, &done);
    if (result == 1 && done.erased > 0)
        printf("%s%s" ERASED "\n", name, colon, done.erased);
    if (result == 1 && (done.expired > 0 || done.dropped > 0))
        printf("%s%s" EXPIRED "\n", name, colon, done.expired, done.dropped);
    if (result == 1)
        printf("%s%s" PACKED "\n", name, colon, done.chunks, done.packs,
               done.frames, done.bytes, done.people);
    else
        fprintf(stderr, "glinto-postgresql: %s%s%s\n", name, colon,
                result == 0 ? "another machine is at it" : n->server.why);
    gl_night_free(n);
    return result == 1 ? 0 : -1;
}

int
gl_night_now(const struct gl_conf *conf)
{
    const struct gl_cluster *cluster = &conf->cluster;
    int stop_fd = eventfd(0, EFD_CLOEXEC), result = 0;

    if (stop_fd == -1 || conf->log[0] == '\0') {
        fprintf(stderr, "glinto-postgresql: %s\n",
                stop_fd == -1 ? strerror(errno) : "this machine has no log");
        return EXIT_FAILURE;
    }
    if (!conf->log_is_cluster)
        result = do_now(conf, "", conf->log, stop_fd);
    for (int i = 0; conf->log_is_cluster && i < cluster->n; i++)
        if (do_now(conf, cluster->primaries[i].name,
                   cluster->primaries[i].conninfo, stop_fd) != 0)
            result = -1;
    close(stop_fd);
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
