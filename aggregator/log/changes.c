/* Changes are made here; see changes.h. */

#include "log/changes.h"

#include "log.h"
#include "log/command.h"
#include "log/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 100

/* Of the row AT, one a line: no word has more lines than one. */
static char **
words_of(const PGresult *rows, int at)
{
    return g_strsplit(PQgetvalue(rows, at, 1), "\n", -1);
}

/* 1 = made or refused, for good; 0 = glintod does not answer. */
static int
make_one(const struct gl_conf *conf, int64_t id, char **words)
{
    char *said = NULL;
    int status = gl_command_run(conf, words, &said);

    if (status != GL_COMMAND_AWAY) {
        gl_log(GL_LOG_NOTICE, "change %" G_GINT64_FORMAT " is %s: %s", id,
               status == 0 ? "made" : "refused", g_strstrip(said));
        gl_told_change_write(conf->data, id, status, said);
    }
    g_free(said);
    return status != GL_COMMAND_AWAY;
}

static enum gl_changes_made
make_all(const struct gl_conf *conf, const PGresult *rows,
         struct gl_followed *followed)
{
    for (int i = 0; i < PQntuples(rows); i++) {
        int64_t id = strtoll(PQgetvalue(rows, i, 0), NULL, 10);
        char **words = words_of(rows, i);
        int made = make_one(conf, id, words);

        g_strfreev(words);
        if (!made)
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
    return gl_server_ask(server,
                         "SELECT id, array_to_string(words, E'\\n') FROM "
                         "change WHERE id > $1::bigint ORDER BY id "
                         "LIMIT " G_STRINGIFY(AT_ONCE),
                         1, values, 0);
}

enum gl_changes_made
gl_changes_make(const struct gl_conf *conf, struct gl_server *server,
                struct gl_followed *followed)
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
        made = make_all(conf, rows, followed);
        PQclear(rows);
    } while (more && made == GL_CHANGES_ALL);
    return made;
}
