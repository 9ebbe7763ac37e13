/* Chunks that a city lacks; see rows.h. */

#include "log/rows.h"

#include "gl_assert.h"
#include "log.h"
#include "log/history.h"
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

#define PACKS_AT_ONCE 4
enum column { RUNNING, XID, SEG, FIRST, LAST, FRAMES, BEFORE, COLUMNS };

/* Packs, as long as there are some, and then chunks: by one statement, since
 * the night's job puts packs in the place of chunks.  One row comes though
 * there is neither: what was running then. */
static const char select_chunks[] =
    "WITH p AS (SELECT last AS xid, NULL::bytea AS seg, 0 AS first, 0 AS last,"
    " frames, NULL::bytea AS before FROM pack WHERE last >= $1::xid8 AND "
    "slot <= (SELECT packed FROM night) ORDER BY pack.last "
    "LIMIT " G_STRINGIFY(
        PACKS_AT_ONCE) "), "
                       "c AS (SELECT xid, seg, first, last, frames, before "
                       "FROM chunk "
                       "WHERE xid >= $1::xid8 AND NOT xid = ANY ($2::xid8[]) "
                       "AND NOT EXISTS "
                       "(SELECT FROM p) ORDER BY xid, seg, first LIMIT "
                       "$3::int) "
                       "SELECT s.running, r.* FROM "
                       "(SELECT pg_snapshot_xmin(pg_current_snapshot()) AS "
                       "running) s "
                       "LEFT JOIN (SELECT * FROM p UNION ALL SELECT * FROM c) "
                       "r ON true "
                       "ORDER BY r.xid, r.seg, r.first";

void
gl_rows_init(struct gl_rows *rows, struct gl_server *server, uint64_t low)
{
    memset(rows, 0, sizeof *rows);
    rows->server = server;
    rows->low = low;
    rows->limit = LIMIT_FIRST;
    rows->until = rows->left = UINT64_MAX;
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
    return PQntuples(answer) > 0 && PQnfields(answer) == COLUMNS &&
           PQgetlength(answer, 0, RUNNING) == sizeof(uint64_t);
}

/* So many rows at a time as glintod is busy with while the next ones come; at
 * least those of one transaction. */
static void
fit_limit(struct gl_rows *rows, int all)
{
    size_t bytes = 1;

    for (int i = 0; i < all; i++)
        bytes += (size_t) PQgetlength(rows->answer, i, FRAMES);
    rows->limit = (int) CLAMP((size_t) all * BYTES_AT_ONCE / bytes,
                              (size_t) LIMIT_LEAST, (size_t) LIMIT_MOST);
}

/* The last transaction of a full answer may have more rows: it is asked for
 * once more, and with a higher limit when it was the only one. */
static void
find_whole(struct gl_rows *rows)
{
    const PGresult *answer = rows->answer;
    int n = PQgetisnull(answer, 0, XID) ? 0 : PQntuples(answer), all = n;

    rows->packs = n > 0 && PQgetisnull(answer, 0, SEG);
    rows->more = rows->packs || n == rows->limit;
    if (!rows->packs && rows->more) {
        uint64_t last = number64(answer, n - 1, XID);

        while (n > 0 && number64(answer, n - 1, XID) == last)
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
    rows->until = rows->left = UINT64_MAX;
    rows->cut = 0;
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
    rows->running = number64(rows->answer, 0, RUNNING);
    find_whole(rows);
    return 0;
}

int
gl_rows_get(const struct gl_rows *rows, int at, struct gl_row *row)
{
    const PGresult *answer = rows->answer;

    GL_ASSERT(at >= 0 && at < rows->n);
    memset(row, 0, sizeof *row);
    row->xid = number64(answer, at, XID);
    row->frames = (const uint8_t *) PQgetvalue(answer, at, FRAMES);
    row->frames_len = (size_t) PQgetlength(answer, at, FRAMES);
    if (rows->packs)
        return 0;
    if (PQgetlength(answer, at, SEG) != GL_SEGMENT_ID_BYTES)
        return -1;
    row->seg = (const uint8_t *) PQgetvalue(answer, at, SEG);
    row->first = number32(answer, at, FIRST);
    row->last = number32(answer, at, LAST);
    row->before = (const uint8_t *) PQgetvalue(answer, at, BEFORE);
    row->before_len = (size_t) PQgetlength(answer, at, BEFORE);
    return 0;
}

void
gl_rows_until(struct gl_rows *rows, uint64_t xid)
{
    int n = 0;

    while (n < rows->n && number64(rows->answer, n, XID) < xid)
        n++;
    rows->until = xid;
    if (n == rows->n)
        return;
    rows->cut = rows->more = 1;
    if (rows->packs)
        n++; /* some of that pack is older, perhaps */
    else
        gl_rows_left(rows, number64(rows->answer, n, XID));
    rows->n = n;
}

void
gl_rows_left(struct gl_rows *rows, uint64_t xid)
{
    rows->left = MIN(rows->left, xid);
}

/* All before it was read: what is running is not, and neither is what the
 * limit cut off, or what was left. */
uint64_t
gl_rows_low_after(const struct gl_rows *rows)
{
    uint64_t low = rows->running;

    if (rows->more && !rows->cut)
        low = rows->n == 0
                  ? rows->low
                  : MIN(low, number64(rows->answer, rows->n - 1, XID) + 1);
    return MAX(MIN(low, rows->left), rows->low);
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
        uint64_t xid = number64(rows->answer, i, XID);

        if (xid != before)
            add_seen(rows, xid, low);
        before = xid;
    }
    rows->low = low;
    free_answer(rows);
}

/* ---- another connection ---- */

/* Where to read on, or again, by HISTORY and by the OLDEST transaction of
 * which a position tells what we have. */
static uint64_t
low_of(const struct gl_rows *rows, const struct gl_history *history,
       uint64_t oldest)
{
    uint64_t low = MIN(rows->low, history->running);

    if (!history->same)
        low = MIN(low, MAX(history->upto, oldest));
    return low;
}

int
gl_rows_reconnected(struct gl_rows *rows, struct gl_followed *followed)
{
    struct gl_history history;
    uint64_t oldest = 0, first = 0;
    int64_t begins_ms;

    free_answer(rows);
    g_array_set_size(rows->seen, 0);
    if (gl_followed_oldest(followed, &oldest) < 0 ||
        gl_followed_begins(followed, &first, &begins_ms) < 0) {
        g_strlcpy(rows->server->why, gl_followed_why(followed),
                  sizeof rows->server->why);
        return -1;
    }
    if (gl_history_ask(rows->server, followed, &history) != 0)
        return -1;
    rows->low = MAX(low_of(rows, &history, oldest), first);
    if (!history.same)
        gl_log(GL_LOG_NOTICE,
               "this server has not all that was read last: it is read again "
               "from transaction %" G_GUINT64_FORMAT " on",
               rows->low);
    return 0;
}
