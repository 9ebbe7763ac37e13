/* How far a city has read the log; see followed.h. */

#include "store/followed.h"

#include "store/account/reader.h"
#include "store/db/create.h"
#include "store/db/db.h"
#include "store/db/file_statements.h"
#include "store/hold.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "followed.db"
#define PENDING_MAX 4096

enum {
#define GL_SQL(name, text) SQL_##name,
#include "store/followed_sql.h"
#undef GL_SQL
    SQL_N
};

static const char *const statements[] = {
#define GL_SQL(name, text) [SQL_##name] = text,
#include "store/followed_sql.h"
#undef GL_SQL
};

_Static_assert((int) SQL_FORGET == GL_DB_SQL_FORGET,
               "these come first in every list of statements");

static const struct gl_db_schema schema = {
    .name = "followed",
    .sql = gl_embed_followed_sql,
    .list = gl_embed_embed_list,
    .statements = statements,
    .statements_n = SQL_N,
};

struct gl_followed {
    struct gl_db db;
    char pending[PENDING_MAX];
};

/* 1 = there is an event in it; one that cannot be read may have some. */
static int
has_events(const char *path)
{
    char why[256];
    sqlite3_stmt *ask = NULL;
    sqlite3 *reader = gl_reader_open_(path, why, sizeof why);
    int has = reader == NULL ||
              sqlite3_prepare_v2(reader, "SELECT 1 FROM events LIMIT 1", -1,
                                 &ask, NULL) != SQLITE_OK ||
              sqlite3_step(ask) != SQLITE_DONE;
    sqlite3_finalize(ask);
    if (reader != NULL)
        gl_reader_close_(reader);
    return has;
}

