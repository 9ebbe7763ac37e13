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

/* Of DATA; NULL with WHY. */
static sqlite3 *
open_file(const char *data, const char *name, char *why, size_t why_len)
{
    g_autofree char *path = g_build_filename(data, name, NULL);

    return gl_reader_open_(path, why, why_len);
}

/* 0, or -1 with WHY, after RC. */
static int
close_file(sqlite3 *reader, int rc, char *why, size_t why_len)
{
    if (rc != SQLITE_DONE)
        snprintf(why, why_len, "cannot read %s: %s",
                 sqlite3_db_filename(reader, NULL), sqlite3_errmsg(reader));
    gl_reader_close_(reader);
    return rc == SQLITE_DONE ? 0 : -1;
}

int
gl_made_read(const char *data, int64_t *upto,
             void (*each)(void *arg, const char *made), void *arg, char *why,
             size_t why_len)
{
    struct reading to = {each, arg};
    sqlite3 *reader = open_file(data, "meta.db", why, why_len);
    int rc;

    *upto = 0;
    if (reader == NULL)
        return -1;
    rc = read_rows(reader, "SELECT id FROM made_change", take_number, upto);
    if (rc == SQLITE_DONE)
        rc = read_rows(reader, made, take_text, &to);
    return close_file(reader, rc, why, why_len);
}

struct keeping {
    void (*each)(void *arg, int64_t site, const char *domain, int64_t days);
    void *arg;
};

static void
take_site(void *arg, sqlite3_stmt *row)
{
    const struct keeping *to = arg;

    to->each(to->arg, sqlite3_column_int64(row, 0),
             (const char *) sqlite3_column_text(row, 1),
             sqlite3_column_int64(row, 2));
}

/* EACH row that SQL finds in the file NAME: 0, or -1. */
static int
read_file(const char *data, const char *name, const char *sql,
          void (*each)(void *arg, sqlite3_stmt *row), void *arg, char *why,
          size_t why_len)
{
    sqlite3 *reader = open_file(data, name, why, why_len);

    return reader == NULL
               ? -1
               : close_file(reader, read_rows(reader, sql, each, arg), why,
                            why_len);
}

/* Also a change that was refused is none to wait for: meta.db has those alone
 * that were made. */
int
gl_made_kept(const char *data, int64_t *upto,
             void (*each)(void *arg, int64_t site, const char *domain,
                          int64_t days),
             void *arg, char *why, size_t why_len)
{
    struct keeping to = {each, arg};

    *upto = 0;
    if (read_file(data, "followed.db", "SELECT changes FROM state",
                  take_number, upto, why, why_len) != 0)
        return -1;
    return read_file(data, "meta.db",
                     "SELECT id, domain, retention_days FROM sites", take_site,
                     &to, why, why_len);
}
