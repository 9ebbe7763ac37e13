/* Requests refused, through the log; see refused.h. */

#include "log/refused.h"

#include "segment.h"
#include "spool/spool.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEX_BYTES (2 * GL_SEGMENT_ID_BYTES + 1)

static int
tell_one(struct gl_server *server, const struct gl_spool_segment *segment,
         const char *edge)
{
    const struct gl_segment_drops *drops = &segment->drops;
    char life[HEX_BYTES], total[24], first[24], last[24];
    const char *values[] = {life, edge, total, first, last};
    PGresult *result;

    sodium_bin2hex(life, sizeof life, segment->header.incarnation,
                   GL_SEGMENT_ID_BYTES);
    snprintf(total, sizeof total, "%" G_GUINT64_FORMAT, drops->total);
    snprintf(first, sizeof first, "%" G_GINT64_FORMAT, drops->first_ms);
    snprintf(last, sizeof last, "%" G_GINT64_FORMAT, drops->last_ms);
    result = gl_server_ask(
        server,
        "INSERT INTO refused AS r (life, edge, total, first, last) VALUES "
        "(decode($1, 'hex'), $2, $3::bigint, $4::bigint, $5::bigint) "
        "ON CONFLICT (life) DO UPDATE SET total = excluded.total, "
        "last = excluded.last WHERE r.total < excluded.total",
        5, values, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

int
gl_refused_tell(struct gl_spool *spool, struct gl_server *server,
                const char *edge)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(spool, segment)) != NULL) {
        if (!segment->drops_changed)
            continue;
        if (segment->drops.total > 0 && tell_one(server, segment, edge) != 0)
            return -1;
        segment->drops_changed = 0;
    }
    return 0;
}

static int
hand_over(struct gl_handover *handover, const PGresult *rows, int at,
          GHashTable *told)
{
    const char *life = PQgetvalue(rows, at, 0),
               *total = PQgetvalue(rows, at, 1);
    struct gl_segment_drops drops = {
        strtoull(total, NULL, 10), strtoll(PQgetvalue(rows, at, 2), NULL, 10),
        strtoll(PQgetvalue(rows, at, 3), NULL, 10)};
    uint8_t id[GL_SEGMENT_ID_BYTES];

    if (g_strcmp0(g_hash_table_lookup(told, life), total) == 0 ||
        sodium_hex2bin(id, sizeof id, life, strlen(life), NULL, NULL, NULL) !=
            0)
        return 0;
    if (gl_handover_refused(handover, id, &drops) != 0)
        return -2;
    g_hash_table_insert(told, g_strdup(life), g_strdup(total));
    return 0;
}

int
gl_refused_ask(struct gl_server *server, struct gl_handover *handover,
               GHashTable *told)
{
    PGresult *rows = gl_server_ask(server,
                                   "SELECT encode(life, 'hex'), total, first, "
                                   "last FROM refused",
                                   0, NULL, 0);
    int result = rows == NULL ? -1 : 0;

    for (int i = 0; result == 0 && i < PQntuples(rows); i++)
        result = hand_over(handover, rows, i, told);
    PQclear(rows);
    return result;
}
