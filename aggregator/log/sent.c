/* Positions of segments; see sent.h. */

#include "log/sent.h"

#include "segment.h"

#include <stdlib.h>

char *
gl_sent_hex(const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    char name[GL_SEGMENT_NAME_MAX];

    gl_segment_name(name, id);
    return g_strndup(name, 2 * GL_SEGMENT_ID_BYTES);
}

int
gl_sent_is_known(const struct gl_server *server,
                 const struct gl_spool_segment *segment)
{
    const struct gl_sent *sent = segment->owner;

    return sent != NULL && sent->told_at == server->connected_n;
}

/* An array of bytea of all HEX, as text. */
static char *
array_of(const GPtrArray *hex)
{
    GString *text = g_string_new("{");

    for (guint i = 0; i < hex->len; i++)
        g_string_append_printf(text, "%s\"\\\\x%s\"", i > 0 ? "," : "",
                               (const char *) hex->pdata[i]);
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

/* What the server said of SEGMENT, 0 when it has no row. */
static void
learn(const struct gl_server *server, struct gl_spool_segment *segment,
      GHashTable *positions)
{
    char *hex = gl_sent_hex(segment->header.id);
    uint32_t upto = GPOINTER_TO_UINT(g_hash_table_lookup(positions, hex));
    struct gl_sent *sent = segment->owner;
    uint32_t before = sent == NULL ? upto : sent->before;

    if (sent == NULL)
        segment->owner = sent = g_new0(struct gl_sent, 1);
    *sent = (struct gl_sent){upto, 0, server->connected_n, before};
    g_free(hex);
}

static GPtrArray *
unknown_segments(struct gl_spool *spool, const struct gl_server *server)
{
    GPtrArray *hex = g_ptr_array_new_with_free_func(g_free);
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(spool, segment)) != NULL)
        if (!gl_sent_is_known(server, segment))
            g_ptr_array_add(hex, gl_sent_hex(segment->header.id));
    return hex;
}

int
gl_sent_ask(struct gl_spool *spool, struct gl_server *server)
{
    GPtrArray *hex = unknown_segments(spool, server);
    char *array = array_of(hex);
    const char *values[] = {array};
    struct gl_spool_segment *segment = NULL;
    PGresult *rows = NULL;
    GHashTable *positions;

    if (hex->len > 0)
        rows = gl_server_ask(server,
                             "SELECT encode(seg, 'hex'), upto FROM sent "
                             "WHERE seg = ANY ($1::bytea[])",
                             1, values, 0);
    if (rows != NULL) {
        positions = g_hash_table_new(g_str_hash, g_str_equal);
        for (int i = 0; i < PQntuples(rows); i++)
            g_hash_table_insert(positions, PQgetvalue(rows, i, 0),
                                GUINT_TO_POINTER((guint) strtoul(
                                    PQgetvalue(rows, i, 1), NULL, 10)));
        while ((segment = gl_spool_next(spool, segment)) != NULL)
            if (!gl_sent_is_known(server, segment))
                learn(server, segment, positions);
        g_hash_table_destroy(positions);
    }
    int result = hex->len > 0 && rows == NULL ? -1 : 0;
    PQclear(rows);
    g_free(array);
    g_ptr_array_free(hex, TRUE);
    return result;
}

int
gl_sent_gone(struct gl_server *server, GPtrArray *hex)
{
    char *array = hex->len == 0 ? NULL : array_of(hex);
    const char *values[] = {array};
    PGresult *rows;

    if (array == NULL)
        return 0;
    rows = gl_server_ask(server,
                         "UPDATE sent SET gone = now() WHERE seg = ANY "
                         "($1::bytea[])",
                         1, values, 0);
    g_free(array);
    PQclear(rows);
    if (rows == NULL)
        return -1;
    g_ptr_array_set_size(hex, 0);
    return 0;
}

int
gl_sent_clean(struct gl_server *server)
{
    PGresult *rows = gl_server_ask(
        server, "DELETE FROM sent WHERE gone < now() - interval '1 day'", 0,
        NULL, 0);

    PQclear(rows);
    return rows == NULL ? -1 : 0;
}
