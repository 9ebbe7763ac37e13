/* How far a spool was split; see lanes.h. */

#include "store/lanes.h"

#include "store/db/create.h"
#include "store/db/db.h"
#include "store/db/file_statements.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "lanes.db"
/* To write the log back while events wait holds them up: 32 MiB of it. */
#define LOG_PAGES_BUSY 8192

enum {
#define GL_SQL(name, text) SQL_##name,
#include "store/lanes_sql.h"
#undef GL_SQL
    SQL_N
};

static const char *const statements[] = {
#define GL_SQL(name, text) [SQL_##name] = text,
#include "store/lanes_sql.h"
#undef GL_SQL
};

_Static_assert((int) SQL_FORGET == GL_DB_SQL_FORGET,
               "these come first in every list of statements");

static const struct gl_db_schema schema = {
    .name = "lanes",
    .sql = gl_embed_lanes_sql,
    .list = gl_embed_embed_list,
    .statements = statements,
    .statements_n = SQL_N,
};

struct gl_lanes {
    struct gl_db db;
};

struct gl_lanes *
gl_lanes_open(const char *folder, char *why, size_t why_len)
{
    char *path = gl_db_make_file(folder, FILE_NAME);
    struct gl_lanes *lanes = path != NULL ? calloc(1, sizeof *lanes) : NULL;
    if (lanes == NULL) {
        snprintf(why, why_len, "cannot make %s/" FILE_NAME ": %s", folder,
                 strerror(errno));
        free(path);
        return NULL;
    }
    int rc = gl_db_init(&lanes->db, &schema, path);
    if (rc == 0)
        rc = gl_db_open(&lanes->db);
    if (rc != 0) {
        snprintf(why, why_len, "cannot open %s: %s", path, lanes->db.why);
        gl_lanes_close(lanes);
        lanes = NULL;
    }
    free(path);
    return lanes;
}

void
gl_lanes_close(struct gl_lanes *lanes)
{
    if (lanes == NULL)
        return;
    gl_db_end(&lanes->db);
    free(lanes);
}

const char *
gl_lanes_why(const struct gl_lanes *lanes)
{
    return lanes->db.why;
}

/* ---- questions ---- */

int
gl_lanes_begun(struct gl_lanes *lanes, char first[GL_LANES_NAME_MAX])
{
    sqlite3_stmt *ask = gl_db_ask(&lanes->db, SQL_BEGUN, NULL);
    int begun = 0, rc;

    first[0] = '\0';
    while ((rc = gl_db_step(&lanes->db, ask)) == 1) {
        begun = sqlite3_column_int(ask, 0);
        snprintf(first, GL_LANES_NAME_MAX, "%s",
                 (const char *) sqlite3_column_text(ask, 1));
    }
    return rc < 0 ? rc : begun;
}

int
gl_lanes_each(struct gl_lanes *lanes,
              void (*each)(void *arg, const char *name, const char *pending),
              void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&lanes->db, SQL_LANES, NULL);
    while ((rc = gl_db_step(&lanes->db, ask)) == 1)
        each(arg, (const char *) sqlite3_column_text(ask, 0),
             (const char *) sqlite3_column_text(ask, 1));
    return rc;
}

int
gl_lanes_upto(struct gl_lanes *lanes, const uint8_t seg[16], uint32_t *upto)
{
    int64_t number;
    int rc = gl_db_first(
        &lanes->db,
        gl_db_ask(&lanes->db, SQL_UPTO, GL_VALUES(gl_as_blob(seg, 16))),
        &number);
    *upto = (uint32_t) number;
    return rc < 0 ? rc : 0;
}

int
gl_lanes_held(struct gl_lanes *lanes, const char *name,
              void (*each)(void *arg, const void *bytes, size_t len),
              void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_ask(&lanes->db, SQL_HELD, GL_VALUES(gl_as_string(name)));
    while ((rc = gl_db_step(&lanes->db, ask)) == 1)
        each(arg, sqlite3_column_blob(ask, 0),
             (size_t) sqlite3_column_bytes(ask, 0));
    return rc;
}

