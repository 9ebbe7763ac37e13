/*
 * What the directory is told: every change of a site or token, and all of
 * them at the start and after a doubtful commit.
 */

#include "store/meta_internal.h"

#include <stdio.h>
#include <string.h>

void
gl_meta_show_site_(struct gl_meta *meta, const struct gl_meta_site *site)
{
    struct gl_directory_site shown = {.id = site->id,
                                      .is_public = site->is_public};
    snprintf(shown.domain, sizeof(shown.domain), "%s", site->domain);
    snprintf(shown.account, sizeof(shown.account), "%s", site->account);
    snprintf(shown.timezone, sizeof(shown.timezone), "%s", site->timezone);
    gl_directory_put_site(meta->directory, &shown);
}

void
gl_meta_hide_site_(struct gl_meta *meta, int64_t id)
{
    const struct gl_meta_site *site = gl_meta_site_by_id(meta, id);
    if (site)
        gl_directory_remove_site(meta->directory, site->domain);
}

static int
show_tokens(struct gl_meta *meta)
{
    int rc;
    sqlite3_stmt *ask = gl_meta_ask_(meta, GL_META_SQL_TOKEN_HASHES, &rc);
    if (!ask)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_directory_token token;
        if (sqlite3_column_bytes(ask, 2) != sizeof(token.hash))
            continue;
        gl_db_column_string(ask, 0, token.id, sizeof(token.id));
        gl_db_column_string(ask, 1, token.account, sizeof(token.account));
        memcpy(token.hash, sqlite3_column_blob(ask, 2), sizeof(token.hash));
        gl_directory_put_token(meta->directory, &token);
    }
    return rc;
}

int
gl_meta_show_all_(struct gl_meta *meta, const struct gl_meta_table *table)
{
    gl_directory_clear(meta->directory);
    for (size_t i = 0; i < table->n; i++)
        gl_meta_show_site_(meta, &table->sites[i]);
    int rc = show_tokens(meta);
    if (rc != 0)
        gl_directory_rollback(meta->directory);
    return rc;
}
