/*
 * What a removed site leaves behind: words that no row uses any more, and
 * bytes in pages that were freed, cut or moved.
 *
 * Freed space is zeroed at once (secure_delete), but a page that was split
 * while the site was growing keeps copies in its gap; only a file written anew
 * has none.  Takes about a second for 100 MB, in the ingest thread.
 */

#include "store/account_internal.h"

/* VACUUM attaches a file of its own; else nothing may. */
static int
write_anew(struct gl_db *db)
{
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 1);
    /* not in memory: an account may be larger than that */
    int rc = gl_db_exec(db, "PRAGMA temp_store = FILE; VACUUM; "
                            "PRAGMA temp_store = MEMORY");
    sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
    return rc;
}

static int
delete_words(struct gl_account *account)
{
    static const int all[] = {GL_SQL_ERASE_HOSTS,      GL_SQL_ERASE_PATHS,
                              GL_SQL_ERASE_NAMES,      GL_SQL_ERASE_TITLES,
                              GL_SQL_ERASE_SCREENS,    GL_SQL_ERASE_LANGUAGES,
                              GL_SQL_ERASE_REFERRERS,  GL_SQL_ERASE_AGENTS,
                              GL_SQL_ERASE_PLACES,     GL_SQL_ERASE_PROP_KEYS,
                              GL_SQL_ERASE_PROP_VALUES};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof(all) / sizeof(all[0]); i++) {
        sqlite3_stmt *erase = gl_account_change_(account, all[i], &rc);
        if (erase)
            rc = gl_account_done_(account, erase);
    }
    return rc;
}

int
gl_account_erase(struct gl_account *account)
{
    int rc = gl_account_begin(account, GL_COMMIT_FULL);
    if (rc != 0)
        return rc;
    rc = delete_words(account);
    if (rc == 0)
        rc = gl_account_commit(account);
    if (rc != 0) {
        gl_account_rollback(account);
        return rc;
    }
    gl_account_drop_caches_(account); /* codes that may come again */
    rc = write_anew(&account->db);
    /* The log still has the old pages.  A reader in the way: it is cut when
     * the account is idle. */
    if (rc == 0)
        gl_db_truncate(&account->db);
    return rc;
}
