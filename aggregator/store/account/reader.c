/* A read-only connection to one commit of one file. */

#define _GNU_SOURCE /* asprintf */

#include "store/account/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/account/account_internal.h"
#include "store/db/plain.h"

/* A writer that starts or recovers the log is done long before. */
#define BUSY_MS 5000

sqlite3 *
gl_reader_open_(const char *path, char *why, size_t why_len)
{
    sqlite3 *reader = NULL;
    int rc =
        sqlite3_open_v2(path, &reader,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX |
                            SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE,
                        NULL);
    if (rc == SQLITE_OK) {
        sqlite3_db_config(reader, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(reader, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        /* checkpoints are the writer thread's */
        sqlite3_db_config(reader, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_busy_timeout(reader, BUSY_MS);
        /* the first read fixes what the transaction sees */
        rc = sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM sqlite_schema",
                          NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK)
        return reader;
    snprintf(why, why_len, "cannot read %s: %s", path,
             reader != NULL ? sqlite3_errmsg(reader) : sqlite3_errstr(rc));
    gl_reader_close_(reader);
    return NULL;
}

void
gl_reader_close_(sqlite3 *reader)
{
    sqlite3_close(reader);
}

/* ---- an account seen through one ---- */

static struct gl_account *
new_reader(const char *id, const struct gl_db_schema *tables, const char *path)
{
    struct gl_account *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    snprintf(reader->id, sizeof reader->id, "%s", id);
    if (gl_db_init(&reader->db, tables, path) == 0)
        return reader;
    free(reader);
    return NULL;
}

struct gl_account *
gl_account_reader(const struct gl_account *account)
{
    return new_reader(account->id, account->db.schema, account->db.path);
}

struct gl_account *
gl_reader_of_account_(const char *data, const char *id)
{
    struct gl_account *reader;
    char *path;
    if (!gl_account_is_id_(id) ||
        asprintf(&path, "%s/acct/%s.db", data, id) == -1)
        return NULL;
    reader = new_reader(id, &gl_account_schema_, path);
    free(path);
    return reader;
}

int
gl_account_read(struct gl_account *reader)
{
    char why[sizeof reader->db.why];
    reader->db.handle = gl_reader_open_(reader->db.path, why, sizeof why);
    if (reader->db.handle == NULL)
        return gl_db_refuse(&reader->db, GL_STORE_ENVIRONMENT, why);
    reader->db.transaction = 1; /* of one commit: no other connection */
    return 0;
}

struct sqlite3 *
gl_account_plain(struct gl_account *reader)
{
    return reader->db.handle;
}

void
gl_account_reader_free(struct gl_account *reader)
{
    if (reader == NULL)
        return;
    gl_account_drop_caches_(reader);
    gl_db_fini(&reader->db);
    free(reader);
}
