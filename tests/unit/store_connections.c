/*
 * An account that has no place among those that are connected is opened
 * briefly: none loses its place for it, and it works while somebody reads the
 * file.
 */

#include <stdio.h>
#include <unistd.h>

#include "store/account/account_internal.h"
#include "store/rows/rows.h"
#include "store_probe.h"

static void
insert(struct gl_account *account, int n)
{
    for (int i = 0; i < n; i++) {
        struct gl_store_event event =
            probe_event(PROBE_AT + i, (uint64_t) i + 1);
        if (gl_account_insert(account, &event) != 0)
            tap_bail("insert: %s", gl_account_why(account));
    }
}

static int
write_briefly(struct gl_account *account)
{
    gl_account_open_briefly(account);
    if (gl_file_begin(gl_account_file(account), GL_COMMIT_LATER) != 0)
        return 1;
    insert(account, 2);
    return gl_file_commit(gl_account_file(account)) != 0;
}

/* One place, which is taken. */
static void
test_brief(const char *data)
{
    struct gl_account *account, *other;
    struct gl_accounts *pool = probe_pool(data, 1, &account);
    uint32_t connection;
    char file[512], index[520];
    sqlite3 *reader;

    gl_accounts_create(pool, "brief0000000");
    other = gl_accounts_get(pool, "brief0000000");
    snprintf(file, sizeof file, "%s/acct/brief0000000.db", data);
    snprintf(index, sizeof index, "%s-shm", file);
    tap_int(gl_file_begin(gl_account_file(account), GL_COMMIT_FULL), 0,
            "it takes a place");
    tap_int(gl_file_commit(gl_account_file(account)), 0, "and commits");
    connection = gl_file_connection(gl_account_file(account));
    unlink(index);
    tap_int(write_briefly(other), 0, "another is opened briefly");
    tap_int(access(index, F_OK), -1, "without an index of its log");
    tap_ok(gl_file_connection(gl_account_file(account)) == connection,
           "nobody lost a place for it");
    gl_account_rest(other);
    tap_int((int64_t) gl_file_connection(gl_account_file(other)), 0,
            "it is closed");
    tap_int(probe_int(file, "SELECT count(*) FROM events"), 2, "has its rows");

    sqlite3_open_v2(file, &reader, SQLITE_OPEN_READONLY, NULL);
    sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM events", NULL, NULL,
                 NULL);
    tap_int(write_briefly(other), 0, "and while somebody reads it");
    gl_account_rest(other);
    sqlite3_close(reader);
    tap_int(probe_int(file, "SELECT count(*) FROM events"), 4, "has more");
    gl_accounts_free(pool);
}

int
main(void)
{
    test_brief(tap_dir());
    return tap_done();
}
