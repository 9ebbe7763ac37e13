/* Frames lost to damage, through the log; see lost.h. */

#include "log/lost.h"

#include "log/told.h"
#include "segment.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEX_BYTES (2 * GL_SEGMENT_ID_BYTES + 1)
/* Of a disk that fails for long the last ones; some 700 kB. */
#define ROWS_MAX "10000"

/* What an earlier life noted of a gap is exact; what this one finds of it is
 * perhaps so, if that was all in the log. */
static const char insert[] =
    "WITH g AS (SELECT * FROM unnest($2::int[], $3::int[], $4::bigint[], "
    "$5::bigint[]) g (first, last, lost, perhaps)), p AS (SELECT sum(perhaps) "
    "AS n FROM g WHERE NOT EXISTS (SELECT FROM lost l WHERE l.seg = "
    "decode($1, 'hex') AND l.idx BETWEEN g.first AND g.last)) "
    "INSERT INTO lost (seg, idx, n, at, edge) SELECT decode($1, 'hex'), "
    "first + perhaps, lost, $7::bigint, $8 FROM g WHERE lost > 0 UNION ALL "
    "SELECT decode($1, 'hex'), 0, CASE WHEN $6::boolean THEN 0 ELSE n END, "
    "$7::bigint, $8 FROM p WHERE $6::boolean OR n > 0 ON CONFLICT DO NOTHING";

static int
is_there(struct gl_server *server)
{
    PGresult *row = gl_server_ask(
        server, "SELECT (to_regclass('lost') IS NOT NULL)::int", 0, NULL, 0);
    int there = row == NULL ? -1 : atoi(PQgetvalue(row, 0, 0));

    PQclear(row);
    return there;
}

/* The gaps of LOST, a column each, as arrays. */
static void
add_gaps(const struct gl_lost *lost, GString *columns[4])
{
    for (int i = 0; i < 4; i++)
        columns[i] = g_string_new("{");
    for (uint32_t i = 0; i < lost->gaps_n; i++) {
        const struct gl_lost_gap *gap = &lost->gaps[i];
        uint32_t values[] = {gap->from, gap->upto, gap->n, gap->perhaps};

        for (int column = 0; column < 4; column++)
            g_string_append_printf(columns[column], "%s%u", i > 0 ? "," : "",
                                   values[column]);
    }
    for (int i = 0; i < 4; i++)
        g_string_append_c(columns[i], '}');
}

int
gl_lost_tell(struct gl_server *server, const struct gl_lost *lost,
             const char *edge)
{
    char seg[HEX_BYTES], at[24];
    GString *columns[4];
    int there = is_there(server);
    PGresult *result;

    if (there != 1)
        return there;
    sodium_bin2hex(seg, sizeof seg, lost->seg, GL_SEGMENT_ID_BYTES);
    snprintf(at, sizeof at, "%" G_GINT64_FORMAT, lost->at_ms);
    add_gaps(lost, columns);
    const char *values[] = {seg,
                            columns[0]->str,
                            columns[1]->str,
                            columns[2]->str,
                            columns[3]->str,
                            lost->unsure ? "true" : "false",
                            at,
                            edge};
    result = gl_server_ask(server, insert, 8, values, 0);
    for (int i = 0; i < 4; i++)
        g_string_free(columns[i], TRUE);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

struct telling {
    struct gl_server *server;
    const char *edge;
};

static int
tell_file(void *arg, const struct gl_lost *lost)
{
    const struct telling *telling = arg;

    return gl_lost_tell(telling->server, lost, telling->edge);
}

int
gl_lost_tell_left(struct gl_server *server, const char *folder,
                  const char *edge)
{
    struct telling telling = {server, edge};
    int result = gl_lost_each(folder, tell_file, &telling);

    if (result == -2)
        snprintf(server->why, sizeof server->why, "%.400s: %s", folder,
                 strerror(errno));
    return result == 0 ? 0 : -1;
}

int
gl_lost_ask(struct gl_server *server, const char *data,
            struct gl_lost_told *told)
{
    PGresult *rows;
    GString *text;

    if (!told->there && (told->there = is_there(server)) != 1)
        return MIN(told->there, 0);
    rows = gl_server_ask(server,
                         "SELECT encode(seg, 'hex'), idx, n, at FROM lost "
                         "ORDER BY at DESC, seg, idx LIMIT " ROWS_MAX,
                         0, NULL, 0);
    if (rows == NULL)
        return -1;
    text = g_string_new(NULL);
    for (int i = 0; i < PQntuples(rows); i++)
        g_string_append_printf(text, "%s %s %s %s\n", PQgetvalue(rows, i, 0),
                               PQgetvalue(rows, i, 1), PQgetvalue(rows, i, 2),
                               PQgetvalue(rows, i, 3));
    PQclear(rows);
    if (strcmp(told->text == NULL ? "" : told->text, text->str) != 0 &&
        gl_told_lost_write(data, text->str) == 0) {
        g_free(told->text);
        told->text = g_strdup(text->str);
    }
    g_string_free(text, TRUE);
    return 0;
}
