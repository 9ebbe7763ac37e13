/* See attach.h. */

#include "extension/attach.h"

#include "extension/extension.h"

int
gl_extension_attach(struct sqlite3 *db)
{
    int rc =
        gl_extension_table(db, "glinto_sealed_visits", &gl_extension_visits);

    if (rc == SQLITE_OK)
        rc = gl_extension_table(db, "glinto_sealed_events",
                                &gl_extension_events);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db,
                          "CREATE VIRTUAL TABLE IF NOT EXISTS "
                          "temp.sealed_visits USING glinto_sealed_visits; "
                          "CREATE VIRTUAL TABLE IF NOT EXISTS "
                          "temp.sealed_events USING glinto_sealed_events",
                          NULL, NULL, NULL);
    return rc;
}

void
gl_extension_detach(struct sqlite3 *db)
{
    sqlite3_exec(db,
                 "DROP TABLE IF EXISTS temp.sealed_visits; "
                 "DROP TABLE IF EXISTS temp.sealed_events",
                 NULL, NULL, NULL);
}
