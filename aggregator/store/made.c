/* See made.h. */

#include "store/made.h"

#include "store/account/reader.h"

#include <glib.h>
#include <stdio.h>

static const char made[] =
    "SELECT at || ' ' || verb || ' ' || CASE WHEN json_valid(args) THEN "
    "json_extract(args, '$.domain') END "
    "FROM audit WHERE verb IN ('site.add', 'site.rename', 'site.unname', "
    "'site.reset', 'site.remove')";

/* EACH row of SQL: SQLITE_DONE, or an error. */
static int
read_rows(sqlite3 *reader, const char *sql,
          void (*each)(void *arg, sqlite3_stmt *row), void *arg)
{
    sqlite3_stmt *ask = NULL;
    int rc = sqlite3_prepare_v2(reader, sql, -1, &ask, NULL);

    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        if ((rc = sqlite3_step(ask)) == SQLITE_ROW)
            each(arg, ask);
    sqlite3_finalize(ask);
    return rc;
}

static void
take_number(void *arg, sqlite3_stmt *row)
{
    *(int64_t *) arg = sqlite3_column_int64(row, 0);
}

struct reading {
    void (*each)(void *arg, const char *made);
    void *arg;
};

static void
take_text(void *arg, sqlite3_stmt *row)
{
    const struct reading *to = arg;
    const unsigned char *text = sqlite3_column_text(row, 0);

    if (text != NULL) /* it names a domain */
        to->each(to->arg, (const char *) text);
}

int
gl_made_read(const char *data, int64_t *upto,
             void (*each)(void *arg, const char *made), void *arg, char *why,
             size_t why_len)
{
    struct reading to = {each, arg};
    g_autofree char *path = g_build_filename(data, "meta.db", NULL);
    sqlite3 *reader = gl_reader_open_(path, why, why_len);
    int rc;

    *upto = 0;
    if (reader == NULL)
        return -1;
    rc = read_rows(reader, "SELECT id FROM made_change", take_number, upto);
    if (rc == SQLITE_DONE)
        rc = read_rows(reader, made, take_text, &to);
    if (rc != SQLITE_DONE)
        snprintf(why, why_len, "cannot read %s: %s", path,
                 sqlite3_errmsg(reader));
    gl_reader_close_(reader);
    return rc == SQLITE_DONE ? 0 : -1;
}
