/*
 * One read-only connection a file, one transaction, fixed queries.  A query
 * that fails is a fault like any other: the file does not say what it should.
 */

#include "store/check.h"

#include <stdio.h>

#include "crc32c.h"
#include "store/account/reader.h"
#include "store/account/span.h"

/* Steps of SQLite's machine between two looks at the order to stop: about
 * a millisecond. */
#define STEPS 100000
#define WHY_LEN 512

struct rule {
    const char *sentence, *sql;
};

static const struct rule account_rules[] = {
#define GL_RULE(sentence, sql) {sentence, sql},
#include "store/check_sql.h"
#undef GL_RULE
};

static const struct rule meta_rules[] = {
    {"sites or tokens of an account that is not there",
     "SELECT count(*) FROM pragma_foreign_key_check"},
    {"positions that are none",
     "SELECT count(*) FROM ingest WHERE typeof(seg) <> 'blob' OR length(seg) "
     "<> 16 OR typeof(upto) <> 'integer' OR upto NOT BETWEEN 0 AND "
     "4294967295"},
    {"drops that are no number of events",
     "SELECT count(*) FROM drops WHERE typeof(n) <> 'integer' OR n <= 0"},
    {"worker totals that are none",
     "SELECT count(*) FROM incarnations WHERE length(id) <> 16 OR total < 0 "
     "OR first > last"},
    {"lost frames that are no number",
     "SELECT count(*) FROM lost WHERE length(seg) <> 16 OR "
     "(n <= 0 AND NOT (idx = 0 AND n = 0))"},
};

static int
is_stopped(const struct gl_check *check, sqlite3 *reader, int rc)
{
    return rc == SQLITE_INTERRUPT ||
           (rc != SQLITE_OK && sqlite3_errcode(reader) == SQLITE_INTERRUPT) ||
           check->stop(check->arg);
}

static void
tell(const struct gl_check *check, const char *what, const char *sentence)
{
    char text[WHY_LEN];
    snprintf(text, sizeof text, "%s: %s", what, sentence);
    check->fault(check->arg, text);
}

/* 0, or -1 stopped. */
static int
ask_rule(const struct gl_check *check, sqlite3 *reader,
         const struct rule *rule)
{
    sqlite3_stmt *ask = NULL;
    int rc = sqlite3_prepare_v2(reader, rule->sql, -1, &ask, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(ask);
    int stopped = is_stopped(check, reader, rc == SQLITE_ROW ? SQLITE_OK : rc);
    if (!stopped && rc != SQLITE_ROW) {
        tell(check, rule->sentence, sqlite3_errmsg(reader));
    } else if (!stopped && sqlite3_column_int64(ask, 0) != 0) {
        char text[WHY_LEN];
        snprintf(text, sizeof text, "%lld %s",
                 (long long) sqlite3_column_int64(ask, 0), rule->sentence);
        check->fault(check->arg, text);
    }
    sqlite3_finalize(ask);
    return stopped ? -1 : 0;
}

/* SQLite's own; its sentences may have several lines. */
static int
ask_integrity(const struct gl_check *check, sqlite3 *reader)
{
    sqlite3_stmt *ask = NULL;
    int rc = sqlite3_prepare_v2(
        reader,
        "SELECT integrity_check FROM pragma_integrity_check(20) "
        "WHERE integrity_check <> 'ok'",
        -1, &ask, NULL);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(ask);
        if (rc == SQLITE_ROW)
            tell(check, "integrity",
                 (const char *) sqlite3_column_text(ask, 0));
    }
    int stopped =
        is_stopped(check, reader, rc == SQLITE_DONE ? SQLITE_OK : rc);
    if (!stopped && rc != SQLITE_DONE)
        tell(check, "integrity", sqlite3_errmsg(reader));
    sqlite3_finalize(ask);
    return stopped ? -1 : 0;
}

static sqlite3 *
open_file(const struct gl_check *check, const char *path)
{
    char why[WHY_LEN];
    sqlite3 *reader = gl_reader_open_(path, why, sizeof why);
    if (reader != NULL)
        sqlite3_progress_handler(reader, STEPS, check->stop, check->arg);
    else
        check->fault(check->arg, why);
    return reader;
}