static int
any_has_events(const char *data)
{
    char *folder = g_build_filename(data, "acct", NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    int any = 0;
    while (dir != NULL && !any && (name = g_dir_read_name(dir)) != NULL) {
        char *path = g_build_filename(folder, name, NULL);
        any = g_str_has_suffix(name, ".db") && has_events(path);
        g_free(path);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_free(folder);
    return any;
}

static int
has_file(const char *data, const char *name)
{
    char *path = g_build_filename(data, name, NULL);
    int there = access(path, F_OK) == 0;
    g_free(path);
    return there;
}

int
gl_followed_ready(const char *data, int begin, char *why, size_t why_len)
{
    int there = has_file(data, FILE_NAME);
    if (has_file(data, GL_HOLD_WAITING) || has_file(data, GL_HOLD_TAKEN)) {
        snprintf(why, why_len,
                 "%s came from a backup: glintod is to start first", data);
        return -1;
    }
    if (mkdir(data, 0700) == -1 && errno != EEXIST) {
        snprintf(why, why_len, "data %s: %s", data, strerror(errno));
        return -1;
    }
    if (there || begin || !any_has_events(data))
        return 0;
    snprintf(why, why_len,
             "%s has events and no " FILE_NAME ", which says how far the log "
             "was read: remove the accounts' files to read all of it, or say "
             "--begin when none of these events is in it",
             data);
    return -1;
}

struct gl_followed *
gl_followed_open(const char *data, char *why, size_t why_len)
{
    char *path = gl_db_make_file(data, FILE_NAME);
    struct gl_followed *f = path != NULL ? calloc(1, sizeof *f) : NULL;
    if (f == NULL) {
        snprintf(why, why_len, "cannot make %s/" FILE_NAME ": %s", data,
                 strerror(errno));
        free(path);
        return NULL;
    }
    int rc = gl_db_init(&f->db, &schema, path);
    if (rc == 0)
        rc = gl_db_open(&f->db);
    if (rc != 0) {
        snprintf(why, why_len, "cannot open %s: %s", path, f->db.why);
        gl_followed_close(f);
        f = NULL;
    }
    free(path);
    return f;
}

void
gl_followed_close(struct gl_followed *f)
{
    if (f == NULL)
        return;
    gl_db_end(&f->db);
    free(f);
}

const char *
gl_followed_why(const struct gl_followed *f)
{
    return f->db.why;
}

int
gl_followed_state(struct gl_followed *f, uint64_t *low, const char **pending)
{
    sqlite3_stmt *ask = gl_db_ask(&f->db, SQL_STATE, NULL);
    int rc = gl_db_step(&f->db, ask);
    if (rc == 1) {
        *low = (uint64_t) sqlite3_column_int64(ask, 0);
        gl_db_column_string(ask, 1, f->pending, sizeof f->pending);
        *pending = f->pending;
        sqlite3_reset(ask);
        return 0;
    }
    return rc < 0 ? rc
                  : gl_db_refuse(&f->db, GL_STORE_CORRUPT,
                                 FILE_NAME ": its state is missing");
}

int
gl_followed_begins(struct gl_followed *f, uint64_t *first, int64_t *begins_ms)
{
    sqlite3_stmt *ask = gl_db_ask(&f->db, SQL_BEGINS, NULL);
    int rc = gl_db_step(&f->db, ask);
    if (rc == 1) {
        *first = (uint64_t) sqlite3_column_int64(ask, 0);
        *begins_ms = sqlite3_column_int64(ask, 1);
        sqlite3_reset(ask);
    }
    return rc < 0 ? rc : 0;
}

/* One statement, which is a transaction. */
static int
change_state(struct gl_followed *f, int statement,
             const struct gl_value *values)
{
    int rc = gl_db_begin(&f->db, 1);
    if (rc == 0)
        rc = gl_db_change(&f->db, statement, values);
    return rc < 0 ? rc : gl_db_commit(&f->db);
}

int
gl_followed_log(struct gl_followed *f, char id[GL_FOLLOWED_LOG_MAX])
{
    sqlite3_stmt *ask = gl_db_ask(&f->db, SQL_LOG, NULL);
    int rc;

    id[0] = '\0';
    while ((rc = gl_db_step(&f->db, ask)) == 1)
        snprintf(id, GL_FOLLOWED_LOG_MAX, "%s",
                 (const char *) sqlite3_column_text(ask, 0));
    return rc;
}

int
gl_followed_set_log(struct gl_followed *f, const char *id)
{
    return change_state(f, SQL_SET_LOG, GL_VALUES(gl_as_string(id)));
}

int
gl_followed_set_begins(struct gl_followed *f, uint64_t first,
                       int64_t begins_ms)
{
    return change_state(
        f, SQL_SET_BEGINS,
        GL_VALUES(gl_as_int((int64_t) first), gl_as_int(begins_ms)));
}

static int
each_position(struct gl_followed *f, sqlite3_stmt *ask,
              void (*each)(void *arg, const uint8_t seg[16], uint32_t upto,
                           uint64_t xid),
              void *arg)
{
    int rc;
    while ((rc = gl_db_step(&f->db, ask)) == 1)
        if (sqlite3_column_bytes(ask, 0) == 16)
            each(arg, sqlite3_column_blob(ask, 0),
                 (uint32_t) sqlite3_column_int64(ask, 1),
                 (uint64_t) sqlite3_column_int64(ask, 2));
    return rc;
}

int
gl_followed_last(struct gl_followed *f,
                 void (*each)(void *arg, const uint8_t seg[16], uint32_t upto,
                              uint64_t xid),
                 void *arg)
{
    return each_position(f, gl_db_ask(&f->db, SQL_LAST, NULL), each, arg);
}

int
gl_followed_before(struct gl_followed *f, int64_t ms, int most,
                   void (*each)(void *arg, const uint8_t seg[16],
                                uint32_t upto, uint64_t xid),
                   void *arg)
{
    return each_position(f,
                         gl_db_ask(&f->db, SQL_BEFORE,
                                   GL_VALUES(gl_as_int(ms), gl_as_int(most))),
                         each, arg);
}

/* The number that STATEMENT finds with VALUES, 0 = none. */
static int
ask_number(struct gl_followed *f, int statement, const struct gl_value *values,
           int64_t *number)
{
    int rc = gl_db_first(&f->db, gl_db_ask(&f->db, statement, values), number);
    return rc < 0 ? rc : 0;
}

int
gl_followed_oldest(struct gl_followed *f, uint64_t *xid)
{
    int64_t number;
    int rc = ask_number(f, SQL_OLDEST, NULL, &number);
    *xid = (uint64_t) number;
    return rc;
}

int
gl_followed_upto(struct gl_followed *f, const uint8_t seg[16], uint32_t *upto)
{
    int64_t number;
    int rc =
        ask_number(f, SQL_SEG_UPTO, GL_VALUES(gl_as_blob(seg, 16)), &number);
    *upto = (uint32_t) number;
    return rc;
}

int
gl_followed_changes(struct gl_followed *f, int64_t *id)
{
    return ask_number(f, SQL_CHANGES, NULL, id);
}

int
gl_followed_set_changes(struct gl_followed *f, int64_t id)
{
    return change_state(f, SQL_SET_CHANGES, GL_VALUES(gl_as_int(id)));
}

int
gl_followed_begin(struct gl_followed *f)
{
    return gl_db_begin(&f->db, 1);
}

int
gl_followed_set_upto(struct gl_followed *f, const uint8_t seg[16],
                     uint32_t upto, uint64_t xid, int64_t now_ms)
{
    return gl_db_change(&f->db, SQL_SET_SEG_UPTO,
                        GL_VALUES(gl_as_blob(seg, 16), gl_as_int(upto),
                                  gl_as_int(xid), gl_as_int(now_ms)));
}

int
gl_followed_set_state(struct gl_followed *f, uint64_t low, const char *pending)
{
    return gl_db_change(&f->db, SQL_SET_STATE,
                        GL_VALUES(gl_as_int(low), gl_as_string(pending)));
}

int
gl_followed_forget(struct gl_followed *f, int64_t at_ms)
{
    return gl_db_change(&f->db, SQL_FORGET_BEFORE,
                        GL_VALUES(gl_as_int(at_ms)));
}

int
gl_followed_commit(struct gl_followed *f)
{
    int rc = gl_db_commit(&f->db);
    if (rc >= 0)
        gl_db_shorten_log(&f->db, 0, INT64_MAX);
    return rc;
}
