/* Plain SQL and faults for the tests of the store; see store_probe.h. */

#include "store_probe.h"

#include <stdio.h>
#include <string.h>

#include "store/db.h"

struct gl_accounts *
probe_pool(const char *data, size_t open_max, struct gl_account **account)
{
    char why[256];
    struct gl_accounts_options options = {.data = data, .open_max = open_max};
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof(why));
    if (!pool)
        tap_bail("no pool: %s", why);
    if (gl_accounts_create(pool, PROBE_ID) != 0)
        tap_bail("no account: %s",
                 gl_account_why(gl_accounts_get(pool, PROBE_ID)));
    *account = gl_accounts_get(pool, PROBE_ID);
    return pool;
}

const char *
probe_file(const char *data)
{
    static char path[512];
    snprintf(path, sizeof(path), "%s/acct/%s.db", data, PROBE_ID);
    return path;
}

static sqlite3 *
open_file(const char *file, int flags)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(file, &db, flags, NULL) != SQLITE_OK)
        tap_bail("%s: %s", file, sqlite3_errmsg(db));
    return db;
}

/* Step SQL to its first row on a connection of its own. */
static sqlite3_stmt *
first_row(const char *file, const char *sql, sqlite3 **db)
{
    sqlite3_stmt *statement = NULL;
    *db = open_file(file, SQLITE_OPEN_READONLY);
    if (sqlite3_prepare_v2(*db, sql, -1, &statement, NULL) != SQLITE_OK)
        tap_bail("%s: %s", sql, sqlite3_errmsg(*db));
    if (sqlite3_step(statement) == SQLITE_ROW)
        return statement;
    sqlite3_finalize(statement);
    return NULL;
}

int64_t
probe_int(const char *file, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *row = first_row(file, sql, &db);
    int64_t value = row && sqlite3_column_type(row, 0) != SQLITE_NULL
                        ? sqlite3_column_int64(row, 0)
                        : INT64_MIN;
    sqlite3_finalize(row);
    sqlite3_close(db);
    return value;
}

const char *
probe_text(const char *file, const char *sql)
{
    static char text[4096];
    sqlite3 *db;
    sqlite3_stmt *row = first_row(file, sql, &db);
    const unsigned char *value = row ? sqlite3_column_text(row, 0) : NULL;
    snprintf(text, sizeof(text), "%s", value ? (const char *) value : "");
    sqlite3_finalize(row);
    sqlite3_close(db);
    return text;
}

void
probe_exec(const char *file, const char *sql)
{
    sqlite3 *db = open_file(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        tap_bail("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

struct gl_store_event
probe_event(int64_t at_ms, uint64_t visitor)
{
    return (struct gl_store_event){.site = PROBE_SITE,
                                   .at_ms = at_ms,
                                   .visitor = visitor,
                                   .kind = GL_PAGEVIEW};
}

struct gl_text
probe_word(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

/* ---- faults ---- */

/*
 * The system's VFS opens the file; then its table of methods is replaced by a
 * copy whose writes and syncs count.  There is one table for files with locks
 * and one for those without.
 */
static struct {
    sqlite3_vfs vfs, *real;
    struct {
        const sqlite3_io_methods *real;
        sqlite3_io_methods ours;
    } tables[4];
    int tables_n;
    int nth, rc, lasting, calls;
    sqlite3_mem_methods memory; /* the system's */
    int memory_nth, allocations;
} faults;

static const sqlite3_io_methods *
real_methods(const sqlite3_file *file)
{
    for (int i = 0; i < faults.tables_n; i++)
        if (file->pMethods == &faults.tables[i].ours)
            return faults.tables[i].real;
    tap_bail("a file that was not opened here");
}

static int
fails(void)
{
    int call = ++faults.calls;
    return call >= faults.nth && call < faults.nth + faults.lasting;
}

static int
fault_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    const sqlite3_io_methods *real = real_methods(file);
    if (!fails())
        return real->xWrite(file, bytes, n, at);
    /* A write that fails may have written half. */
    real->xWrite(file, bytes, n / 2, at);
    return faults.rc;
}

static int
fault_sync(sqlite3_file *file, int flags)
{
    return fails() ? faults.rc : real_methods(file)->xSync(file, flags);
}

static int
fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
           int *out)
{
    (void) vfs;
    int rc = faults.real->xOpen(faults.real, name, file, flags, out);
    int i = 0;
    if (rc != SQLITE_OK || !file->pMethods)
        return rc;
    while (i < faults.tables_n && faults.tables[i].real != file->pMethods)
        i++;
    if (i == faults.tables_n) {
        if (i == sizeof(faults.tables) / sizeof(faults.tables[0]))
            tap_bail("more kinds of files than known");
        faults.tables[i].real = file->pMethods;
        faults.tables[i].ours = *file->pMethods;
        faults.tables[i].ours.xWrite = fault_write;
        faults.tables[i].ours.xSync = fault_sync;
        faults.tables_n++;
    }
    file->pMethods = &faults.tables[i].ours;
    return rc;
}

static void *
fault_malloc(int bytes)
{
    return ++faults.allocations == faults.memory_nth
               ? NULL
               : faults.memory.xMalloc(bytes);
}

static void *
fault_realloc(void *old, int bytes)
{
    return ++faults.allocations == faults.memory_nth
               ? NULL
               : faults.memory.xRealloc(old, bytes);
}

void
probe_faults(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &faults.memory);
    sqlite3_mem_methods ours = faults.memory;
    ours.xMalloc = fault_malloc;
    ours.xRealloc = fault_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) != SQLITE_OK)
        tap_bail("the allocator is refused");
    sqlite3_initialize();
    faults.real = sqlite3_vfs_find(NULL);
    faults.vfs = *faults.real;
    faults.vfs.zName = "faults";
    faults.vfs.xOpen = fault_open;
    if (sqlite3_vfs_register(&faults.vfs, 1) != SQLITE_OK)
        tap_bail("the VFS is refused");
}

void
probe_fail(int nth, int rc, int lasting)
{
    faults.nth = nth;
    faults.rc = rc;
    faults.lasting = lasting;
    faults.calls = 0;
}

int
probe_calls(void)
{
    return faults.calls;
}

void
probe_fail_memory(int nth)
{
    faults.memory_nth = nth;
    faults.allocations = 0;
}

int
probe_allocations(void)
{
    return faults.allocations;
}