static int
ask_all(const struct gl_check *check, sqlite3 *reader,
        const struct rule *rules, size_t n)
{
    int result = ask_integrity(check, reader);
    for (size_t i = 0; result == 0 && i < n; i++)
        result = ask_rule(check, reader, &rules[i]);
    return result;
}

int
gl_check_meta(const struct gl_check *check)
{
    sqlite3 *reader = open_file(check, check->meta);
    if (reader == NULL)
        return 0;
    int result = ask_all(check, reader, meta_rules,
                         sizeof meta_rules / sizeof meta_rules[0]);
    gl_reader_close_(reader);
    return result;
}

/* Where meta.db sends the events of SITE must be ID. */
static void
check_route(const struct gl_check *check, sqlite3_stmt *route,
            sqlite3_int64 site, const char *id)
{
    char text[WHY_LEN];
    sqlite3_bind_int64(route, 1, site);
    sqlite3_bind_text(route, 2, id, -1, SQLITE_STATIC);
    if (sqlite3_step(route) != SQLITE_ROW) {
        snprintf(text, sizeof text,
                 "rows of site %lld, which is not of this account",
                 (long long) site);
        check->fault(check->arg, text);
    }
    sqlite3_reset(route);
}

/* meta.db is read after the account's commit: it knows every site by then. */
static void
check_routes(const struct gl_check *check, sqlite3 *reader, const char *id)
{
    sqlite3_stmt *sites = NULL, *route = NULL;
    sqlite3 *meta = open_file(check, check->meta);
    if (meta == NULL)
        return;
    int rc = sqlite3_prepare_v2(reader,
                                "SELECT site FROM day_rows UNION SELECT site "
                                "FROM bots UNION SELECT site FROM drops UNION "
                                "SELECT site FROM served_pages UNION "
                                "SELECT site FROM served_visitors UNION "
                                "SELECT site FROM served_bots UNION "
                                "SELECT site FROM imports",
                                -1, &sites, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(
            meta, "SELECT 1 FROM sites WHERE id = ?1 AND account = ?2", -1,
            &route, NULL);
    while (rc == SQLITE_OK && sqlite3_step(sites) == SQLITE_ROW)
        check_route(check, route, sqlite3_column_int64(sites, 0), id);
    sqlite3_finalize(sites);
    sqlite3_finalize(route);
    gl_reader_close_(meta);
}

/* in_stretch(first_id, last_id, gaps, id) */
static void
in_stretch(sqlite3_context *context, int n, sqlite3_value **values)
{
    struct gl_range stretch;
    struct gl_span span = {sqlite3_value_int64(values[0]),
                           sqlite3_value_int64(values[1]),
                           sqlite3_value_blob(values[2]),
                           (size_t) sqlite3_value_bytes(values[2])};
    int64_t id = sqlite3_value_int64(values[n - 1]);
    int found = 0;
    while (!found && gl_span_next_(&span, &stretch))
        found = id >= stretch.first && id <= stretch.last;
    sqlite3_result_int(context, found);
}

/* crc32c(bytes) */
static void
crc32c(sqlite3_context *context, int n, sqlite3_value **values)
{
    const void *bytes = sqlite3_value_blob(values[n - 1]);
    size_t len = (size_t) sqlite3_value_bytes(values[n - 1]);
    sqlite3_result_int64(context, len > 0 ? gl_crc32c(0, bytes, len) : 0);
}

int
gl_check_account(const struct gl_check *check, const char *path,
                 const char *id)
{
    sqlite3 *reader = open_file(check, path);
    if (reader == NULL)
        return 0;
    sqlite3_create_function(reader, "in_stretch", 4,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                            in_stretch, NULL, NULL);
    sqlite3_create_function(reader, "crc32c", 1,
                            SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, crc32c,
                            NULL, NULL);
    int result = ask_all(check, reader, account_rules,
                         sizeof account_rules / sizeof account_rules[0]);
    if (result == 0)
        check_routes(check, reader, id);
    gl_reader_close_(reader);
    return result;
}
