/* token.create, token.list, token.revoke.  Writer thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/site.h"
#include "store/meta/accounts.h"
#include "store/meta/meta.h"
#include "workers/tokens_file.h"
#include "workers/workers.h"

#include <sodium.h>
#include <string.h>

/* 0, or a status. */
static int
read_scopes(const char *list, uint32_t *scopes, json_t **answer)
{
    char all[GL_SCOPES_TEXT];

    if (gl_scopes_read(list, scopes))
        return 0;
    gl_scopes_text(GL_SCOPES_ALL, all);
    return gl_verb_refuse_(answer, 400,
                           "\"%s\" is no list of scopes; all of them are %s",
                           list, all);
}

/* Of what may write events workers hear at once. */
static void
tell_workers(struct gl_ingest *in, json_t **answer)
{
    gl_workers_write_sites_(&in->workers, in->meta, in->boot_ms);
    gl_verb_note_workers_(in->workers.sites_why, answer);
}

int
gl_verb_token_create_(struct gl_ingest *in, const struct gl_call *call,
                      json_t **answer)
{
    struct gl_meta_account account;
    struct gl_meta_token token;
    char text[GL_META_TOKEN_LEN + 1];
    const char *of = gl_verb_text_(call, "account", "default");
    const char *name = gl_verb_text_(call, "name", "");
    uint32_t scopes;

    if (strlen(name) > GL_META_NAME_MAX)
        return gl_verb_refuse_(answer, 400,
                               "a token's name has at most %d bytes",
                               GL_META_NAME_MAX);
    int status = read_scopes(gl_verb_text_(call, "scope", "stats:read"),
                             &scopes, answer);
    if (status == 0 && (scopes & GL_SCOPE_BIT(EVENTS_WRITE)) &&
        gl_tokens_file_n(gl_meta_now(in->meta)) >= GL_TOKENS_FILE_MAX)
        return gl_verb_refuse_(answer, 409,
                               "%d tokens may write events already, as many "
                               "as there may be",
                               GL_TOKENS_FILE_MAX);
    if (status == 0)
        status = gl_verb_account_(gl_meta_now(in->meta), of, &account, answer);
    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    int result = gl_meta_token_add(in->meta, account.id, name, scopes,
                                   in->now_ms, text, &token);
    status = gl_verb_commit_(in, call, result, answer);
    if (status == 0)
        *answer = json_pack("{s:s, s:s}", "token", text, "id", token.id);
    sodium_memzero(text, sizeof text);
    if (status != 0)
        return status;
    if (scopes & GL_SCOPE_BIT(EVENTS_WRITE))
        tell_workers(in, answer);
    return 200;
}

struct listing {
    const struct gl_version *version;
    const char *account; /* id; NULL = of all */
    json_t *tokens;
};

static int
append(void *arg, const struct gl_meta_token *token)
{
    struct listing *listing = arg;
    const struct gl_meta_account *account =
        gl_version_account_id(listing->version, token->account);
    char scopes[GL_SCOPES_TEXT];

    gl_scopes_text(token->scopes, scopes);
    if (listing->account == NULL ||
        strcmp(token->account, listing->account) == 0)
        json_array_append_new(
            listing->tokens,
            json_pack("{s:s, s:s, s:s?, s:s, s:I}", "id", token->id, "name",
                      token->name, "account",
                      account == NULL ? NULL : account->name, "scopes", scopes,
                      "created", (json_int_t) token->created_ms));
    return 0;
}

static int
list(const struct gl_version *version, const char *of, json_t **answer)
{
    struct listing listing = {.version = version};
    struct gl_meta_account account;
    int status =
        of == NULL ? 0 : gl_verb_account_(version, of, &account, answer);

    if (status != 0)
        return status;
    listing.account = of == NULL ? NULL : account.id;
    listing.tokens = json_array();
    gl_version_tokens(version, append, &listing);
    *answer = json_pack("{s:o}", "tokens", listing.tokens);
    return 200;
}

int
gl_verb_token_list_(const struct gl_query_view *view,
                    const struct gl_call *call, json_t **answer)
{
    int status = list(gl_directory_enter(view->directory),
                      gl_verb_text_(call, "account", NULL), answer);

    gl_directory_leave(view->directory);
    return status;
}

int
gl_verb_token_revoke_(struct gl_ingest *in, const struct gl_call *call,
                      json_t **answer)
{
    const char *id = gl_verb_text_(call, "id", NULL);
    int status = gl_verb_begin_removal_(in, call, answer);

    if (status == 0)
        status = gl_verb_commit_or_(
            in, call, gl_meta_token_remove(in->meta, id), answer, 404,
            "there is no token with id \"%s\"", id);
    if (status != 0)
        return status;
    tell_workers(in, answer);
    return 200;
}
