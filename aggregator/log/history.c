/* Is it the same server, or one with the same past; see history.h. */

#include "log/history.h"

#include "log/pack.h"
#include "store/followed.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* A position. */
struct place {
    uint8_t seg[GL_SEGMENT_ID_BYTES];
    uint32_t upto;
    uint64_t xid;
};

struct last {
    GArray *places;
    GString *segs, *uptos, *xids; /* three arrays of the same length */
    guint n;                      /* so many of them the server has... */
    uint64_t newest;              /* ...and this was the last of those */
};

/* When the last ones are missing, so many at most are asked for that are so
 * much older: what a server that is promoted lacks is of the seconds before,
 * and there it may have given the same numbers to the same frames. */
#define BEFORE_MAX 32
#define BEFORE_MS (10 * 60000)

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

/* What is running there, how many of the LAST positions are chunks, and the
 * newest of those. */
static PGresult *
ask_chunks(struct gl_server *server, const struct last *last)
{
    const char *values[] = {last->segs->str, last->uptos->str,
                            last->xids->str};

    return gl_server_ask(
        server,
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, count(*), "
        "(array_agg(l.xid ORDER BY l.xid DESC))[1] FROM "
        "unnest($1::bytea[], $2::int[], $3::xid8[]) l (seg, upto, xid) WHERE "
        "EXISTS (SELECT FROM chunk c WHERE c.xid = l.xid AND c.seg = l.seg "
        "AND c.last = l.upto)",
        3, values, 0);
}

static void
found(struct last *last, uint64_t xid)
{
    last->n++;
    last->newest = MAX(last->newest, xid);
}

static void
find_in_pack(struct last *last, GByteArray *plain, const void *bytes,
             size_t len)
{
    struct gl_unpacked pack;

    if (gl_pack_open(&pack, plain, bytes, len) != 0)
        return;
    while (gl_pack_next(&pack) == 1)
        for (guint i = 0; i < last->places->len; i++) {
            const struct place *place =
                &g_array_index(last->places, struct place, i);

            if (place->upto == pack.frame.index && place->xid == pack.xid &&
                memcmp(place->seg, pack.seg, sizeof place->seg) == 0)
                found(last, place->xid);
        }
}

/* Those that are in packs: 0, or -1 with .why. */
static int
find_packed(struct gl_server *server, struct last *last)
{
    const char *values[] = {last->xids->str};
    PGresult *rows = gl_server_ask(
        server,
        "SELECT DISTINCT ON (p.last) p.last, p.frames FROM unnest($1::xid8[]) "
        "x CROSS JOIN LATERAL (SELECT last, frames FROM pack WHERE last >= x "
        "AND slot <= (SELECT packed FROM night) ORDER BY pack.last LIMIT 1) p",
        1, values, 1);
    GByteArray *plain;

    if (rows == NULL)
        return -1;
    plain = g_byte_array_new();
    for (int i = 0; i < PQntuples(rows); i++)
        find_in_pack(last, plain, PQgetvalue(rows, i, 1),
                     (size_t) PQgetlength(rows, i, 1));
    g_byte_array_free(plain, TRUE);
    PQclear(rows);
    return 0;
}

/* Which of LAST the server has: 0, or -1 with .why. */
static int
find(struct gl_server *server, struct last *last, uint64_t *running)
{
    PGresult *answer;

    g_string_append_c(last->segs, '}');
    g_string_append_c(last->uptos, '}');
    g_string_append_c(last->xids, '}');
    answer = ask_chunks(server, last);
    if (answer == NULL)
        return -1;
    *running = strtoull(PQgetvalue(answer, 0, 0), NULL, 10);
    last->n = (guint) strtoul(PQgetvalue(answer, 0, 1), NULL, 10);
    last->newest = strtoull(PQgetvalue(answer, 0, 2), NULL, 10);
    PQclear(answer);
    return last->n == last->places->len ? 0 : find_packed(server, last);
}

/* Of the positions of the last commit, or of some BEFORE: 1 = the server has
 * all, 0 = it has not, -1 with .why. */
static int
find_positions(struct gl_server *server, struct gl_followed *followed,
               int before, struct gl_history *history)
{
    struct last last = {.places =
                            g_array_new(FALSE, FALSE, sizeof(struct place)),
                        .segs = g_string_new("{"),
                        .uptos = g_string_new("{"),
                        .xids = g_string_new("{")};
    int rc = before ? gl_followed_before(followed, BEFORE_MS, BEFORE_MAX,
                                         add_last, &last)
                    : gl_followed_last(followed, add_last, &last);
    int result = -1;

    if (rc < 0)
        g_strlcpy(server->why, gl_followed_why(followed), sizeof server->why);
    else if (find(server, &last, &history->running) == 0)
        result = last.n == last.places->len;
    history->upto = last.newest;
    g_array_free(last.places, TRUE);
    g_string_free(last.segs, TRUE);
    g_string_free(last.uptos, TRUE);
    g_string_free(last.xids, TRUE);
    return result;
}

int
gl_history_ask(struct gl_server *server, struct gl_followed *followed,
               struct gl_history *history)
{
    int same = find_positions(server, followed, 0, history);

    history->same = same == 1;
    if (same == 0)
        same = find_positions(server, followed, 1, history);
    return MIN(same, 0);
}
