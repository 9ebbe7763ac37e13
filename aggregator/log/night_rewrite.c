/* Packs without some of their frames; see night_rewrite.h. */

#include "log/night_rewrite.h"

#include "log.h"
#include "store/made.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHY_MAX 512

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

/* A machine without glintod leaves it to the others. */
static int
has_files(const char *data)
{
    g_autofree char *path = g_build_filename(data, "meta.db", NULL);

    return access(path, F_OK) == 0;
}

int
gl_rewrite_init(struct gl_rewrite *r, struct gl_server *server,
                const char *data)
{
    char why[WHY_MAX];
    int result = -1;

    memset(r, 0, sizeof *r);
    r->server = server;
    r->made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    r->names = gl_names_new();
    r->decoder = gl_decoder_new();
    r->plain = g_byte_array_new();
    r->packed = g_byte_array_new();
    gl_pack_init(&r->pack);
    if (r->decoder != NULL && has_files(data)) {
        result =
            gl_made_read(data, &r->upto, note_made, r->made, why, sizeof why);
        if (result != 0)
            gl_log(GL_LOG_ERROR,
                   "what was erased stays in the log until the next night: %s",
                   why);
    }
    return result;
}

void
gl_rewrite_fini(struct gl_rewrite *r)
{
    gl_pack_fini(&r->pack);
    g_byte_array_free(r->packed, TRUE);
    g_byte_array_free(r->plain, TRUE);
    gl_decoder_free(r->decoder);
    gl_names_free(r->names);
    g_hash_table_destroy(r->made);
}

PGresult *
gl_rewrite_ask(struct gl_rewrite *r, const char *sql, int64_t number)
{
    char text[24];
    const char *values[] = {text};

    snprintf(text, sizeof text, "%" G_GINT64_FORMAT, number);
    return gl_server_ask(r->server, sql, 1, values, 0);
}

int
gl_rewrite_names(struct gl_rewrite *r, int64_t last, int erases)
{
    PGresult *rows = gl_rewrite_ask(r, select_names, last);
    int result = rows == NULL ? -1 : 0;

    gl_names_free(r->names);
    r->names = gl_names_new();
    for (int i = 0; i < PQntuples(rows); i++)
        if (g_hash_table_contains(r->made, PQgetvalue(rows, i, 4)))
            gl_names_change(r->names, PQgetvalue(rows, i, 1),
                            PQgetvalue(rows, i, 2), PQgetvalue(rows, i, 3),
                            strtoull(PQgetvalue(rows, i, 0), NULL, 10),
                            erases && PQgetvalue(rows, i, 5)[0] == 't');
    PQclear(rows);
    return result;
}

/* ---- a pack ---- */

static int
is_erased(struct gl_rewrite *r, const struct gl_unpacked *u)
{
    const struct gl_chunk_frame *frame = &u->frame;
    struct gl_event event;
    const char *why;

    return (frame->type == GL_FRAME_EVENT || frame->type == GL_FRAME_SERVED) &&
           gl_names_any_erased(r->names, u->xid, frame->at_ms) &&
           gl_event_decode(r->decoder, &event, frame->payload,
                           frame->payload_len, &why) == 0 &&
           gl_names_erased(r->names, event.site, u->xid, frame->at_ms);
}

/* How many frames of the pack in BYTES are erased; the others into .pack, and
 * their times.  One that is damaged stays: cities tell of it. */
static uint64_t
sort_out(struct gl_rewrite *r, const void *bytes, size_t len, int64_t times[2])
{
    struct gl_unpacked u;
    uint64_t n = 0;
    int more = gl_pack_open(&u, r->plain, bytes, len) == 0 ? 1 : -1;

    times[0] = INT64_MAX;
    times[1] = INT64_MIN;
    while (more == 1 && (more = gl_pack_next(&u)) == 1) {
        if (is_erased(r, &u)) {
            n++;
            continue;
        }
        gl_pack_add(&r->pack, u.seg, u.xid, &u.frame);
        times[0] = MIN(times[0], u.frame.at_ms);
        times[1] = MAX(times[1], u.frame.at_ms);
    }
    return more == 0 ? n : 0;
}

/* The row LAST has what is in .pack: 0, or -1. */
static int
replace(struct gl_rewrite *r, const char *last, const int64_t times[2])
{
    char oldest[24], newest[24];
    g_autoptr(GString) hex = g_string_new(NULL);
    const char *values[] = {last, oldest, newest, NULL};
    PGresult *result;

    if (gl_pack_finish(&r->pack, r->packed) != 0) {
        g_strlcpy(r->server->why, "out of memory", sizeof r->server->why);
        return -1;
    }
    gl_server_bytea(hex, r->packed);
    snprintf(oldest, sizeof oldest, "%" G_GINT64_FORMAT, times[0]);
    snprintf(newest, sizeof newest, "%" G_GINT64_FORMAT, times[1]);
    values[3] = hex->str;
    result = gl_server_ask(r->server,
                           "UPDATE pack SET oldest = $2::bigint, newest = "
                           "$3::bigint, frames = $4::bytea WHERE last = "
                           "$1::xid8",
                           4, values, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

static int
rewrite(struct gl_rewrite *r, const char *last, const void *bytes, size_t len)
{
    const char *values[] = {last};
    int64_t times[2];
    uint64_t n = sort_out(r, bytes, len, times);
    PGresult *result;

    r->frames += n;
    if (n > 0 && gl_pack_bytes(&r->pack) > 0)
        return replace(r, last, times);
    gl_pack_clear(&r->pack);
    if (n == 0)
        return 0;
    result = gl_server_ask(r->server, "DELETE FROM pack WHERE last = $1::xid8",
                           1, values, 0);
    PQclear(result);
    return result == NULL ? -1 : 0;
}

/* ---- some of them ---- */

static uint64_t
last_of(const PGresult *rows, int at)
{
    uint64_t last;

    memcpy(&last, PQgetvalue(rows, at, 0), sizeof last);
    return be64toh(last);
}

int
gl_rewrite_packs(struct gl_rewrite *r, const char *select, int n,
                 const char **values, uint64_t from, uint64_t until)
{
    int left = 1, result = 0;

    while (left > 0 && result == 0 && from < until) {
        char last[24];
        PGresult *rows;

        snprintf(last, sizeof last, "%" G_GUINT64_FORMAT, from);
        values[0] = last;
        rows = gl_server_ask(r->server, select, n, values, 1);
        left = rows == NULL ? 0 : PQntuples(rows);
        result = rows == NULL ? -1 : 0;
        for (int i = 0; i < left && result == 0; i++) {
            from = last_of(rows, i);
            snprintf(last, sizeof last, "%" G_GUINT64_FORMAT, from);
            result = rewrite(r, last, PQgetvalue(rows, i, 1),
                             (size_t) PQgetlength(rows, i, 1));
        }
        PQclear(rows);
    }
    return result;
}
