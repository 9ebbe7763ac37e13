/*
 * One connection to PostgreSQL.  A question that is under way ends when its
 * time is over or the program is to stop; after any failure the connection is
 * closed, since nobody knows what the server did last.
 *
 * One thread each.
 */

#ifndef GL_LOG_SERVER_H
#define GL_LOG_SERVER_H

#include <glib.h>
#include <libpq-fe.h>
#include <stdint.h>

#define GL_SERVER_WHY_MAX 512

struct gl_server {
    const char *conninfo; /* the caller's */
    const char *attrs;    /* target_session_attrs; NULL = as CONNINFO says */
    int stop_fd;          /* readable = stop */
    PGconn *conn;         /* NULL = not connected */
    uint32_t connected_n; /* how often so far */
    int64_t retry_ms;     /* boot clock: not before */
    uint32_t failures;    /* since the last answer */
    uint32_t member_of;   /* connection that was asked (member.h) */
    char log_id[40];      /* of the database; "" = it has none */
    int disagrees;        /* .why is of a server that is another */
    char why[GL_SERVER_WHY_MAX];
};

/* 0, or -1 with a sentence: CONNINFO is none. */
int gl_server_check(const char *conninfo, char *why, size_t why_len);

void gl_server_init(struct gl_server *server, const char *conninfo,
                    const char *attrs, int stop_fd);
/* Connect, unless it is too early to try again: 0, or -1 with .why. */
int gl_server_connect(struct gl_server *server, int64_t boot_ms);
/* Close, and try again after a while that grows. */
void gl_server_failed(struct gl_server *server, int64_t boot_ms);
void gl_server_close(struct gl_server *server);

/*
 * SQL with N parameters as text, and rows as text or BINARY.  NULL with .why
 * when it failed: gl_server_failed() is due.
 */
PGresult *gl_server_ask(struct gl_server *server, const char *sql, int n,
                        const char *const *values, int binary);
/* The same, of which no row matters: 0, or -1 with .why. */
int gl_server_run(struct gl_server *server, const char *sql, int n,
                  const char *const *values);
/* The same: the number that it answers, or -1 with .why. */
int64_t gl_server_number(struct gl_server *server, const char *sql, int n,
                         const char *const *values);
/* Statements of which the last is COPY FROM STDIN, which takes BYTES.  *FIRST
 * = rows that the second statement changed.  0, or -1 with .why. */
int gl_server_copy(struct gl_server *server, const char *sql,
                   const GByteArray *bytes, long *changed);

/* BYTES as the text of a parameter, a bytea. */
void gl_server_bytea(GString *text, const GByteArray *bytes);

/* Sleep until MS have passed: 1 = it is time to stop. */
int gl_server_rest(const struct gl_server *server, int64_t ms);

#endif
