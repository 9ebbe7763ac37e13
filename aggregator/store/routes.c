/* See routes.h. */

#include "store/routes.h"

#include "store/account/reader.h"
#include "store/db/db.h"

#include <glib.h>
#include <stdio.h>

static const char made[] = "SELECT id FROM made_change";
static const char routes[] =
    "SELECT s.domain, a.primary_name FROM sites AS s "
    "JOIN accounts AS a ON a.id = s.account UNION ALL "
    "SELECT o.domain, a.primary_name FROM old_names AS o "
    "JOIN sites AS s ON s.id = o.site JOIN accounts AS a ON a.id = s.account";

static int
read_made(sqlite3 *reader, int64_t *upto)
{
    sqlite3_stmt *ask = NULL;
    int rc = sqlite3_prepare_v2(reader, made, -1, &ask, NULL);

    *upto = 0;
    if (rc == SQLITE_OK)
        rc = sqlite3_step(ask);
    if (rc == SQLITE_ROW)
        *upto = sqlite3_column_int64(ask, 0);
    sqlite3_finalize(ask);
    return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

static int
read_sites(sqlite3 *reader,
           void (*each)(void *arg, const char *domain, const char *primary),
           void *arg)
{
    sqlite3_stmt *ask = NULL;
    int rc = sqlite3_prepare_v2(reader, routes, -1, &ask, NULL);

    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        if ((rc = sqlite3_step(ask)) == SQLITE_ROW)
            each(arg, (const char *) sqlite3_column_text(ask, 0),
                 (const char *) sqlite3_column_text(ask, 1));
    sqlite3_finalize(ask);
    return rc;
}

int
gl_routes_read(const char *data, int64_t *upto,
               void (*each)(void *arg, const char *domain,
                            const char *primary),
               void *arg, char *why, size_t why_len)
{
    g_autofree char *path = g_build_filename(data, "meta.db", NULL);
    sqlite3 *reader = gl_reader_open_(path, why, why_len);
    int rc;

    if (reader == NULL)
        return -1;
    rc = read_made(reader, upto);
    if (rc == SQLITE_DONE)
        rc = read_sites(reader, each, arg);
    if (rc != SQLITE_DONE)
        snprintf(why, why_len, "cannot read %s: %s", path,
                 sqlite3_errmsg(reader));
    gl_reader_close_(reader);
    return rc == SQLITE_DONE ? 0 : -1;
}

uint64_t
gl_routes_look(const char *data)
{
    g_autofree char *path = g_build_filename(data, "meta.db", NULL);
    const struct gl_db db = {.path = path};

    return gl_db_look(&db);
}
