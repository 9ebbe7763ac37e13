/* How far each segment has been applied to one file. */

#include "store/db/positions.h"

#include "store/db/file_statements.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

void
gl_positions_clear_(struct gl_positions *positions)
{
    free(positions->list);
    *positions = (struct gl_positions){0};
}

/* Where SEG stands in the sorted list, or should. */
static size_t
place_of(const struct gl_positions *positions, const uint8_t seg[16])
{
    size_t low = 0, high = positions->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (memcmp(positions->list[middle].seg, seg, 16) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int
is_at(const struct gl_positions *positions, size_t at, const uint8_t seg[16])
{
    return at < positions->n && memcmp(positions->list[at].seg, seg, 16) == 0;
}

/* 0, or -1 without memory. */
static int
make_room(struct gl_positions *positions)
{
    if (positions->n < positions->size)
        return 0;
    size_t size = positions->size ? positions->size * 2 : 8;
    void *more = realloc(positions->list, size * sizeof *positions->list);
    if (more == NULL)
        return -1;
    positions->list = more;
    positions->size = size;
    return 0;
}

/* Without memory the position is simply read again from the file. */
static void
remember(struct gl_positions *positions, const uint8_t seg[16], uint32_t upto)
{
    size_t at = place_of(positions, seg);
    if (!is_at(positions, at, seg)) {
        if (make_room(positions) == -1)
            return;
        memmove(&positions->list[at + 1], &positions->list[at],
                (positions->n - at) * sizeof *positions->list);
        positions->n++;
        memcpy(positions->list[at].seg, seg, 16);
    }
    positions->list[at].upto = upto;
}

static void
unremember(struct gl_positions *positions, const uint8_t seg[16])
{
    size_t at = place_of(positions, seg);
    if (!is_at(positions, at, seg))
        return;
    positions->n--;
    memmove(&positions->list[at], &positions->list[at + 1],
            (positions->n - at) * sizeof *positions->list);
}

int
gl_positions_know_(const struct gl_positions *positions, const uint8_t seg[16],
                   uint32_t *upto)
{
    size_t at = place_of(positions, seg);
    if (!is_at(positions, at, seg))
        return 0;
    *upto = positions->list[at].upto;
    return 1;
}

/* ---- file ---- */

int
gl_positions_read_(struct gl_positions *positions, struct gl_db *db,
                   const uint8_t seg[16], uint32_t *upto)
{
    int64_t is;
    int rc = gl_db_first(
        db, gl_db_ask(db, GL_DB_SQL_UPTO, GL_VALUES(gl_as_blob(seg, 16))),
        &is);
    *upto = (uint32_t) is;
    if (rc >= 0)
        remember(positions, seg, *upto);
    return rc < 0 ? rc : 0;
}

int
gl_positions_set_(struct gl_positions *positions, struct gl_db *db,
                  const uint8_t seg[16], uint32_t upto, int64_t made_ms)
{
    int rc = gl_db_change(
        db, GL_DB_SQL_SET_UPTO,
        GL_VALUES(gl_as_blob(seg, 16), gl_as_int(upto), gl_as_int(made_ms)));
    if (rc == 0)
        remember(positions, seg, upto);
    return rc;
}

static int
forget(struct gl_positions *positions, struct gl_db *db, const uint8_t seg[16])
{
    int rc =
        gl_db_change(db, GL_DB_SQL_FORGET, GL_VALUES(gl_as_blob(seg, 16)));
    if (rc == 0)
        unremember(positions, seg);
    return rc;
}

/* Segments of which the rows may go, one after the other, into GOING. */
static int
find_gone(struct gl_db *db, const struct gl_sweep *sweep, GByteArray *going)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(
        db, GL_DB_SQL_OLD,
        GL_VALUES(gl_as_int(sweep->since_ms), gl_as_int(sweep->before_ms)));
    while ((rc = gl_db_step(db, ask)) == 1) {
        const uint8_t *seg = sqlite3_column_blob(ask, 0);
        if (sqlite3_column_bytes(ask, 0) == 16 && sweep->gone(sweep->arg, seg))
            g_byte_array_append(going, seg, 16);
    }
    return rc;
}

int
gl_positions_sweep_(struct gl_positions *positions, struct gl_db *db,
                    const struct gl_sweep *sweep)
{
    GByteArray *going = g_byte_array_new();
    int rc = find_gone(db, sweep, going), n = (int) going->len / 16;
    for (int i = 0; i < n && rc == 0; i++)
        rc = forget(positions, db, going->data + 16 * i);
    g_byte_array_free(going, TRUE);
    return rc == 0 ? n : rc;
}

int
gl_positions_each_(struct gl_db *db,
                   void (*segment)(void *arg, const uint8_t seg[16],
                                   uint32_t upto),
                   void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(db, GL_DB_SQL_SEGMENTS, NULL);
    while ((rc = gl_db_step(db, ask)) == 1)
        if (sqlite3_column_bytes(ask, 0) == 16)
            segment(arg, sqlite3_column_blob(ask, 0),
                    (uint32_t) sqlite3_column_int64(ask, 1));
    return rc;
}
