/* Changes are made here; see changes.h. */

#include "log/changes.h"

#include "log.h"
#include "log/post.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 100

static const char select_changes[] =
    "SELECT id, (extract(epoch FROM at) * 1000)::bigint, name, machine, "
    "actor, verb, args, drawn, xid FROM change WHERE id > $1::bigint ORDER BY "
    "id "
    "LIMIT " G_STRINGIFY(AT_ONCE);

static json_t *
column_json(const PGresult *rows, int at, int column)
{
    json_t *json =
        json_loads(PQgetvalue(rows, at, column), JSON_ALLOW_NUL, NULL);

    return json == NULL ? json_null() : json;
}

/* The row AT for change.make. */
static json_t *
change_json(const PGresult *rows, int at)
{
    return json_pack(
        "{s:I, s:I, s:s, s:s, s:s, s:s, s:o, s:o}", "change",
        (json_int_t) strtoll(PQgetvalue(rows, at, 0), NULL, 10), "at",
        (json_int_t) strtoll(PQgetvalue(rows, at, 1), NULL, 10), "name",
        PQgetvalue(rows, at, 2), "machine", PQgetvalue(rows, at, 3), "by",
        PQgetvalue(rows, at, 4), "verb", PQgetvalue(rows, at, 5), "args",
        column_json(rows, at, 6), "drawn", column_json(rows, at, 7));
}

/* 1 = made or refused, for good; 0 = not now, with a sentence in WHY. */
static int
make_one(const struct gl_conf *conf, const PGresult *rows, int at,
         struct gl_changes_when *when)
{
    json_t *change = change_json(rows, at);
    char *said;
    int status = gl_post(conf->admin_socket, "/v1/change/make", change, &said);

    if (status >= 200 && status < 500)
        gl_log(GL_LOG_NOTICE, "change %s, %s, is %s%s%s",
               PQgetvalue(rows, at, 0), PQgetvalue(rows, at, 5),
               status == 200 ? "made" : "refused", said == NULL ? "" : ": ",
               said == NULL ? "" : said);
    else
        snprintf(when->why, sizeof when->why, "change %s, %s, waits: %.400s",
                 PQgetvalue(rows, at, 0), PQgetvalue(rows, at, 5),
                 said == NULL ? "glintod does not answer" : said);
    g_free(said);
    json_decref(change);
    return status >= 200 && status < 500;
}

/* Events after it may become something else than those before it.  What is
 * asked of rows, and by whom, is not so: goals, shares, people and so on. */
static int
has_place(const char *verb)
{
    return g_str_has_prefix(verb, "site.") ||
           g_str_has_prefix(verb, "account.");
}

/* 1 = the row AT must wait for events. */
static int
is_early(const PGresult *rows, int at, struct gl_changes_when *when)
{
    if (!has_place(PQgetvalue(rows, at, 5)))
        return 0;
    when->before = strtoull(PQgetvalue(rows, at, 8), NULL, 10);
    return when->low < when->before || when->waiting != 0;
}

static enum gl_changes_made
make_all(const struct gl_conf *conf, const PGresult *rows,
         struct gl_followed *followed, struct gl_changes_when *when)
{
    for (int i = 0; i < PQntuples(rows); i++) {
        int64_t id = strtoll(PQgetvalue(rows, i, 0), NULL, 10);

        if (is_early(rows, i, when))
            return GL_CHANGES_EVENTS;
        if (!make_one(conf, rows, i, when))
            return GL_CHANGES_LATER;
        if (gl_followed_set_changes(followed, id) < 0)
            return GL_CHANGES_HERE;
    }
    return GL_CHANGES_ALL;
}

/* Those behind ID, as many as are taken at once. */
static PGresult *
ask(struct gl_server *server, int64_t id)
{
    char number[24];
    const char *values[] = {number};

    snprintf(number, sizeof number, "%" G_GINT64_FORMAT, id);
    return gl_server_ask(server, select_changes, 1, values, 0);
}

enum gl_changes_made
gl_changes_make(const struct gl_conf *conf, struct gl_server *server,
                struct gl_followed *followed, struct gl_changes_when *when)
{
    enum gl_changes_made made;
    int more;

    do {
        PGresult *rows;
        int64_t id;

        if (gl_followed_changes(followed, &id) < 0)
            return GL_CHANGES_HERE;
        rows = ask(server, id);
        if (rows == NULL)
            return GL_CHANGES_SERVER;
        more = PQntuples(rows) == AT_ONCE;
        made = make_all(conf, rows, followed, when);
        PQclear(rows);
    } while (more && made == GL_CHANGES_ALL);
    return made;
}
