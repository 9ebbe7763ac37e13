/*
 * Versions of a file's tables: PRAGMA user_version.  An empty file gets the
 * newest tables at once; an older one each step in turn, all in one
 * transaction; a newer one is left alone.
 *
 * A step is named "NNN-<schema>-<what>.sql" and sets user_version to NNN
 * itself, as the whole schema does: so no number is ever formatted into SQL.
 */

#include "store/db/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number of the step FILE for SCHEMA, 0 when it is none. */
static int
step_number(const struct gl_db_schema *schema,
            const struct gl_embed_file *file)
{
    const char *name = strrchr(file->name, '/');
    name = name != NULL ? name + 1 : file->name;
    char *end;
    long number = strtol(name, &end, 10);
    size_t len = strlen(schema->name);
    if (number < 2 || number > 999 || end != name + 3 || *end != '-' ||
        strncmp(end + 1, schema->name, len) != 0 || end[1 + len] != '-')
        return 0;
    return (int) number;
}

static const char *
step_sql(const struct gl_db_schema *schema, int number)
{
    for (const struct gl_embed_file *f = schema->list; f->name != NULL; f++)
        if (step_number(schema, f) == number)
            return f->data;
    return NULL;
}

int
gl_db_newest_(const struct gl_db_schema *schema)
{
    int version = 1;
    for (const struct gl_embed_file *f = schema->list; f->name != NULL; f++) {
        int number = step_number(schema, f);
        if (number > version)
            version = number;
    }
    return version;
}

/* One number out of a fixed text. */
static int
ask(struct gl_db *db, const char *sql, int *answer)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *answer = sqlite3_column_int(statement, 0);
    int result = rc == SQLITE_ROW ? 0 : gl_db_fail(db, rc);
    sqlite3_finalize(statement);
    return result;
}

static int
apply(struct gl_db *db, const char *sql, int version)
{
    int got = 0;
    int result = sql != NULL ? gl_db_exec(db, sql) : 0;
    if (result == 0 && sql != NULL)
        result = ask(db, "PRAGMA user_version", &got);
    if (result != 0 || got == version)
        return result;
    snprintf(db->why, sizeof db->why,
             "the build has no right step to version %d of the %s tables",
             version, db->schema->name);
    return gl_db_refuse(db, GL_STORE_NEWER, db->why);
}

/* Inside a transaction: another process cannot do the same meanwhile. */
static int
bring_up(struct gl_db *db, int version, int last)
{
    int result = 0;
    if (version == 0)
        return apply(db, db->schema->sql, last);
    for (int next = version + 1; result == 0 && next <= last; next++)
        result = apply(db, step_sql(db->schema, next), next);
    return result;
}

int
gl_db_migrate_(struct gl_db *db)
{
    int version = 0, tables = 0, last = gl_db_newest_(db->schema);
    int result = ask(db, "PRAGMA user_version", &version);
    if (result != 0 || version == last)
        return result;
    if (version > last) {
        snprintf(db->why, sizeof db->why,
                 "the %s file has version %d, made by a newer glintod; this "
                 "one knows versions up to %d",
                 db->schema->name, version, last);
        return gl_db_refuse(db, GL_STORE_NEWER, db->why);
    }
    result = gl_db_exec(db, "BEGIN IMMEDIATE");
    if (result != 0)
        return result;
    if (version <= 0)
        result = ask(db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (result == 0 && (version < 0 || tables > 0))
        result = gl_db_refuse(db, GL_STORE_CORRUPT,
                              "the file holds tables that are not ours");
    if (result == 0)
        result = bring_up(db, version, last);
    if (result == 0)
        result = gl_db_exec(db, "COMMIT");
    else
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return result;
}
