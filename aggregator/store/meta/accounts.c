/*
 * Accounts and the tokens that open them.
 *
 * A token is 256 random bits; only its SHA-256 is stored, and looked up by an
 * index on it: what the time of a look-up tells is about a hash nobody can
 * steer.
 */

#include "store/meta/accounts.h"

#include "store/meta/meta_internal.h"

#include <stdio.h>
#include <string.h>

/* ---- accounts ---- */

int
gl_meta_account_add(struct gl_meta *meta, const char *name,
                    const char *primary, int64_t now_ms,
                    struct gl_meta_account *account)
{
    *account = (struct gl_meta_account){.created_ms = now_ms};
    gl_meta_draw_id_(meta, account->id);
    snprintf(account->name, sizeof account->name, "%s", name);
    snprintf(account->primary, sizeof account->primary, "%s", primary);
    int rc = gl_db_changed(
        &meta->db, GL_META_SQL_ADD_ACCOUNT,
        GL_VALUES(gl_as_string(account->id), gl_as_string(account->name),
                  gl_as_int(now_ms), gl_as_string(account->primary)));
    if (rc == 1)
        gl_directory_add_account(meta->directory, account);
    return rc;
}

int
gl_meta_read_accounts_(struct gl_meta *meta)
{
    struct gl_meta_account account = {0};
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_ACCOUNTS, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        gl_db_column_string(ask, 0, account.id, sizeof account.id);
        gl_db_column_string(ask, 1, account.name, sizeof account.name);
        account.created_ms = sqlite3_column_int64(ask, 2);
        gl_db_column_string(ask, 3, account.primary, sizeof account.primary);
        gl_directory_add_account(meta->directory, &account);
    }
    return rc;
}

int
gl_meta_accounts(const struct gl_meta *meta,
                 int (*each)(void *arg, const struct gl_meta_account *account),
                 void *arg)
{
    return gl_version_accounts(gl_directory_now(meta->directory), each, arg);
}

int
gl_meta_account_remove(struct gl_meta *meta, const char *id)
{
    const struct gl_value *it = GL_VALUES(gl_as_string(id));
    int rc = gl_db_change(&meta->db, GL_META_SQL_REMOVE_ACCOUNT_TOKENS, it);
    if (rc == 0)
        rc = gl_db_changed(&meta->db, GL_META_SQL_REMOVE_ACCOUNT, it);
    if (rc == 1) {
        gl_directory_remove_account(meta->directory, id);
        gl_directory_remove_roles(meta->directory, NULL, id);
    }
    return rc;
}

/* ---- tokens ---- */

int
gl_meta_token_add(struct gl_meta *meta, const char *account_id,
                  const char *name, uint32_t scopes, int64_t now_ms,
                  char text[GL_META_TOKEN_LEN + 1],
                  struct gl_meta_token *token)
{
    char list[GL_SCOPES_TEXT];
    *token = (struct gl_meta_token){.created_ms = now_ms, .scopes = scopes};
    gl_meta_draw_token_(meta, text, token->hash);
    gl_meta_draw_id_(meta, token->id);
    snprintf(token->account, sizeof token->account, "%s", account_id);
    snprintf(token->name, sizeof token->name, "%s", name);
    gl_scopes_text(scopes, list);
    int rc = gl_db_change(
        &meta->db, GL_META_SQL_ADD_TOKEN,
        GL_VALUES(gl_as_string(token->id), gl_as_string(token->account),
                  gl_as_string(token->name),
                  gl_as_blob(token->hash, sizeof token->hash),
                  gl_as_int(now_ms), gl_as_string(list)));
    if (rc == 0)
        gl_directory_add_token(meta->directory, token);
    return rc;
}

int
gl_meta_read_tokens_(struct gl_meta *meta)
{
    struct gl_meta_token token = {0};
    char list[GL_SCOPES_TEXT];
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_TOKENS, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        if (sqlite3_column_bytes(ask, 4) != sizeof token.hash)
            continue;
        gl_db_column_string(ask, 0, token.id, sizeof token.id);
        gl_db_column_string(ask, 1, token.account, sizeof token.account);
        gl_db_column_string(ask, 2, token.name, sizeof token.name);
        token.created_ms = sqlite3_column_int64(ask, 3);
        memcpy(token.hash, sqlite3_column_blob(ask, 4), sizeof token.hash);
        gl_db_column_string(ask, 5, list, sizeof list);
        if (!gl_scopes_read(list, &token.scopes))
            token.scopes = 0; /* a word that is not known: it may nothing */
        gl_directory_add_token(meta->directory, &token);
    }
    return rc;
}

int
gl_meta_token_remove(struct gl_meta *meta, const char *id)
{
    int rc = gl_db_changed(&meta->db, GL_META_SQL_REMOVE_TOKEN,
                           GL_VALUES(gl_as_string(id)));
    if (rc == 1)
        gl_directory_remove_token(meta->directory, id);
    return rc;
}
