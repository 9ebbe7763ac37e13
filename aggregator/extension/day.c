/*
 * Sealed days of the file.  One whose rows have changed since is left out: it
 * is told by the tokens of its rows.  A day without rows, which were let go,
 * is what was sealed of it.
 */

#include "extension/extension.h"

#include <glib.h>
#include <string.h>

#include "columns/sealed.h"
#include "crc32c.h"
#include "store/account/day_token.h"

struct gl_extension_days {
    sqlite3_stmt *days, *tokens, *pieces;
    struct gl_extension_day day; /* whose parts are read */
};

/* The functions of sqlite3.h that take a text or bytes of the file. */
static const char days_sql[] =
    "SELECT site, day, token, head FROM main.sealed_days "
    "WHERE length(head) > 0 AND (?1 < 0 OR site = ?1) "
    "AND day BETWEEN ?2 AND ?3 ORDER BY site, day";
static const char tokens_sql[] =
    "SELECT token FROM main.day_rows WHERE site = ?1 AND day = ?2 "
    "ORDER BY first_id";
static const char pieces_sql[] =
    "SELECT piece, crc, bytes FROM main.sealed_pieces WHERE site = ?1 "
    "AND day = ?2 AND part = ?3 ORDER BY piece";

struct gl_extension_days *
gl_extension_days_new(sqlite3 *db, const struct gl_extension_range *range)
{
    struct gl_extension_days *days = g_new0(struct gl_extension_days, 1);

    if (sqlite3_prepare_v2(db, days_sql, -1, &days->days, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, tokens_sql, -1, &days->tokens, NULL) !=
            SQLITE_OK ||
        sqlite3_prepare_v2(db, pieces_sql, -1, &days->pieces, NULL) !=
            SQLITE_OK) {
        gl_extension_days_free(days);
        return NULL;
    }
    sqlite3_bind_int64(days->days, 1, range->site);
    sqlite3_bind_int64(days->days, 2, range->from);
    sqlite3_bind_int64(days->days, 3, range->to);
    return days;
}

void
gl_extension_days_free(struct gl_extension_days *days)
{
    if (days == NULL)
        return;
    sqlite3_finalize(days->days);
    sqlite3_finalize(days->tokens);
    sqlite3_finalize(days->pieces);
    g_free(days);
}

static void
bind_day(sqlite3_stmt *ask, const struct gl_extension_day *day)
{
    sqlite3_reset(ask);
    sqlite3_bind_int64(ask, 1, day->site);
    sqlite3_bind_int64(ask, 2, day->day);
}

/* TOKEN is that of its rows, or it has none. */
static int
holds(struct gl_extension_days *days, uint64_t token)
{
    uint64_t of_rows = 0;

    bind_day(days->tokens, &days->day);
    while (sqlite3_step(days->tokens) == SQLITE_ROW)
        of_rows = gl_day_token(
            of_rows, (uint64_t) sqlite3_column_int64(days->tokens, 0));
    return of_rows == 0 || gl_sealed_token(of_rows, GL_SEALED_FORMAT) == token;
}

/* Piece by piece, as store/rows/sealed.c reads them. */
static int
read_part(void *arg, int part, GByteArray *bytes)
{
    struct gl_extension_days *days = arg;
    sqlite3_stmt *ask = days->pieces;

    bind_day(ask, &days->day);
    sqlite3_bind_int(ask, 3, part);
    for (int64_t piece = 0; sqlite3_step(ask) == SQLITE_ROW; piece++) {
        const void *some = sqlite3_column_blob(ask, 2);
        int len = sqlite3_column_bytes(ask, 2);

        if (sqlite3_column_int64(ask, 0) != piece || some == NULL ||
            gl_crc32c(0, some, (size_t) len) != sqlite3_column_int64(ask, 1))
            return GL_SEALED_DAMAGED;
        g_byte_array_append(bytes, some, (guint) len);
    }
    return 0;
}

static int
load(struct gl_extension_days *days)
{
    struct gl_sealed_from from = {
        .day = days->day.day,
        .head = sqlite3_column_blob(days->days, 3),
        .head_len = (size_t) sqlite3_column_bytes(days->days, 3),
        .part = read_part,
        .arg = days};

    return gl_sealed_unpack(&from, GL_PARTS_ALL, &days->day.set) == 0;
}

int
gl_extension_days_next(struct gl_extension_days *days,
                       struct gl_extension_day *day)
{
    int rc;

    while ((rc = sqlite3_step(days->days)) == SQLITE_ROW) {
        days->day.site = sqlite3_column_int64(days->days, 0);
        days->day.day = sqlite3_column_int64(days->days, 1);
        if (!holds(days, (uint64_t) sqlite3_column_int64(days->days, 2)))
            continue;
        if (!load(days))
            return -1;
        *day = days->day;
        return 1;
    }
    return rc == SQLITE_DONE ? 0 : -1;
}
