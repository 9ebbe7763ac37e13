/* Changes go from the first primary to the others; see mirror.h. */

#include "log/mirror.h"

#include "clock.h"
#include "log.h"
#include "log/member.h"
#include "log/told.h"

#include <glib.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS 1000
#define AWAITED_MS 20 /* somebody waits for one */
#define RETRY_MS 100
#define AT_ONCE "100"

enum copied { COPIED_ALL, COPIED_SOME, COPIED_NOT, COPIED_OTHERS };

/* To one of the others. */
struct copier {
    const struct gl_conf *conf;
    const struct gl_pass *pass;
    int place; /* in the cluster */
    const char *from_name, *name;
    struct gl_server from, to;
    uint32_t joined;               /* connection of .from: with .to */
    const struct gl_server *asked; /* the last */
    enum copied told;              /* what is wrong was told, once */
    char why[GL_SERVER_WHY_MAX];   /* what is */
    int64_t told_ms;               /* boot */
    pthread_t thread;
};

struct gl_mirror {
    struct copier copiers[GL_CLUSTER_MAX - 1];
    int n;
};

/* The newest row of .to. */
struct newest {
    char id[24]; /* "0" = there is none */
    char *name;
};

static const char select_newest[] =
    "SELECT id, name FROM change ORDER BY id DESC LIMIT 1";

/* The newest there, and those behind it. */
static const char select_changes[] =
    "SELECT id, (extract(epoch FROM at) * 1000000)::bigint, name, machine, "
    "actor, verb, args, drawn FROM change WHERE id >= $1::bigint ORDER BY id "
    "LIMIT 1 + " AT_ONCE;

static const char *const columns[] = {"id",    "at",   "name", "machine",
                                      "actor", "verb", "args", "drawn"};

/* As pass.c: their place among the events there. */
static const char lock[] =
    "LOCK TABLE sent, change IN SHARE ROW EXCLUSIVE MODE";

/* Nothing when another machine was quicker. */
static const char insert[] =
    "INSERT INTO change (id, at, name, machine, actor, verb, args, drawn) "
    "OVERRIDING SYSTEM VALUE SELECT id, timestamptz 'epoch' + at * interval "
    "'1 microsecond', name, machine, actor, verb, args, drawn FROM "
    "json_to_recordset($1::json) AS r (id bigint, at bigint, name text, "
    "machine text, actor text, verb text, args text, drawn text) WHERE "
    "$2::bigint = (SELECT coalesce(max(id), 0) FROM change) ORDER BY id";

struct gl_mirror *
gl_mirror_new(const struct gl_conf *conf, const struct gl_pass *pass,
              int stop_fd)
{
    const struct gl_cluster *cluster = &conf->cluster;
    struct gl_mirror *mirror;

    if (cluster->n < 2)
        return NULL;
    mirror = g_new0(struct gl_mirror, 1);
    for (int i = 1; i < cluster->n; i++) {
        struct copier *copier = &mirror->copiers[mirror->n++];

        copier->conf = conf;
        copier->pass = pass;
        copier->place = i;
        copier->from_name = cluster->primaries[0].name;
        copier->name = cluster->primaries[i].name;
        gl_server_init(&copier->from, cluster->primaries[0].conninfo,
                       "read-write", stop_fd);
        gl_server_init(&copier->to, cluster->primaries[i].conninfo,
                       "read-write", stop_fd);
    }
    return mirror;
}

void
gl_mirror_free(struct gl_mirror *mirror)
{
    for (int i = 0; mirror != NULL && i < mirror->n; i++) {
        gl_server_close(&mirror->copiers[i].from);
        gl_server_close(&mirror->copiers[i].to);
    }
    g_free(mirror);
}

/* ---- one look ---- */

static int
read_newest(struct copier *copier, struct newest *newest)
{
    PGresult *rows = gl_server_ask(&copier->to, select_newest, 0, NULL, 0);

    if (rows == NULL)
        return -1;
    strcpy(newest->id, "0");
    newest->name = NULL;
    if (PQntuples(rows) > 0) {
        g_strlcpy(newest->id, PQgetvalue(rows, 0, 0), sizeof newest->id);
        newest->name = g_strdup(PQgetvalue(rows, 0, 1));
    }
    PQclear(rows);
    return 0;
}

/* ROWS of the first begin with the newest there: 1 or 0. */
static int
goes_on(const PGresult *rows, const struct newest *newest)
{
    return newest->name == NULL ||
           (PQntuples(rows) > 0 &&
            strcmp(PQgetvalue(rows, 0, 0), newest->id) == 0 &&
            strcmp(PQgetvalue(rows, 0, 2), newest->name) == 0);
}

/* ROWS from FIRST on, the caller's. */
static char *
text_of(const PGresult *rows, int first)
{
    json_auto_t *all = json_array();

    for (int i = first; i < PQntuples(rows); i++) {
        json_t *one = json_object();

        for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
            json_object_set_new(one, columns[k],
                                json_string(PQgetvalue(rows, i, (int) k)));
        json_array_append_new(all, one);
    }
    return json_dumps(all, JSON_COMPACT);
}

