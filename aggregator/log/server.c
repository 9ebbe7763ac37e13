/* One connection; see server.h. */

#include "log/server.h"

#include "clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer than a failover takes; a commit that waits for a standby waits on
 * after a new connection. */
#define ANSWER_MS 30000
/* A question that nobody waits for ends by itself; a commit that waits for a
 * standby is none. */
#define SETTINGS                                                              \
    "SELECT set_config('statement_timeout', '25s', false), "                  \
    "set_config('idle_in_transaction_session_timeout', '25s', false)"
#define RETRY_FIRST_MS 100
#define RETRY_LAST_MS 5000

static int
fail(struct gl_server *server, const char *sentence)
{
    snprintf(server->why, sizeof server->why, "%s", sentence);
    g_strchomp(server->why);
    server->disagrees = 0;
    for (char *at = server->why; *at != '\0'; at++)
        if (*at == '\n' || *at == '\t')
            *at = ' ';
    return -1;
}

int
gl_server_check(const char *conninfo, char *why, size_t why_len)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &message);

    if (options != NULL) {
        PQconninfoFree(options);
        return 0;
    }
    snprintf(why, why_len, "%s",
             message != NULL ? g_strchomp(message) : "out of memory");
    PQfreemem(message);
    return -1;
}

void
gl_server_init(struct gl_server *server, const char *conninfo,
               const char *attrs, int stop_fd)
{
    memset(server, 0, sizeof *server);
    server->conninfo = conninfo;
    server->attrs = attrs;
    server->stop_fd = stop_fd;
}

void
gl_server_close(struct gl_server *server)
{
    if (server->conn != NULL)
        PQfinish(server->conn);
    server->conn = NULL;
}

void
gl_server_failed(struct gl_server *server, int64_t boot_ms)
{
    int64_t wait_ms = (int64_t) RETRY_FIRST_MS << MIN(server->failures, 6);

    gl_server_close(server);
    server->failures++;
    server->retry_ms = boot_ms + MIN(wait_ms, RETRY_LAST_MS);
}

/* 1 = the socket is as EVENTS say; 0 with .why. */
static int
wait_for(struct gl_server *server, short events, int64_t until_ms)
{
    struct pollfd fds[] = {{PQsocket(server->conn), events, 0},
                           {server->stop_fd, POLLIN, 0}};
    int64_t left_ms = until_ms - gl_clock_boot_ms();
    int n = left_ms <= 0 ? 0 : poll(fds, 2, (int) left_ms);

    if (fds[1].revents != 0)
        fail(server, "this program stops");
    else if (n > 0 || (n == -1 && errno == EINTR))
        return 1;
    else if (n == 0)
        fail(server, "the server gives no answer in time");
    else
        fail(server, strerror(errno));
    return 0;
}

/* All that is to be sent is: 0, or -1. */
static int
flush(struct gl_server *server, int64_t until_ms)
{
    int left;

    while ((left = PQflush(server->conn)) == 1) {
        if (!wait_for(server, POLLIN | POLLOUT, until_ms))
            return -1;
        if (PQconsumeInput(server->conn) == 0)
            return fail(server, PQerrorMessage(server->conn));
    }
    return left == 0 ? 0 : fail(server, PQerrorMessage(server->conn));
}

/* The next result, *END = 1 when there is none any more; 0, or -1. */
static int
next_result(struct gl_server *server, int64_t until_ms, PGresult **result)
{
    while (PQisBusy(server->conn)) {
        if (!wait_for(server, POLLIN, until_ms))
            return -1;
        if (PQconsumeInput(server->conn) == 0)
            return fail(server, PQerrorMessage(server->conn));
    }
    *result = PQgetResult(server->conn);
    return 0;
}

static int
is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_COPY_IN;
}

/* Read all results; the first stays in *FIRST when that is wanted. */
static int
finish(struct gl_server *server, int64_t until_ms, PGresult **first)
{
    PGresult *result;
    int good = 1;

    for (;;) {
        if (next_result(server, until_ms, &result) != 0)
            return -1;
        if (result == NULL)
            return good ? 0 : -1;
        if (good && !is_good(result)) {
            fail(server, PQresultErrorMessage(result));
            good = 0;
        }
        if (first != NULL && *first == NULL)
            *first = result;
        else
            PQclear(result);
    }
}

PGresult *
gl_server_ask(struct gl_server *server, const char *sql, int n,
              const char *const *values, int binary)
{
    int64_t until_ms = gl_clock_boot_ms() + ANSWER_MS;
    PGresult *first = NULL;

    if (PQsendQueryParams(server->conn, sql, n, NULL, values, NULL, NULL,
                          binary) == 0) {
        fail(server, PQerrorMessage(server->conn));
        return NULL;
    }
    if (flush(server, until_ms) == 0 &&
        finish(server, until_ms, &first) == 0 && first != NULL) {
        server->failures = 0;
        return first;
    }
    PQclear(first);
    return NULL;
}

