/* Chunks that a city lacks; see rows.h. */

#include "log/rows.h"

#include "gl_assert.h"
#include "segment.h"
#include "store/followed.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_FIRST 64
#define LIMIT_LEAST 32
#define LIMIT_MOST 4096
#define LIMIT_OF_ONE 65536      /* a transaction has fewer (turn.h) */
#define BYTES_AT_ONCE 0x100000u /* packed: some 50,000 events */

/* One row comes though there is no chunk: what was running then. */
static const char select_chunks[] =
    "SELECT s.running, c.xid, c.seg, c.first, c.last, c.frames FROM "
    "(SELECT pg_snapshot_xmin(pg_current_snapshot()) AS running) s "
    "LEFT JOIN LATERAL (SELECT xid, seg, first, last, frames FROM chunk "
    "WHERE xid >= $1::xid8 AND NOT xid = ANY ($2::xid8[]) "
    "ORDER BY xid, seg, first LIMIT $3::int) c ON true";

void
gl_rows_init(struct gl_rows *rows, struct gl_server *server, uint64_t low)
{
    memset(rows, 0, sizeof *rows);
    rows->server = server;
    rows->low = low;
    rows->limit = LIMIT_FIRST;
    rows->seen = g_array_new(FALSE, FALSE, sizeof(uint64_t));
}

static void
free_answer(struct gl_rows *rows)
{
    PQclear(rows->answer);
    rows->answer = NULL;
    rows->n = 0;
}

void
gl_rows_fini(struct gl_rows *rows)
{
    free_answer(rows);
    g_array_free(rows->seen, TRUE);
}

static uint64_t
number64(const PGresult *answer, int row, int column)
{
    uint64_t value;

    memcpy(&value, PQgetvalue(answer, row, column), sizeof value);
    return be64toh(value);
}

static uint32_t
number32(const PGresult *answer, int row, int column)
{
    uint32_t value;

    memcpy(&value, PQgetvalue(answer, row, column), sizeof value);
    return be32toh(value);
}