int
gl_lanes_each_open(struct gl_lanes *lanes,
                   void (*each)(void *arg, const struct gl_lanes_open *open),
                   void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&lanes->db, SQL_OPEN, NULL);
    while ((rc = gl_db_step(&lanes->db, ask)) == 1) {
        struct gl_lanes_open open = {
            .wall_ms = sqlite3_column_int64(ask, 2),
            .last_ms = sqlite3_column_int64(ask, 6),
            .size = (uint32_t) sqlite3_column_int64(ask, 3),
            .frames = (uint32_t) sqlite3_column_int64(ask, 4),
            .bytes = (uint32_t) sqlite3_column_int64(ask, 5)};

        if (sqlite3_column_bytes(ask, 0) == sizeof open.seg)
            memcpy(open.seg, sqlite3_column_blob(ask, 0), sizeof open.seg);
        snprintf(open.lane, sizeof open.lane, "%s",
                 (const char *) sqlite3_column_text(ask, 1));
        each(arg, &open);
    }
    return rc;
}

int
gl_lanes_kept_bytes(struct gl_lanes *lanes, const uint8_t seg[16],
                    int64_t *bytes)
{
    int rc = gl_db_first(
        &lanes->db,
        gl_db_ask(&lanes->db, SQL_KEPT_BYTES, GL_VALUES(gl_as_blob(seg, 16))),
        bytes);
    return rc < 0 ? rc : 0;
}

int
gl_lanes_kept(struct gl_lanes *lanes, const uint8_t seg[16],
              void (*each)(void *arg, uint32_t at, const void *bytes,
                           size_t len),
              void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_ask(&lanes->db, SQL_KEPT, GL_VALUES(gl_as_blob(seg, 16)));
    while ((rc = gl_db_step(&lanes->db, ask)) == 1)
        each(arg, (uint32_t) sqlite3_column_int64(ask, 0),
             sqlite3_column_blob(ask, 1),
             (size_t) sqlite3_column_bytes(ask, 1));
    return rc;
}

/* ---- changes ---- */

int
gl_lanes_begin(struct gl_lanes *lanes)
{
    return gl_db_begin(&lanes->db, 1);
}

int
gl_lanes_set_begun(struct gl_lanes *lanes, const char *first)
{
    return gl_db_change(&lanes->db, SQL_SET_BEGUN,
                        GL_VALUES(gl_as_string(first)));
}

int
gl_lanes_set_upto(struct gl_lanes *lanes, const uint8_t seg[16], uint32_t upto)
{
    return gl_db_change(
        &lanes->db, SQL_SET_UPTO,
        GL_VALUES(gl_as_blob(seg, 16), gl_as_int(upto), gl_as_int(0)));
}

int
gl_lanes_forget(struct gl_lanes *lanes, const uint8_t seg[16])
{
    return gl_db_change(&lanes->db, SQL_FORGET,
                        GL_VALUES(gl_as_blob(seg, 16)));
}

int
gl_lanes_let_go(struct gl_lanes *lanes, const char *name)
{
    return gl_db_change(&lanes->db, SQL_LET_GO, GL_VALUES(gl_as_string(name)));
}

int
gl_lanes_set_open(struct gl_lanes *lanes, const struct gl_lanes_open *open)
{
    return gl_db_change(
        &lanes->db, SQL_SET_OPEN,
        GL_VALUES(gl_as_blob(open->seg, 16), gl_as_string(open->lane),
                  gl_as_int(open->wall_ms), gl_as_int(open->size),
                  gl_as_int(open->frames), gl_as_int(open->bytes),
                  gl_as_int(open->last_ms)));
}

int
gl_lanes_keep(struct gl_lanes *lanes, const uint8_t seg[16], uint32_t at,
              const void *bytes, size_t len)
{
    return gl_db_change(&lanes->db, SQL_KEEP,
                        GL_VALUES(gl_as_blob(seg, 16), gl_as_int(at),
                                  gl_as_blob(bytes, (int) len)));
}

int
gl_lanes_synced(struct gl_lanes *lanes, const uint8_t seg[16])
{
    return gl_db_change(&lanes->db, SQL_SYNCED,
                        GL_VALUES(gl_as_blob(seg, 16)));
}

int
gl_lanes_shut(struct gl_lanes *lanes, const uint8_t seg[16])
{
    return gl_db_change(&lanes->db, SQL_SHUT, GL_VALUES(gl_as_blob(seg, 16)));
}

int
gl_lanes_commit(struct gl_lanes *lanes)
{
    return gl_db_commit(&lanes->db);
}

void
gl_lanes_rest(struct gl_lanes *lanes, int busy)
{
    if (!busy || lanes->db.log_pages >= LOG_PAGES_BUSY)
        gl_db_shorten_log(&lanes->db, 0, INT64_MAX);
}
