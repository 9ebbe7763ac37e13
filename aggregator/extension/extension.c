/*
 * Loading: the tables are temporary ones, so that the file is not changed and
 * "events" is this table and not the one with rows, which is main.events.
 */

#include "extension/extension.h"

SQLITE_EXTENSION_INIT1

/* All else is hidden. */
__attribute__((visibility("default"))) int
sqlite3_glintocolumns_init(sqlite3 *db, char **why,
                           const sqlite3_api_routines *api);

int
sqlite3_glintocolumns_init(sqlite3 *db, char **why,
                           const sqlite3_api_routines *api)
{
    int rc;

    SQLITE_EXTENSION_INIT2(api);
    rc = gl_extension_table(db, "glinto_visits", &gl_extension_visits);
    if (rc == SQLITE_OK)
        rc = gl_extension_table(db, "glinto_events", &gl_extension_events);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(
            db,
            "CREATE VIRTUAL TABLE temp.visits USING glinto_visits; "
            "CREATE VIRTUAL TABLE temp.events USING glinto_events",
            NULL, NULL, why);
    return rc;
}
