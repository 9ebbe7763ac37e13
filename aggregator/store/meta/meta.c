/* meta.db: open, transactions. */

#include "store/account/account_internal.h"
#include "store/account/accounts.h"
#include "store/account/reader.h"
#include "store/db/create.h"
#include "store/db/file_statements.h"
#include "store/meta/meta_internal.h"

#include <errno.h>
#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const statements[] = {
#define GL_SQL(name, text) [GL_META_SQL_##name] = text,
#include "store/meta/meta_sql.h"
#undef GL_SQL
};

_Static_assert((int) GL_META_SQL_FORGET == GL_DB_SQL_FORGET,
               "these come first in every list of statements");

const struct gl_db_schema gl_meta_schema_ = {
    .name = "meta",
    .sql = gl_embed_meta_sql,
    .list = gl_embed_embed_list,
    .statements = statements,
    .statements_n = GL_META_SQL_N,
};

/* All that is in memory, from the file: there is no telling what differs. */
static int
read_all(struct gl_meta *meta)
{
    static int (*const parts[])(struct gl_meta *) = {
        gl_meta_read_accounts_, gl_meta_read_sites_,  gl_meta_read_old_names_,
        gl_meta_read_tokens_,   gl_meta_read_people_, gl_meta_read_roles_,
        gl_meta_read_keys_,     gl_meta_read_shares_};
    int rc = 0;
    gl_directory_clear(meta->directory);
    for (size_t i = 0; rc == 0 && i < G_N_ELEMENTS(parts); i++)
        rc = parts[i](meta);
    if (rc == 0)
        gl_directory_commit(meta->directory);
    else
        gl_directory_rollback(meta->directory);
    return rc;
}

static int
open_meta(struct gl_meta *meta, const char *path)
{
    int rc = gl_db_init(&meta->db, &gl_meta_schema_, path);
    if (rc == 0)
        rc = gl_db_open(&meta->db);
    return rc == 0 ? read_all(meta) : rc;
}

struct gl_meta *
gl_meta_open(const char *data, char *why, size_t why_len)
{
    char *path = gl_db_make_file(data, "meta.db");
    struct gl_meta *meta = path != NULL ? calloc(1, sizeof *meta) : NULL;
    if (meta == NULL || sodium_init() == -1) {
        snprintf(why, why_len, "cannot make %s/meta.db: %s", data,
                 strerror(errno));
        free(path);
        free(meta);
        return NULL;
    }
    meta->directory = gl_directory_new();
    int rc = open_meta(meta, path);
    if (rc != 0) {
        snprintf(why, why_len, "cannot open %s: %s", path, meta->db.why);
        gl_meta_close(meta);
        meta = NULL;
    }
    free(path);
    return meta;
}

void
gl_meta_close(struct gl_meta *meta)
{
    if (meta == NULL)
        return;
    gl_db_end(&meta->db);
    gl_positions_clear_(&meta->file.positions);
    gl_directory_free(meta->directory);
    free(meta);
}

struct gl_meta *
gl_meta_reader(const struct gl_meta *meta, char *why, size_t why_len)
{
    struct gl_meta *reader = g_new0(struct gl_meta, 1);
    if (gl_db_init(&reader->db, meta->db.schema, meta->db.path) == 0)
        reader->db.handle = gl_reader_open_(meta->db.path, why, why_len);
    else
        snprintf(why, why_len, "out of memory");
    if (reader->db.handle != NULL)
        return reader;
    gl_meta_reader_free(reader);
    return NULL;
}

void
gl_meta_reader_free(struct gl_meta *reader)
{
    if (reader == NULL)
        return;
    gl_db_fini(&reader->db);
    g_free(reader);
}

struct gl_account *
gl_meta_account_reader(const struct gl_meta *meta, const char *id)
{
    char *data = g_path_get_dirname(meta->db.path);
    struct gl_account *reader = gl_reader_of_account_(data, id);
    g_free(data);
    return reader;
}

static int
stops(void *arg)
{
    return atomic_load((const atomic_int *) arg);
}

struct gl_account *
gl_meta_open_account_(const struct gl_meta *meta, const char *account,
                      const atomic_int *stopping)
{
    struct gl_account *file = gl_meta_account_reader(meta, account);
    if (file == NULL || gl_account_read(file) != 0) {
        gl_account_reader_free(file);
        return NULL;
    }
    if (stopping != NULL)
        sqlite3_progress_handler(file->db.handle, GL_META_LOOK_OPS_, stops,
                                 (void *) (uintptr_t) stopping);
    return file;
}

struct gl_directory *
gl_meta_directory(const struct gl_meta *meta)
{
    return meta->directory;
}

const struct gl_version *
gl_meta_now(const struct gl_meta *meta)
{
    return gl_directory_now(meta->directory);
}

/* ---- transactions ---- */

int
gl_meta_begin(struct gl_meta *meta)
{
    gl_directory_rollback(meta->directory);
    return gl_db_begin(&meta->db, 1);
}

int
gl_meta_commit(struct gl_meta *meta)
{
    int rc = gl_db_writable(&meta->db);
    if (rc == 0)
        rc = gl_db_commit(&meta->db);
    if (rc == 0)
        gl_directory_commit(meta->directory);
    return rc;
}

/* After a failed commit the file may say more than memory: read it again. */
int
gl_meta_rollback(struct gl_meta *meta)
{
    int doubt = meta->db.error != 0;
    gl_positions_clear_(&meta->file.positions);
    int rc = gl_db_rollback(&meta->db);
    gl_directory_rollback(meta->directory);
    return rc == 0 && doubt ? read_all(meta) : rc;
}

const char *
gl_meta_why(const struct gl_meta *meta)
{
    return meta->db.why;
}

int
gl_meta_full(const struct gl_meta *meta)
{
    return meta->db.full;
}

void
gl_meta_shorten_log(struct gl_meta *meta, int64_t now_ms)
{
    gl_db_shorten_log(&meta->db, now_ms, GL_ACCOUNT_IDLE_MS);
    gl_directory_free_garbage(meta->directory);
}

int
gl_meta_audit(struct gl_meta *meta, int64_t at_ms, const char *actor,
              const char *verb, const char *args)
{
    return gl_db_change(&meta->db, GL_META_SQL_AUDIT,
                        GL_VALUES(gl_as_int(at_ms), gl_as_string(actor),
                                  gl_as_string(verb), gl_as_string(args)));
}

/* ---- frames of no account ---- */

static int
ready(void *owner)
{
    struct gl_meta *meta = owner;
    return gl_db_open(&meta->db);
}

static int
begin(void *owner, enum gl_durability durability)
{
    (void) durability;
    return gl_meta_begin(owner);
}

static int
commit(void *owner)
{
    return gl_meta_commit(owner);
}

static void
close_file(void *owner)
{
    gl_meta_rollback(owner);
}

struct gl_file *
gl_meta_file(struct gl_meta *meta)
{
    static const struct gl_file_kind kind = {ready, begin, commit, close_file};
    meta->file.kind = &kind;
    meta->file.owner = meta;
    meta->file.db = &meta->db;
    return &meta->file;
}
