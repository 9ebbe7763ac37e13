/* Files of changes become rows; see pass.h. */

#include "log/pass.h"

#include "clock.h"
#include "log.h"
#include "log/machine.h"
#include "log/member.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS 1000
#define RETRY_MS 100
#define AWAITED_MS 5000
#define SUFFIX ".json"
#define CLAIMED ".claimed"

struct gl_pass {
    const struct gl_conf *conf;
    struct gl_server server;
    char machine[GL_MACHINE_MAX];
    char *folder;
    int watch; /* inotify */
    int silent;
    atomic_llong awaited_ms; /* boot: until then */
};

struct gl_pass *
gl_pass_new(const struct gl_conf *conf, int stop_fd, char *why, size_t why_len)
{
    struct gl_pass *pass = g_new0(struct gl_pass, 1);

    pass->conf = conf;
    pass->folder = g_strdup_printf("%s/changes", conf->data);
    pass->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    gl_machine_name(conf, pass->machine);
    gl_server_init(&pass->server, gl_conf_changes(conf), "read-write",
                   stop_fd);
    if ((mkdir(pass->folder, 0700) == 0 || errno == EEXIST) &&
        inotify_add_watch(pass->watch, pass->folder, IN_MOVED_TO) != -1)
        return pass;
    snprintf(why, why_len, "%.400s: %s", pass->folder, strerror(errno));
    gl_pass_free(pass);
    return NULL;
}

void
gl_pass_free(struct gl_pass *pass)
{
    if (pass == NULL)
        return;
    gl_server_close(&pass->server);
    if (pass->watch != -1)
        close(pass->watch);
    g_free(pass->folder);
    g_free(pass);
}

int
gl_pass_is_awaited(const struct gl_pass *pass)
{
    return gl_clock_boot_ms() < atomic_load(&pass->awaited_ms);
}

/* ---- a file ---- */

/* A transaction that only has to write: the server is there.  It waits for
 * turns of edges (turn.c), and the next ones for it: who sees chunks of a
 * newer transaction sees the change. */
static int
begin(struct gl_pass *pass)
{
    return gl_member_connect(&pass->server, pass->conf, 0,
                             gl_clock_boot_ms()) == 0 &&
           gl_server_run(&pass->server, "BEGIN", 0, NULL) == 0 &&
           gl_server_run(&pass->server,
                         "LOCK TABLE sent, change IN SHARE ROW EXCLUSIVE MODE",
                         0, NULL) == 0;
}

/* It was written there before, or is now. */
static int
insert(struct gl_pass *pass, const char *const *values)
{
    return gl_server_run(
               &pass->server,
               "INSERT INTO change (name, machine, actor, verb, args, drawn) "
               "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING",
               6, values) == 0 &&
           gl_server_run(&pass->server, "COMMIT", 0, NULL) == 0;
}

/* What the file at PATH says goes to the server: 1, or 0 with .why. */
static int
pass_file(struct gl_pass *pass, const char *path)
{
    json_t *change = json_load_file(path, JSON_ALLOW_NUL, NULL);
    const json_t *args = json_object_get(change, "args");
    const json_t *drawn = json_object_get(change, "drawn");
    char *texts[2];
    int done;

    if (change == NULL) {
        gl_log(GL_LOG_ERROR, "%s is no change, and removed", path);
        unlink(path);
        return gl_server_run(&pass->server, "ROLLBACK", 0, NULL) == 0;
    }
    texts[0] = json_dumps(args, JSON_COMPACT);
    texts[1] = json_dumps(drawn, JSON_COMPACT);
    const char *values[] = {json_string_value(json_object_get(change, "name")),
                            pass->machine,
                            json_string_value(json_object_get(change, "by")),
                            json_string_value(json_object_get(change, "verb")),
                            texts[0],
                            texts[1]};
    done = insert(pass, values);
    if (done) {
        unlink(path);
        atomic_store(&pass->awaited_ms, gl_clock_boot_ms() + AWAITED_MS);
    }
    free(texts[0]);
    free(texts[1]);
    json_decref(change);
    return done;
}

/* From here on glintod does not take it back: 1, or 0 when it has. */
static int
claim(const struct gl_pass *pass, const char *name, char **path)
{
    char *from = g_strdup_printf("%s/%s", pass->folder, name);
    int claimed = g_str_has_suffix(name, CLAIMED);

    *path = claimed ? g_strdup(from) : g_strconcat(from, CLAIMED, NULL);
    if (!claimed)
        claimed = rename(from, *path) == 0;
    g_free(from);
    return claimed;
}

static int
pass_one(struct gl_pass *pass, const char *name)
{
    char *path;
    int done;

    if (!begin(pass))
        return 0;
    done = claim(pass, name, &path)
               ? pass_file(pass, path)
               : gl_server_run(&pass->server, "ROLLBACK", 0, NULL) == 0;
    g_free(path);
    return done;
}

/* ---- all ---- */

static GPtrArray *
list(const struct gl_pass *pass)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    DIR *dir = opendir(pass->folder);
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (g_str_has_suffix(entry->d_name, SUFFIX) ||
            g_str_has_suffix(entry->d_name, CLAIMED))
            g_ptr_array_add(names, g_strdup(entry->d_name));
    if (dir != NULL)
        closedir(dir);
    return names;
}

static void
failed(struct gl_pass *pass)
{
    if (!pass->silent)
        gl_log(GL_LOG_ERROR, "changes cannot be written to the log: %s",
               pass->server.why);
    pass->silent = 1;
    if (pass->server.conn != NULL)
        gl_server_failed(&pass->server, gl_clock_boot_ms());
}

/* 1 = none is left. */
static int
pass_all(struct gl_pass *pass)
{
    GPtrArray *names = list(pass);
    int done = 1;

    for (guint i = 0; i < names->len && done; i++)
        done = pass_one(pass, names->pdata[i]);
    g_ptr_array_free(names, TRUE);
    if (!done)
        failed(pass);
    else
        pass->silent = 0;
    return done;
}

/* Until there is a file, or it is time to look: 1 = stop. */
static int
rest(const struct gl_pass *pass, int64_t ms)
{
    struct pollfd fds[] = {{pass->server.stop_fd, POLLIN, 0},
                           {pass->watch, POLLIN, 0}};
    char bytes[4096];

    poll(fds, 2, (int) ms);
    while (read(pass->watch, bytes, sizeof bytes) > 0)
        ;
    return fds[0].revents != 0;
}

void *
gl_pass_run(void *arg)
{
    struct gl_pass *pass = arg;
    int64_t wait_ms = 0;

    while (!rest(pass, wait_ms))
        wait_ms = pass_all(pass) ? LOOK_MS : RETRY_MS;
    return NULL;
}
