/*
 * Packs without what was erased; see night_erase.h.
 *
 *   changes, those made here ─► what sites were called (names.h)
 *   packs since the first of these names ─► written again, or gone
 *
 * Killed at any time it is done again: how far it came is written at the end.
 */

#include "log/night_erase.h"

#include "event.h"
#include "log.h"
#include "log/names.h"
#include "log/pack.h"
#include "store/made.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PACKS_AT_ONCE 4
#define WHY_MAX 512

struct erasing {
    struct gl_server *server;
    GHashTable *made; /* store/made.h */
    struct gl_names *names;
    struct gl_decoder *decoder;
    struct gl_pack pack;
    GByteArray *plain, *packed;
    int64_t upto; /* the last change that was made here */
    struct gl_nighted *done;
};

/* Of changes that erase and were made: the last whose events are all in packs,
 * 0 = none is to be done.  A chunk that comes later is of a newer transaction
 * (pass.c). */
static const char select_last[] =
    "SELECT coalesce(max(id), 0) FROM change WHERE verb IN ('site.reset', "
    "'site.remove') AND id > (SELECT erased FROM night) AND id <= $1::bigint "
    "AND xid < coalesce((SELECT xid FROM chunk ORDER BY xid LIMIT 1), "
    "'18446744073709551615'::xid8)";

/* What no JSON of PostgreSQL may hold names no site. */
static const char select_names[] =
    "SELECT xid, verb, args::json->>'domain', args::json->>'to', "
    "(extract(epoch FROM at) * 1000)::bigint || ' ' || verb || ' ' || "
    "(args::json->>'domain'), id > (SELECT erased FROM night) FROM change "
    "WHERE verb IN ('site.add', 'site.rename', 'site.unname', 'site.reset', "
    "'site.remove') AND position('\\u0000' IN args) = 0 AND id <= $1::bigint "
    "ORDER BY id";

static void
note_made(void *arg, const char *made)
{
    g_hash_table_add(arg, g_strdup(made));
}

static PGresult *
ask(struct erasing *e, const char *sql, int64_t number, int binary)
{
    char text[24];
    const char *values[] = {text};

    snprintf(text, sizeof text, "%" G_GINT64_FORMAT, number);
    return gl_server_ask(e->server, sql, 1, values, binary);
}

/* What is to be erased by the changes up to LAST: 0, or -1. */
static int
read_names(struct erasing *e, int64_t last)
{
    PGresult *rows = ask(e, select_names, last, 0);

    for (int i = 0; i < PQntuples(rows); i++)
        if (g_hash_table_contains(e->made, PQgetvalue(rows, i, 4)))
            gl_names_change(e->names, PQgetvalue(rows, i, 1),
                            PQgetvalue(rows, i, 2), PQgetvalue(rows, i, 3),
                            strtoull(PQgetvalue(rows, i, 0), NULL, 10),
                            PQgetvalue(rows, i, 5)[0] == 't');
    int result = rows == NULL ? -1 : 0;
    PQclear(rows);
    return result;
}

/* ---- a pack ---- */

static int
is_erased(struct erasing *e, const struct gl_unpacked *u)
{
    const struct gl_chunk_frame *frame = &u->frame;
    struct gl_event event;
    const char *why;

    return (frame->type == GL_FRAME_EVENT || frame->type == GL_FRAME_SERVED) &&
           gl_event_decode(e->decoder, &event, frame->payload,
                           frame->payload_len, &why) == 0 &&
           gl_names_erased(e->names, event.site, u->xid);
}

/* How many frames of the pack in BYTES are erased; the others into .pack, and
 * their times.  One that is damaged stays: cities tell of it. */
static uint64_t
sort_out(struct erasing *e, const void *bytes, size_t len, int64_t times[2])
{
    struct gl_unpacked u;
    uint64_t n = 0;
    int more = gl_pack_open(&u, e->plain, bytes, len) == 0 ? 1 : -1;

    times[0] = INT64_MAX;
    times[1] = INT64_MIN;
    while (more == 1 && (more = gl_pack_next(&u)) == 1) {
        if (is_erased(e, &u)) {
            n++;
            continue;
        }
        gl_pack_add(&e->pack, u.seg, u.xid, &u.frame);
        times[0] = MIN(times[0], u.frame.at_ms);
        times[1] = MAX(times[1], u.frame.at_ms);
    }
    return more == 0 ? n : 0;
}

