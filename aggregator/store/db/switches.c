/* How every connection that writes is set. */

#include "store/db/switches.h"

#include <stddef.h>

/* Parameters of one statement; the widest here has 8 rows of 20. */
#define VARIABLES_MAX 160

/* The cache holds the last leaves of events and sessions and the upper pages
 * of the dictionaries; with ten thousands of sites, a leaf of each. */
static const char settings[] = "PRAGMA cache_size = -8192;"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA journal_mode = WAL;"
                               "PRAGMA journal_size_limit = 67108864;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA secure_delete = ON;"
                               "PRAGMA temp_store = MEMORY;";

void
gl_store_set_switches_(sqlite3 *handle)
{
    static const struct {
        int what, value;
    } switches[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
    };
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
        sqlite3_db_config(handle, switches[i].what, switches[i].value, NULL);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_VARIABLE_NUMBER, VARIABLES_MAX);
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, GL_STORE_BUSY_MS);
}

int
gl_store_set_settings_(sqlite3 *handle)
{
    int rc = sqlite3_exec(handle, settings, NULL, NULL, NULL);
    sqlite3_wal_autocheckpoint(handle, 0); /* ours alone (db.c) */
    return rc;
}