static char *
seen_array(const struct gl_rows *rows)
{
    GString *text = g_string_new("{");

    for (guint i = 0; i < rows->seen->len; i++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, i > 0 ? "," : "",
                               g_array_index(rows->seen, uint64_t, i));
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

static int
is_ours(const PGresult *answer)
{
    return PQntuples(answer) > 0 && PQnfields(answer) == 6 &&
           PQgetlength(answer, 0, 0) == sizeof(uint64_t);
}

/* So many rows at a time as glintod is busy with while the next ones come; at
 * least those of one transaction. */
static void
fit_limit(struct gl_rows *rows, int all)
{
    size_t bytes = 1;

    for (int i = 0; i < all; i++)
        bytes += (size_t) PQgetlength(rows->answer, i, 5);
    rows->limit = (int) CLAMP((size_t) all * BYTES_AT_ONCE / bytes,
                              (size_t) LIMIT_LEAST, (size_t) LIMIT_MOST);
}

/* The last transaction of a full answer may have more rows: it is asked for
 * once more, and with a higher limit when it was the only one. */
static void
find_whole(struct gl_rows *rows)
{
    const PGresult *answer = rows->answer;
    int n = PQgetisnull(answer, 0, 1) ? 0 : PQntuples(answer), all = n;

    rows->more = n == rows->limit;
    if (rows->more) {
        uint64_t last = number64(answer, n - 1, 1);

        while (n > 0 && number64(answer, n - 1, 1) == last)
            n--;
        if (n == 0)
            rows->limit = MIN(2 * rows->limit, LIMIT_OF_ONE);
        else
            fit_limit(rows, all);
    }
    GL_ASSERT(n > 0 || all < LIMIT_OF_ONE);
    rows->n = n;
}

int
gl_rows_ask(struct gl_rows *rows)
{
    char low[24], limit[12], *seen = seen_array(rows);
    const char *values[] = {low, seen, limit};

    free_answer(rows);
    snprintf(low, sizeof low, "%" G_GUINT64_FORMAT, rows->low);
    snprintf(limit, sizeof limit, "%d", rows->limit);
    rows->answer = gl_server_ask(rows->server, select_chunks, 3, values, 1);
    g_free(seen);
    if (rows->answer == NULL)
        return -1;
    if (!is_ours(rows->answer)) {
        g_strlcpy(rows->server->why, "the log answers what is no chunk",
                  sizeof rows->server->why);
        free_answer(rows);
        return -1;
    }
    rows->running = number64(rows->answer, 0, 0);
    find_whole(rows);
    return 0;
}

int
gl_rows_get(const struct gl_rows *rows, int at, struct gl_row *row)
{
    const PGresult *answer = rows->answer;

    GL_ASSERT(at >= 0 && at < rows->n);
    if (PQgetlength(answer, at, 2) != GL_SEGMENT_ID_BYTES)
        return -1;
    row->xid = number64(answer, at, 1);
    row->seg = (const uint8_t *) PQgetvalue(answer, at, 2);
    row->first = number32(answer, at, 3);
    row->last = number32(answer, at, 4);
    row->frames = (const uint8_t *) PQgetvalue(answer, at, 5);
    row->frames_len = (size_t) PQgetlength(answer, at, 5);
    return 0;
}

/* All before it was read: what is running is not, and neither is what the
 * limit cut off. */
uint64_t
gl_rows_low_after(const struct gl_rows *rows)
{
    uint64_t low = rows->running;

    if (rows->more)
        low = rows->n == 0
                  ? rows->low
                  : MIN(low, number64(rows->answer, rows->n - 1, 1) + 1);
    return MAX(low, rows->low);
}

static void
add_seen(struct gl_rows *rows, uint64_t xid, uint64_t low)
{
    if (xid >= low)
        g_array_append_val(rows->seen, xid);
}

void
gl_rows_handed_over(struct gl_rows *rows)
{
    uint64_t low = gl_rows_low_after(rows), before = 0;
    guint kept = 0;

    for (guint i = 0; i < rows->seen->len; i++) {
        uint64_t xid = g_array_index(rows->seen, uint64_t, i);

        if (xid >= low)
            g_array_index(rows->seen, uint64_t, kept++) = xid;
    }
    g_array_set_size(rows->seen, kept);
    for (int i = 0; i < rows->n; i++) {
        uint64_t xid = number64(rows->answer, i, 1);

        if (xid != before)
            add_seen(rows, xid, low);
        before = xid;
    }
    rows->low = low;
    free_answer(rows);
}

/* ---- another connection ---- */

/* Three arrays of the same length: of the positions of the last commit. */
struct last {
    GString *segs, *uptos, *xids;
    int n;
};

static void
add_last(void *arg, const uint8_t seg[16], uint32_t upto, uint64_t xid)
{
    struct last *last = arg;
    const char *comma = last->n++ > 0 ? "," : "";

    g_string_append_printf(last->segs, "%s\"\\\\x", comma);
    for (int i = 0; i < GL_SEGMENT_ID_BYTES; i++)
        g_string_append_printf(last->segs, "%02x", seg[i]);
    g_string_append_c(last->segs, '"');
    g_string_append_printf(last->uptos, "%s%u", comma, upto);
    g_string_append_printf(last->xids, "%s%" G_GUINT64_FORMAT, comma, xid);
}

/* What is running there, and how many of the LAST positions it has. */
static PGresult *
ask_last(struct gl_rows *rows, const struct last *last)
{
    const char *values[] = {last->segs->str, last->uptos->str,
                            last->xids->str};

    g_string_append_c(last->segs, '}');
    g_string_append_c(last->uptos, '}');
    g_string_append_c(last->xids, '}');
    return gl_server_ask(
        rows->server,
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text, count(*) FROM "
        "unnest($1::bytea[], $2::int[], $3::xid8[]) l (seg, upto, xid) WHERE "
        "EXISTS (SELECT FROM chunk c WHERE c.xid = l.xid AND c.seg = l.seg "
        "AND c.last = l.upto)",
        3, values, 0);
}

/*
 * A server that is behind gives less than was read already: nothing is lost by
 * reading it again.  One that was promoted may lack what another showed us,
 * and have given the same numbers to other transactions.  What we read last
 * was committed last: a server that has it has all of ours.  Of one that has
 * not, all is read again of which positions tell what we have.
 */
int
gl_rows_reconnected(struct gl_rows *rows, struct gl_followed *followed)
{
    struct last last = {g_string_new("{"), g_string_new("{"),
                        g_string_new("{"), 0};
    PGresult *answer = NULL;
    uint64_t oldest = 0;

    free_answer(rows);
    g_array_set_size(rows->seen, 0);
    if (gl_followed_last(followed, add_last, &last) < 0 ||
        gl_followed_oldest(followed, &oldest) < 0)
        g_strlcpy(rows->server->why, gl_followed_why(followed),
                  sizeof rows->server->why);
    else
        answer = ask_last(rows, &last);
    if (answer != NULL) {
        rows->low =
            MIN(rows->low, strtoull(PQgetvalue(answer, 0, 0), NULL, 10));
        if (strtol(PQgetvalue(answer, 0, 1), NULL, 10) != last.n)
            rows->low = MIN(rows->low, oldest);
    }
    g_string_free(last.segs, TRUE);
    g_string_free(last.uptos, TRUE);
    g_string_free(last.xids, TRUE);
    PQclear(answer);
    return answer == NULL ? -1 : 0;
}
