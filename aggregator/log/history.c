/* Is it the same server, or one with the same past; see history.h. */

#include "log/history.h"

#include "log/pack.h"
#include "store/followed.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* A position of the last commit. */
struct place {
    uint8_t seg[GL_SEGMENT_ID_BYTES];
    uint32_t upto;
    uint64_t xid;
};

struct last {
    GArray *places;
    GString *segs, *uptos, *xids; /* three arrays of the same length */
};

static void
add_last(void *arg, const uint8_t seg[16], uint32_t upto, uint64_t xid)
{
    struct last *last = arg;
    struct place place = {.upto = upto, .xid = xid};
    const char *comma = last->places->len > 0 ? "," : "";

    memcpy(place.seg, seg, sizeof place.seg);
    g_array_append_val(last->places, place);
    g_string_append_printf(last->segs, "%s\"\\\\x", comma);
    for (int i = 0; i < 16; i++)
        g_string_append_printf(last->segs, "%02x", seg[i]);
    g_string_append_c(last->segs, '"');
    g_string_append_printf(last->uptos, "%s%u", comma, upto);
    g_string_append_printf(last->xids, "%s%" G_GUINT64_FORMAT, comma, xid);
}

/* What is running there, and how many of the LAST positions are chunks. */
static PGresult *
ask_chunks(struct gl_server *server, const struct last *last)
{
    const char *values[] = {last->segs->str, last->uptos->str,
                            last->xids->str};

    return gl_server_ask(
        server,
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, count(*) FROM "
        "unnest($1::bytea[], $2::int[], $3::xid8[]) l (seg, upto, xid) WHERE "
        "EXISTS (SELECT FROM chunk c WHERE c.xid = l.xid AND c.seg = l.seg "
        "AND c.last = l.upto)",
        3, values, 0);
}

static guint
count_in_pack(const struct last *last, GByteArray *plain, const void *bytes,
              size_t len)
{
    struct gl_unpacked pack;
    guint n = 0;

    if (gl_pack_open(&pack, plain, bytes, len) != 0)
        return 0;
    while (gl_pack_next(&pack) == 1)
        for (guint i = 0; i < last->places->len; i++) {
            const struct place *place =
                &g_array_index(last->places, struct place, i);

            n += place->upto == pack.frame.index && place->xid == pack.xid &&
                 memcmp(place->seg, pack.seg, sizeof place->seg) == 0;
        }
    return n;
}

/* How many are in packs; -1 with .why. */
static int64_t
count_packed(struct gl_server *server, const struct last *last)
{
    const char *values[] = {last->xids->str};
    PGresult *rows = gl_server_ask(
        server,
        "SELECT DISTINCT ON (p.last) p.last, p.frames FROM unnest($1::xid8[]) "
        "x CROSS JOIN LATERAL (SELECT last, frames FROM pack WHERE last >= x "
        "AND slot <= (SELECT packed FROM night) ORDER BY pack.last LIMIT 1) p",
        1, values, 1);
    GByteArray *plain;
    int64_t n = 0;

    if (rows == NULL)
        return -1;
    plain = g_byte_array_new();
    for (int i = 0; i < PQntuples(rows); i++)
        n += count_in_pack(last, plain, PQgetvalue(rows, i, 1),
                           (size_t) PQgetlength(rows, i, 1));
    g_byte_array_free(plain, TRUE);
    PQclear(rows);
    return n;
}

static int
has_all(struct gl_server *server, struct last *last, uint64_t *running)
{
    PGresult *answer;
    int64_t n, packed;

    g_string_append_c(last->segs, '}');
    g_string_append_c(last->uptos, '}');
    g_string_append_c(last->xids, '}');
    answer = ask_chunks(server, last);
    if (answer == NULL)
        return -1;
    *running = strtoull(PQgetvalue(answer, 0, 0), NULL, 10);
    n = strtoll(PQgetvalue(answer, 0, 1), NULL, 10);
    PQclear(answer);
    if (n == last->places->len)
        return 1;
    packed = count_packed(server, last);
    if (packed < 0)
        return -1;
    return n + packed == last->places->len;
}

int
gl_history_same(struct gl_server *server, struct gl_followed *followed,
                uint64_t *running)
{
    struct last last = {g_array_new(FALSE, FALSE, sizeof(struct place)),
                        g_string_new("{"), g_string_new("{"),
                        g_string_new("{")};
    int same = -1;

    if (gl_followed_last(followed, add_last, &last) < 0)
        g_strlcpy(server->why, gl_followed_why(followed), sizeof server->why);
    else
        same = has_all(server, &last, running);
    g_array_free(last.places, TRUE);
    g_string_free(last.segs, TRUE);
    g_string_free(last.uptos, TRUE);
    g_string_free(last.xids, TRUE);
    return same;
}