/* The row LAST has what is in .pack: 0, or -1. */
static int
replace(struct erasing *e, const char *last, const int64_t times[2])
{
    char oldest[24], newest[24];
    g_autoptr(GString) hex = g_string_new(NULL);
    const char *values[] = {last, oldest, newest, NULL};
    PGresult *result;

    if (gl_pack_finish(&e->pack, e->packed) != 0) {
        g_strlcpy(e->server->why, "out of memory", sizeof e->server->why);
        return -1;
    }
    gl_server_bytea(hex, e->packed);
    snprintf(oldest, sizeof oldest, "%" G_GINT64_FORMAT, times[0]);
    snprintf(newest, sizeof newest, "%" G_GINT64_FORMAT, times[1]);
    values[3] = hex->str;
    result = gl_server_ask(e->server,
                           "UPDATE pack SET oldest = $2::bigint, newest = "
                           "$3::bigint, frames = $4::bytea WHERE last = "
                           "$1::xid8",
                           4, values, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

static int
erase_in(struct erasing *e, const char *last, const void *bytes, size_t len)
{
    const char *values[] = {last};
    int64_t times[2];
    uint64_t n = sort_out(e, bytes, len, times);
    PGresult *result;

    e->done->erased += n;
    if (n > 0 && gl_pack_bytes(&e->pack) > 0)
        return replace(e, last, times);
    gl_pack_clear(&e->pack);
    if (n == 0)
        return 0;
    result = gl_server_ask(e->server, "DELETE FROM pack WHERE last = $1::xid8",
                           1, values, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

/* ---- all packs ---- */

static uint64_t
last_of(const PGresult *rows, int at)
{
    uint64_t last;

    memcpy(&last, PQgetvalue(rows, at, 0), sizeof last);
    return be64toh(last);
}

/* Those that have transactions after FROM, up to one with UNTIL. */
static int
erase_in_all(struct erasing *e, uint64_t from, uint64_t until)
{
    char last[24];
    int n = PACKS_AT_ONCE, result = 0;

    while (n == PACKS_AT_ONCE && result == 0 && from < until) {
        PGresult *rows =
            ask(e,
                "SELECT last, frames FROM pack WHERE last > "
                "$1::xid8 AND slot <= (SELECT packed FROM night) ORDER "
                "BY pack.last LIMIT " G_STRINGIFY(PACKS_AT_ONCE),
                (int64_t) from, 1);

        n = rows == NULL ? 0 : PQntuples(rows);
        result = rows == NULL ? -1 : 0;
        for (int i = 0; i < n && result == 0; i++) {
            from = last_of(rows, i);
            snprintf(last, sizeof last, "%" G_GUINT64_FORMAT, from);
            result = erase_in(e, last, PQgetvalue(rows, i, 1),
                              (size_t) PQgetlength(rows, i, 1));
        }
        PQclear(rows);
    }
    return result;
}

static int
erase_upto(struct erasing *e, int64_t last)
{
    uint64_t from, until;
    PGresult *result;

    if (read_names(e, last) != 0)
        return -1;
    gl_names_range(e->names, &from, &until);
    if (erase_in_all(e, from, until) != 0)
        return -1;
    result = ask(e, "UPDATE night SET erased = $1::bigint", last, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

static int
erase(struct erasing *e)
{
    PGresult *row = ask(e, select_last, e->upto, 0);
    int64_t last = row == NULL ? -1 : strtoll(PQgetvalue(row, 0, 0), NULL, 10);

    PQclear(row);
    return last > 0 ? erase_upto(e, last) : (int) last;
}

/* A machine without glintod leaves it to the others. */
static int
has_files(const char *data)
{
    g_autofree char *path = g_build_filename(data, "meta.db", NULL);

    return access(path, F_OK) == 0;
}

int
gl_night_erase(struct gl_server *server, const char *data,
               struct gl_nighted *to)
{
    struct erasing e = {.server = server, .done = to};
    char why[WHY_MAX];
    int result = 0;

    if (!has_files(data))
        return 0;
    e.made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    e.names = gl_names_new();
    e.decoder = gl_decoder_new();
    e.plain = g_byte_array_new();
    e.packed = g_byte_array_new();
    gl_pack_init(&e.pack);
    if (gl_made_read(data, &e.upto, note_made, e.made, why, sizeof why) != 0)
        gl_log(GL_LOG_ERROR, "what was reset or removed stays in the log: %s",
               why);
    else if (e.decoder != NULL)
        result = erase(&e);
    gl_pack_fini(&e.pack);
    g_byte_array_free(e.packed, TRUE);
    g_byte_array_free(e.plain, TRUE);
    gl_decoder_free(e.decoder);
    gl_names_free(e.names);
    g_hash_table_destroy(e.made);
    return result;
}
