/* Salts that all edges agree on; see salts.h. */

#include "log/salts.h"

#include "log.h"
#include "workers/salt.h"

#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define HEX_BYTES (2 * GL_SALT_BYTES + 1)
/* Written as bytea: "\\x" and the key in hex. */
#define PARAMETER_BYTES (HEX_BYTES + 2)

static void
tell(const char *why)
{
    gl_log(GL_LOG_ERROR, "%s", why);
}

static const char insert_or_select[] =
    "WITH made AS (INSERT INTO salt (day, key) VALUES (date '1970-01-01' + "
    "$1::int, $2::bytea) ON CONFLICT DO NOTHING RETURNING key) "
    "SELECT encode(key, 'hex') FROM made UNION ALL SELECT encode(key, 'hex') "
    "FROM salt WHERE day = date '1970-01-01' + $1::int";

/* 1 = KEY is what ROW says; 0 = it says nothing; -1 = it is no key. */
static int
read_key(const PGresult *row, uint8_t key[GL_SALT_BYTES])
{
    const char *hex;
    size_t n = 0;

    if (PQntuples(row) == 0)
        return 0;
    hex = PQgetvalue(row, 0, 0);
    return sodium_hex2bin(key, GL_SALT_BYTES, hex, strlen(hex), NULL, &n,
                          NULL) == 0 &&
                   n == GL_SALT_BYTES
               ? 1
               : -1;
}

/* The table's key for DAY, or KEY when it has none, into KEY: 0, or -1 with
 * SERVER's .why.  One that another edge commits meanwhile is seen by the next
 * try. */
static int
ask_day(struct gl_server *server, int64_t day, uint8_t key[GL_SALT_BYTES])
{
    char number[24], parameter[PARAMETER_BYTES] = "\\x";
    const char *values[] = {number, parameter};
    PGresult *row;
    int got = 0;

    snprintf(number, sizeof number, "%" G_GINT64_FORMAT, day);
    sodium_bin2hex(parameter + 2, HEX_BYTES, key, GL_SALT_BYTES);
    for (int tries = 0; tries < 3 && got == 0; tries++) {
        row = gl_server_ask(server, insert_or_select, 2, values, 0);
        got = row == NULL ? -2 : read_key(row, key);
        PQclear(row);
    }
    sodium_memzero(parameter, sizeof parameter);
    if (got == 0 || got == -1)
        g_strlcpy(server->why, "the table \"salt\" gives no key",
                  sizeof server->why);
    return got == 1 ? 0 : -1;
}

static int
agree_on(const char *folder, struct gl_server *server, int64_t day, int used)
{
    uint8_t ours[GL_SALT_BYTES], agreed[GL_SALT_BYTES];
    char why[256];
    int has = gl_salt_get(folder, day, ours, why, sizeof why), result;

    if (has < 0)
        tell(why);
    if (has != 1)
        randombytes_buf(ours, sizeof ours);
    memcpy(agreed, ours, sizeof agreed);
    result = ask_day(server, day, agreed);
    if (result == 0 &&
        (has != 1 || (!used && memcmp(ours, agreed, sizeof ours) != 0)) &&
        gl_salt_put(folder, day, agreed, !used, why, sizeof why) != 0)
        tell(why);
    sodium_memzero(ours, sizeof ours);
    sodium_memzero(agreed, sizeof agreed);
    return result;
}

/* A day's is gone an hour after the next has begun, as on the edges.  Written
 * anew, so that the old rows' bytes are in no file. */
static int
expire(struct gl_server *server, int64_t now_ms)
{
    char number[24];
    const char *values[] = {number};
    PGresult *rows;
    int any;

    snprintf(number, sizeof number, "%" G_GINT64_FORMAT,
             (now_ms - HOUR_MS) / DAY_MS);
    rows = gl_server_ask(server,
                         "DELETE FROM salt WHERE day < date '1970-01-01' + "
                         "$1::int",
                         1, values, 0);
    if (rows == NULL)
        return -1;
    any = strcmp(PQcmdTuples(rows), "0") != 0;
    PQclear(rows);
    if (!any)
        return 0;
    rows = gl_server_ask(server, "VACUUM FULL salt", 0, NULL, 0);
    PQclear(rows);
    return rows == NULL ? -1 : 0;
}

int
gl_salts_agree(const char *folder, struct gl_server *server, int64_t now_ms)
{
    int64_t today = now_ms / DAY_MS;

    for (int ahead = 0; ahead <= GL_SALT_DAYS_AHEAD; ahead++)
        if (agree_on(folder, server, today + ahead, ahead == 0) != 0)
            return -1;
    return expire(server, now_ms);
}

void
gl_salts_alone(const char *folder, int64_t now_ms)
{
    uint8_t key[GL_SALT_BYTES];
    char why[256];
    int has = gl_salt_get(folder, now_ms / DAY_MS, key, why, sizeof why);

    if (has == 0) {
        randombytes_buf(key, sizeof key);
        has = gl_salt_put(folder, now_ms / DAY_MS, key, 0, why, sizeof why);
        if (has == 0)
            gl_log(GL_LOG_NOTICE, "today's salt is this machine's own: a "
                                  "visitor of two edges counts twice today");
    }
    if (has < 0)
        tell(why);
    sodium_memzero(key, sizeof key);
}
