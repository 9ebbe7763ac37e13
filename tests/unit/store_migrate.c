/*
 * A file is brought to the newest version or left exactly as it was: new,
 * older, newer, foreign and broken ones.  And the tables in the tree are what
 * a new file gets.
 */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/account/account_internal.h"
#include "store/rows/rows.h"
#include "store_probe.h"

#define FILE_OF(name, sql)                                                    \
    {                                                                         \
        name, sql, sizeof(sql) - 1                                            \
    }

static const struct gl_embed_file two_steps[] = {
    FILE_OF("schema/migrations/003-thing-more.sql",
            "INSERT INTO t VALUES (3); PRAGMA user_version = 3;"),
    FILE_OF("schema/migrations/002-thing-column.sql",
            "ALTER TABLE t ADD COLUMN b; INSERT INTO t VALUES (2, 2);"
            "PRAGMA user_version = 2;"),
    FILE_OF("schema/migrations/009-other-thing.sql", "no SQL at all"),
    FILE_OF("schema/thing.sql", "no SQL either"),
    {NULL, NULL, 0},
};
/* Step 3 is right for tables with two columns only with this list. */
static const struct gl_embed_file good_steps[] = {
    FILE_OF("schema/migrations/003-thing-more.sql",
            "INSERT INTO t VALUES (3, 3); PRAGMA user_version = 3;"),
    FILE_OF("schema/migrations/002-thing-column.sql",
            "ALTER TABLE t ADD COLUMN b; INSERT INTO t VALUES (2, 2);"
            "PRAGMA user_version = 2;"),
    {NULL, NULL, 0},
};
static const struct gl_embed_file hole[] = {
    FILE_OF("schema/migrations/003-thing-more.sql",
            "PRAGMA user_version = 3;"),
    {NULL, NULL, 0},
};
static const struct gl_embed_file no_steps[] = {{NULL, NULL, 0}};

#define VERSION_1 "CREATE TABLE t (a); PRAGMA user_version = 1;"
#define VERSION_3 "CREATE TABLE t (a, b); PRAGMA user_version = 3;"

static int
open_as(const char *path, const char *sql, const struct gl_embed_file *list,
        char *why)
{
    struct gl_db_schema schema = {
        .name = "thing", .sql = sql, .list = list, .statements_n = 1};
    struct gl_db db;
    gl_db_init(&db, &schema, path);
    int rc = gl_db_open(&db);
    snprintf(why, 256, "%s", db.why);
    gl_db_fini(&db);
    return rc;
}

static void
test_steps(const char *path)
{
    char why[256];
    close(open(path, O_CREAT | O_WRONLY, 0600));
    tap_int(open_as(path, VERSION_1, no_steps, why), 0, "a new file: %s", why);
    tap_int(probe_int(path, "PRAGMA user_version"), 1, "is of version 1");
    tap_int(open_as(path, VERSION_3, hole, why), -GL_STORE_NEWER,
            "a build without step 2 is refused");
    tap_int(open_as(path, VERSION_3, two_steps, why), -GL_STORE_CORRUPT,
            "a step that fails: %s", why);
    tap_int(probe_int(path, "PRAGMA user_version"), 1,
            "takes back the steps before it");
    tap_int(probe_int(path, "SELECT count(*) FROM t"), 0, "with their rows");
    tap_int(open_as(path, VERSION_3, good_steps, why), 0, "two steps: %s",
            why);
    tap_int(probe_int(path, "SELECT sum(a) FROM t"), 5, "ran in order");
    tap_int(open_as(path, VERSION_3, good_steps, why), 0, "and once");
    tap_int(probe_int(path, "SELECT sum(a) FROM t"), 5, "only");
    tap_int(open_as(path, VERSION_1, no_steps, why), -GL_STORE_NEWER,
            "an older program");
    tap_str(why,
            "the thing file has version 3, made by a newer glintod; this one "
            "knows versions up to 1",
            "says so");
}

