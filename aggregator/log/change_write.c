/* "glinto-postgresql change": a change is written, and its answer awaited. */

#include "log/changes.h"
#include "log/command.h"
#include "log/machine.h"
#include "log/told.h"

#include "clock.h"

#include <errno.h>
#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define ANSWER_MS 30000
#define LOOK_MS 20
#define EXIT_USAGE 2

static int
fail(const char *sentence)
{
    fprintf(stderr, "glinto-postgresql: %s\n", sentence);
    return EXIT_FAILURE;
}

/* "root at edge1" */
static char *
actor_of(const struct gl_conf *conf)
{
    char machine[GL_MACHINE_MAX];
    const struct passwd *user = getpwuid(getuid());

    gl_machine_name(conf, machine);
    return g_strdup_printf("%s at %s",
                           user != NULL ? user->pw_name : "somebody", machine);
}

/* Its id, or 0 with SERVER's .why. */
static int64_t
insert(const struct gl_conf *conf, struct gl_server *server,
       char *const *words, int n)
{
    GString *lines = g_string_new(NULL);
    char *actor = actor_of(conf);
    const char *values[2];
    PGresult *row;
    int64_t id = 0;

    for (int i = 0; i < n; i++)
        g_string_append_printf(lines, "%s%s", i > 0 ? "\n" : "", words[i]);
    values[0] = actor;
    values[1] = lines->str;
    PQclear(gl_server_ask(server, "BEGIN", 0, NULL, 0));
    PQclear(gl_server_ask(
        server, "LOCK TABLE change IN SHARE ROW EXCLUSIVE MODE", 0, NULL, 0));
    row = gl_server_ask(server,
                        "INSERT INTO change (actor, words) VALUES ($1, "
                        "string_to_array($2, E'\\n')) RETURNING id",
                        2, values, 0);
    if (row != NULL)
        id = strtoll(PQgetvalue(row, 0, 0), NULL, 10);
    PQclear(row);
    row = id == 0 ? NULL : gl_server_ask(server, "COMMIT", 0, NULL, 0);
    if (row == NULL)
        id = 0;
    PQclear(row);
    g_string_free(lines, TRUE);
    g_free(actor);
    return id;
}

/* What glintod of this machine said of change ID: its status. */
static int
await(const struct gl_conf *conf, const struct gl_server *server, int64_t id)
{
    int64_t until_ms = gl_clock_boot_ms() + ANSWER_MS;
    char *said = NULL;
    int status;

    do {
        status = gl_told_change_read(conf->data, id, &said);
        if (status >= 0)
            break;
        gl_server_rest(server, LOOK_MS);
    } while (gl_clock_boot_ms() < until_ms);
    if (status < 0) {
        fprintf(stderr,
                "glinto-postgresql: written as change %" G_GINT64_FORMAT
                ", which this machine has not made in %d s\n",
                id, ANSWER_MS / 1000);
        return EXIT_FAILURE;
    }
    fputs(said, status == 0 ? stdout : stderr);
    fputc('\n', status == 0 ? stdout : stderr);
    g_free(said);
    return status;
}

int
gl_change_write(const struct gl_conf *conf, char *const *words, int n)
{
    const char *refused = gl_command_refuses(words, n);
    struct gl_server server;
    int stop_fd = eventfd(0, EFD_CLOEXEC), status;
    int64_t id;

    if (refused != NULL) {
        fail(refused);
        return EXIT_USAGE;
    }
    if (stop_fd == -1)
        return fail(strerror(errno));
    gl_server_init(&server, conf->log[0] != '\0' ? conf->log : conf->follow,
                   "read-write", stop_fd);
    if (gl_server_connect(&server, gl_clock_boot_ms()) != 0 ||
        (id = insert(conf, &server, words, n)) == 0)
        status = fail(server.why);
    else
        status = await(conf, &server, id);
    gl_server_close(&server);
    close(stop_fd);
    return status;
}