int
gl_server_run(struct gl_server *server, const char *sql, int n,
              const char *const *values)
{
    PGresult *result = gl_server_ask(server, sql, n, values, 0);

    PQclear(result);
    return result == NULL ? -1 : 0;
}

int64_t
gl_server_number(struct gl_server *server, const char *sql, int n,
                 const char *const *values)
{
    PGresult *row = gl_server_ask(server, sql, n, values, 0);
    int64_t number = -1;

    if (row != NULL && PQntuples(row) > 0)
        number = strtoll(PQgetvalue(row, 0, 0), NULL, 10);
    PQclear(row);
    return number;
}

/* What a server tells beside its answers is nobody's. */
static void
ignore_notice(void *arg, const char *message)
{
    (void) arg;
    (void) message;
}

int
gl_server_connect(struct gl_server *server, int64_t boot_ms)
{
    /* a later key wins */
    const char *keys[] = {"connect_timeout",      "keepalives_idle",
                          "keepalives_interval",  "keepalives_count",
                          "tcp_user_timeout",     "dbname",
                          "application_name",     "client_encoding",
                          "target_session_attrs", NULL};
    const char *values[] = {
        "3",      "10",   "5",           "3", "20000", server->conninfo,
        "glinto", "UTF8", server->attrs, NULL};

    PGresult *result;

    if (server->conn != NULL)
        return 0;
    if (boot_ms < server->retry_ms)
        return -1;
    server->conn = PQconnectdbParams(keys, values, 1);
    if (server->conn == NULL)
        return fail(server, "out of memory");
    if (PQstatus(server->conn) != CONNECTION_OK ||
        PQsetnonblocking(server->conn, 1) != 0) {
        fail(server, PQerrorMessage(server->conn));
        gl_server_failed(server, gl_clock_boot_ms());
        return -1;
    }
    PQsetNoticeProcessor(server->conn, ignore_notice, NULL);
    result = gl_server_ask(server, SETTINGS, 0, NULL, 0);
    PQclear(result);
    if (result == NULL) {
        gl_server_failed(server, gl_clock_boot_ms());
        return -1;
    }
    server->connected_n++;
    return 0;
}

/* Up to where the server waits for rows. */
static int
begin_copy(struct gl_server *server, int64_t until_ms, long *changed)
{
    PGresult *result;
    int n = 0, copies, good;

    do {
        if (next_result(server, until_ms, &result) != 0)
            return -1;
        if (result == NULL)
            return fail(server, "the server takes no rows");
        good = is_good(result);
        if (!good)
            fail(server, PQresultErrorMessage(result));
        if (++n == 2)
            *changed = strtol(PQcmdTuples(result), NULL, 10);
        copies = PQresultStatus(result) == PGRES_COPY_IN;
        PQclear(result);
    } while (good && !copies);
    return good ? 0 : -1;
}

static int
put_rows(struct gl_server *server, const GByteArray *bytes, int64_t until_ms)
{
    int sent;

    while ((sent = PQputCopyData(server->conn, (const char *) bytes->data,
                                 (int) bytes->len)) == 0)
        if (flush(server, until_ms) != 0)
            return -1;
    if (sent == -1)
        return fail(server, PQerrorMessage(server->conn));
    while ((sent = PQputCopyEnd(server->conn, NULL)) == 0)
        if (flush(server, until_ms) != 0)
            return -1;
    if (sent == -1)
        return fail(server, PQerrorMessage(server->conn));
    return flush(server, until_ms);
}

int
gl_server_copy(struct gl_server *server, const char *sql,
               const GByteArray *bytes, long *changed)
{
    int64_t until_ms = gl_clock_boot_ms() + ANSWER_MS;

    *changed = 0;
    if (PQsendQuery(server->conn, sql) == 0)
        return fail(server, PQerrorMessage(server->conn));
    if (flush(server, until_ms) != 0 ||
        begin_copy(server, until_ms, changed) != 0 ||
        put_rows(server, bytes, until_ms) != 0)
        return -1;
    return finish(server, until_ms, NULL);
}

void
gl_server_bytea(GString *text, const GByteArray *bytes)
{
    static const char digits[] = "0123456789abcdef";

    g_string_assign(text, "\\x");
    for (guint i = 0; i < bytes->len; i++) {
        g_string_append_c(text, digits[bytes->data[i] >> 4]);
        g_string_append_c(text, digits[bytes->data[i] & 15]);
    }
}

int
gl_server_rest(const struct gl_server *server, int64_t ms)
{
    struct pollfd fd = {server->stop_fd, POLLIN, 0};

    return poll(&fd, 1, (int) ms) == 1;
}