static void
test_foreign(const char *path)
{
    char why[256];
    probe_exec(path, "CREATE TABLE theirs (a)");
    tap_int(open_as(path, VERSION_1, no_steps, why), -GL_STORE_CORRUPT,
            "another program's file is refused: %s", why);
    tap_int(probe_int(path, "SELECT count(*) FROM sqlite_schema"), 1,
            "and left alone");
}

/* Properties were texts in the rows once, and positions had no date. */
static void
test_props(const char *data)
{
    char props[64];
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    struct gl_store_event event = probe_event(PROBE_AT, 1);
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (int i = 0; i < 3; i++)
        gl_account_insert(account, &event);
    gl_file_commit(gl_account_file(account));
    gl_accounts_free(pool);
    probe_exec(
        probe_file(data),
        "DROP VIEW event_props; DROP TABLE prop_keys; DROP TABLE "
        "prop_values; DROP TABLE late_visitors; ALTER TABLE day_rows DROP "
        "COLUMN gaps; ALTER TABLE day_rows DROP COLUMN token; "
        "ALTER TABLE day_rows DROP COLUMN base; "
        "ALTER TABLE ingest DROP COLUMN made; INSERT INTO ingest VALUES "
        "(x'01', 7); DROP TABLE word_tokens; DROP TABLE sealed_days; "
        "DROP TABLE sealed_pieces; DROP TABLE total_imports; DROP TABLE "
        "day_totals; DROP TABLE let_go; DROP TABLE let_go_rows; "
        "DROP INDEX referrers_utm_source; DROP INDEX referrers_utm_medium; "
        "DROP INDEX referrers_utm_campaign; DROP INDEX referrers_utm_content; "
        "DROP INDEX referrers_utm_term; "
        "DROP TABLE served_pages; DROP TABLE served_visitors; "
        "DROP TABLE served_bots; DROP TABLE served_words; PRAGMA "
        "user_version = 2; "
        "UPDATE events SET props "
        "= '{\"plan\":\"pro\",\"e\":\"\"}' WHERE id <> 2; UPDATE events "
        "SET props = '{\"plan\":\"\xc3\xa4 \\\"\"}' WHERE id = 3");
    pool = probe_pool(data, 0, &account);
    gl_accounts_free(pool);
    snprintf(props, sizeof props, "%s",
             probe_text(probe_file(data),
                        "SELECT group_concat(id || key || value, '|') FROM "
                        "event_props"));
    tap_str(props, "1planpro|1e|3plan\xc3\xa4 \"", "properties as codes");
    tap_int(probe_int(probe_file(data),
                      "SELECT count(*) FROM ingest WHERE upto = 7 AND "
                      "strftime('%s') - made / 1000 BETWEEN 0 AND 600"),
            1, "a position without a date is as of now");
}

/* What account.sql and meta.sql promise of themselves. */
static void
test_ours(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    gl_accounts_free(pool);
    int version = 1;
    for (const struct gl_embed_file *f = gl_embed_embed_list; f->name != NULL;
         f++) {
        int number;
        if (sscanf(f->name, "schema/migrations/%d-account-", &number) == 1 &&
            strstr(f->name, "-account-") != NULL && number > version)
            version = number;
    }
    tap_int(probe_int(probe_file(data), "PRAGMA user_version"), version,
            "account.sql sets the newest version");
    tap_int(probe_int(probe_file(data),
                      "SELECT count(*) FROM sqlite_schema WHERE name IN "
                      "('pageviews', 'sessions', 'referrers', 'agents', "
                      "'bots', 'drops', 'ingest', 'dirty_days', "
                      "'late_visitors')"),
            9, "the tables people look for are there");
}

int
main(void)
{
    const char *dir = tap_dir();
    char path[512];
    snprintf(path, sizeof path, "%s/steps.db", dir);
    test_steps(path);
    snprintf(path, sizeof path, "%s/foreign.db", dir);
    test_foreign(path);
    test_ours(dir);
    test_props(tap_dir());
    return tap_done();
}