/* Behind NEWEST, if it still is: 0, or -1. */
static int
write_rows(struct copier *copier, const struct newest *newest,
           const char *text)
{
    const char *values[] = {text, newest->id};

    return gl_server_run(&copier->to, "BEGIN", 0, NULL) == 0 &&
                   gl_server_run(&copier->to, lock, 0, NULL) == 0 &&
                   gl_server_run(&copier->to, insert, 2, values) == 0 &&
                   gl_server_run(&copier->to, "COMMIT", 0, NULL) == 0
               ? 0
               : -1;
}

static enum copied
copy_behind(struct copier *copier, const struct newest *newest)
{
    const char *values[] = {newest->id};
    int first = newest->name != NULL;
    enum copied copied = COPIED_ALL;
    PGresult *rows;

    copier->asked = &copier->from;
    rows = gl_server_ask(&copier->from, select_changes, 1, values, 0);
    if (rows == NULL) {
        copied = COPIED_NOT;
    } else if (!goes_on(rows, newest)) {
        copied = COPIED_OTHERS;
    } else if (PQntuples(rows) > first) {
        char *text = text_of(rows, first);

        copier->asked = &copier->to;
        copied = text != NULL && write_rows(copier, newest, text) == 0
                     ? COPIED_SOME
                     : COPIED_NOT;
        free(text);
    }
    PQclear(rows);
    return copied;
}

/* In the log once, and to glintod once a second. */
static void
tell(struct copier *copier, enum copied copied, const struct newest *newest)
{
    int bad = copied >= COPIED_NOT, known = copied == copier->told;
    int64_t boot_ms = gl_clock_boot_ms();

    if (copied == COPIED_OTHERS)
        snprintf(copier->why, sizeof copier->why,
                 "its change %s is not that of \"%s\", which has lost some",
                 newest->id, copier->from_name);
    else if (bad)
        g_strlcpy(copier->why, copier->asked->why, sizeof copier->why);
    if (bad && !known)
        gl_log(GL_LOG_ERROR, "changes are not copied to primary \"%s\": %s",
               copier->name, copier->why);
    copier->told = copied;
    if (known && boot_ms - copier->told_ms < LOOK_MS)
        return;
    copier->told_ms = boot_ms;
    gl_told_changes_write(
        copier->conf->data, copier->name, bad ? copier->why : NULL,
        copied == COPIED_OTHERS || (bad && copier->asked->disagrees));
}

/* A connection that said nothing, or failed halfway, is closed. */
static void
failed(struct gl_server *server)
{
    if (server->conn != NULL)
        gl_server_failed(server, gl_clock_boot_ms());
}

/* They are who they are taken for: 0, or -1. */
static int
join(struct copier *copier)
{
    if (copier->joined == copier->from.connected_n &&
        copier->to.member_of == copier->to.connected_n)
        return 0;
    if (gl_member_join(&copier->from, &copier->to, &copier->conf->cluster,
                       copier->place) != 0)
        return -1;
    copier->joined = copier->from.connected_n;
    copier->to.member_of = copier->to.connected_n;
    return 0;
}

static enum copied
look(struct copier *copier)
{
    int64_t now_ms = gl_clock_boot_ms();
    struct newest newest = {"", NULL};
    enum copied copied = COPIED_NOT;

    copier->asked = &copier->from;
    if (gl_member_connect(&copier->from, copier->conf, 0, now_ms) == 0) {
        copier->asked = &copier->to;
        if (gl_server_connect(&copier->to, now_ms) == 0 && join(copier) == 0 &&
            read_newest(copier, &newest) == 0)
            copied = copy_behind(copier, &newest);
    }
    tell(copier, copied, &newest);
    if (copied == COPIED_NOT) {
        failed(&copier->from);
        failed(&copier->to);
    }
    g_free(newest.name);
    return copied;
}

/* ---- all of them ---- */

/* A second, or until somebody waits for a change: 1 = stop. */
static int
rest(const struct copier *copier)
{
    int64_t until_ms = gl_clock_boot_ms() + LOOK_MS;

    do
        if (gl_server_rest(&copier->to, AWAITED_MS))
            return 1;
    while (gl_clock_boot_ms() < until_ms && !gl_pass_is_awaited(copier->pass));
    return 0;
}

static void *
copy(void *arg)
{
    struct copier *copier = arg;
    int stop = gl_server_rest(&copier->to, 0);

    while (!stop)
        switch (look(copier)) {
        case COPIED_SOME:
            stop = gl_server_rest(&copier->to, 0);
            break;
        case COPIED_NOT:
            stop = gl_server_rest(&copier->to, RETRY_MS);
            break;
        case COPIED_ALL:
        case COPIED_OTHERS:
            stop = rest(copier);
            break;
        }
    return NULL;
}

void *
gl_mirror_run(void *arg)
{
    struct gl_mirror *mirror = arg;
    int n = 0;

    for (; n < mirror->n - 1; n++) {
        int error = pthread_create(&mirror->copiers[n].thread, NULL, copy,
                                   &mirror->copiers[n]);

        if (error != 0) {
            gl_log(GL_LOG_ERROR, "no thread copies changes: %s",
                   strerror(error));
            break;
        }
    }
    copy(&mirror->copiers[n]);
    for (int i = 0; i < n; i++)
        pthread_join(mirror->copiers[i].thread, NULL);
    return NULL;
}
