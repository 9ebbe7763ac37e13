/* A file as rounds see it: what all do alike, and who does the rest. */

#include "store/db/file.h"

#include "segment_key.h"
#include "store/db/positions.h"

#include <string.h>

#include "store/db/file_statements.h"

int
gl_file_begin(struct gl_file *file, enum gl_durability durability)
{
    return file->kind->begin(file->owner, durability);
}

int
gl_file_commit(struct gl_file *file)
{
    return file->kind->commit(file->owner);
}

void
gl_file_close(struct gl_file *file)
{
    file->kind->close(file->owner);
}

const char *
gl_file_why(const struct gl_file *file)
{
    return file->db->why;
}

int
gl_file_full(const struct gl_file *file)
{
    return file->db->full;
}

uint64_t
gl_file_stamp(const struct gl_file *file)
{
    return gl_db_look(file->db);
}

uint32_t
gl_file_connection(const struct gl_file *file)
{
    return file->db->handle != NULL ? file->db->opened : 0;
}

/* ---- how far ---- */

void
gl_positions_clear_(GHashTable **positions)
{
    if (*positions != NULL)
        g_hash_table_destroy(*positions);
    *positions = NULL;
}

static void
remember(struct gl_file *file, const uint8_t seg[16], uint32_t upto)
{
    if (file->positions == NULL)
        file->positions = g_hash_table_new_full(
            gl_segment_key_hash, gl_segment_key_equal, g_free, NULL);
    g_hash_table_insert(file->positions, g_memdup2(seg, 16),
                        GUINT_TO_POINTER(upto));
}

int
gl_file_upto(struct gl_file *file, const uint8_t seg[16], uint32_t *upto)
{
    gpointer known;
    int64_t is;
    if (!file->db->error && file->positions != NULL &&
        g_hash_table_lookup_extended(file->positions, seg, NULL, &known)) {
        *upto = GPOINTER_TO_UINT(known);
        return 0;
    }
    *upto = 0;
    int rc = file->kind->ready(file->owner);
    if (rc != 0)
        return rc;
    rc = gl_db_first(
        file->db,
        gl_db_ask(file->db, GL_DB_SQL_UPTO, GL_VALUES(gl_as_blob(seg, 16))),
        &is);
    *upto = (uint32_t) is;
    if (rc >= 0)
        remember(file, seg, *upto);
    return rc < 0 ? rc : 0;
}

int
gl_file_know(struct gl_file *file, const uint8_t seg[16], uint32_t *upto,
             uint32_t *connection)
{
    uint32_t now = gl_file_connection(file);
    if (now != 0 && now == *connection)
        return 0;
    int rc = gl_file_upto(file, seg, upto);
    if (rc == 0)
        *connection = gl_file_connection(file);
    return rc;
}

int
gl_file_set_upto(struct gl_file *file, const uint8_t seg[16], uint32_t upto,
                 int64_t made_ms)
{
    int rc = gl_db_change(
        file->db, GL_DB_SQL_SET_UPTO,
        GL_VALUES(gl_as_blob(seg, 16), gl_as_int(upto), gl_as_int(made_ms)));
    if (rc == 0)
        remember(file, seg, upto);
    return rc;
}

int
gl_file_segments(struct gl_file *file,
                 void (*segment)(void *arg, const uint8_t seg[16],
                                 uint32_t upto),
                 void *arg)
{
    int rc = file->kind->ready(file->owner);
    sqlite3_stmt *ask;
    if (rc != 0)
        return rc;
    ask = gl_db_ask(file->db, GL_DB_SQL_SEGMENTS, NULL);
    while ((rc = gl_db_step(file->db, ask)) == 1)
        if (sqlite3_column_bytes(ask, 0) == 16)
            segment(arg, sqlite3_column_blob(ask, 0),
                    (uint32_t) sqlite3_column_int64(ask, 1));
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
gl_file_sweep(struct gl_file *file, const struct gl_sweep *sweep)
{
    GByteArray *going = g_byte_array_new();
    int rc = find_gone(file->db, sweep, going), n = (int) going->len / 16;
    for (int i = 0; i < n && rc == 0; i++) {
        const uint8_t *seg = going->data + 16 * i;
        rc = gl_db_change(file->db, GL_DB_SQL_FORGET,
                          GL_VALUES(gl_as_blob(seg, 16)));
        if (rc == 0 && file->positions != NULL)
            g_hash_table_remove(file->positions, seg);
    }
    g_byte_array_free(going, TRUE);
    return rc == 0 ? n : rc;
}
