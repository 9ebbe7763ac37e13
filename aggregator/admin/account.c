/* account.add, account.list, account.remove.  Writer thread. */

#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "ingest/bring.h"
#include "ingest/forget.h"
#include "ingest/position.h"
#include "log.h"
#include "move/remains.h"
#include "spool/parked.h"
#include "store/account/accounts.h"
#include "store/meta/accounts.h"
#include "store/meta/meta.h"

#include <string.h>

/* With its primary, where there are several. */
static json_t *
account_json(const struct gl_conf *conf, const struct gl_meta_account *account,
             size_t sites)
{
    const char *primary = account->primary;

    if (primary[0] == '\0' && conf->cluster.n > 0)
        primary = conf->cluster.primaries[0].name;
    return json_pack("{s:s, s:s, s:I, s:I, s:s*}", "id", account->id, "name",
                     account->name, "sites", (json_int_t) sites, "created",
                     (json_int_t) account->created_ms, "primary",
                     primary[0] == '\0' ? NULL : primary);
}

/* The first has no name in the log: every machine, with a cluster file or
 * without, has the same accounts. */
int
gl_verb_account_primary_(const struct gl_conf *conf, json_t *args,
                         json_t **answer)
{
    const char *name = json_string_value(json_object_get(args, "primary"));
    int i = name == NULL ? 0 : gl_cluster_find(&conf->cluster, name);

    if (name != NULL && conf->cluster.n == 0)
        return gl_verb_refuse_(answer, 400,
                               "there is one primary: glinto.conf names no "
                               "cluster");
    if (i == -1)
        return gl_verb_refuse_(answer, 400,
                               "the cluster has no primary \"%s\"", name);
    if (i == 0)
        json_object_del(args, "primary");
    return 0;
}

/* Of a change that was asked elsewhere: 0, or a status. */
static int
check_names(const char *name, const char *primary, json_t **answer)
{
    if (name[0] == '\0' || strlen(name) > GL_META_NAME_MAX)
        return gl_verb_refuse_(answer, 400,
                               "an account's name has 1 to %d bytes",
                               GL_META_NAME_MAX);
    if (primary[0] != '\0' && !gl_cluster_is_name(primary))
        return gl_verb_refuse_(answer, 400, "\"%s\" is no primary's name",
                               primary);
    return 0;
}

/* What was made of account ID's file goes again. */
static int
no_file(struct gl_ingest *in, const char *id, json_t **answer)
{
    const struct gl_account *store = gl_accounts_get(in->pool, id);

    if (store == NULL)
        gl_verb_storage_(answer, "the account's file cannot be made");
    else
        gl_verb_cannot_write_(in, store, answer);
    gl_accounts_remove(in->pool, id);
    return 507;
}

int
gl_verb_account_add_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    struct gl_meta_account account;
    int status = call->change != 0
                     ? 0
                     : gl_verb_account_primary_(in->conf, call->args, answer);
    const char *name = gl_verb_text_(call, "name", NULL);
    const char *primary = gl_verb_text_(call, "primary", "");

    if (status != 0 || (status = check_names(name, primary, answer)) != 0 ||
        (status = gl_verb_files_rest_(in, answer)) != 0 ||
        (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    int result =
        gl_meta_account_add(in->meta, name, primary, in->now_ms, &account);
    if (result == 0) {
        gl_meta_rollback(in->meta);
        return gl_verb_refuse_(answer, 409, "there is an account \"%s\"",
                               name);
    }
    /* the file first: an account in meta.db always has one */
    if (result > 0 && gl_accounts_create(in->pool, account.id) < 0) {
        gl_meta_rollback(in->meta);
        return no_file(in, account.id, answer);
    }
    status = gl_verb_commit_(in, call, result, answer);
    if (status != 0)
        return status;
    *answer =
        json_pack("{s:o}", "account", account_json(in->conf, &account, 0));
    return 200;
}

struct listing {
    const struct gl_conf *conf;
    const struct gl_version *version;
    json_t *accounts;
};

static int
append(void *arg, const struct gl_meta_account *account)
{
    struct listing *listing = arg;
    size_t sites = gl_version_sites_of(listing->version, account->id);

    json_array_append_new(listing->accounts,
                          account_json(listing->conf, account, sites));
    return 0;
}

int
gl_verb_account_list_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    struct listing listing = {view->conf, gl_directory_enter(view->directory),
                              json_array()};

    (void) call;
    gl_version_accounts(listing.version, append, &listing);
    gl_directory_leave(view->directory);
    *answer = json_pack("{s:o}", "accounts", listing.accounts);
    return 200;
}

/* All files of account ID; 0, or 507 with a sentence. */
static int
erase(struct gl_ingest *in, const char *id, json_t **answer)
{
    gl_ingest_forget_account_(in, id);
    gl_move_forget_remains_(in, id);
    if (gl_parked_erase(in->conf->data, id) == -1)
        return gl_verb_storage_(answer, "the account's parked files are still "
                                        "there; remove it again");
    if (gl_accounts_remove(in->pool, id) < 0)
        return gl_verb_storage_(answer, "the account's file is still there; "
                                        "remove it again");
    return 0;
}

int
gl_verb_account_empty_(const struct gl_version *version,
                       const struct gl_meta_account *account, json_t **answer)
{
    size_t n = gl_version_sites_of(version, account->id);

    if (n == 0)
        return 0;
    return gl_verb_refuse_(answer, 409,
                           "account \"%s\" has %zu site%s; remove or move "
                           "what it has first",
                           account->name, n, n == 1 ? "" : "s");
}

/* The files first: while any may be left, the account is there to be removed
 * once more, after whatever cut this short. */
int
gl_verb_account_remove_(struct gl_ingest *in, const struct gl_call *call,
                        json_t **answer)
{
    const struct gl_version *now = gl_meta_now(in->meta);
    struct gl_meta_account account;
    const char *name = gl_verb_text_(call, "name", NULL);
    int status;

    if ((status = gl_verb_files_rest_(in, answer)) != 0 ||
        (status = gl_verb_account_(now, name, &account, answer)) != 0)
        return status;
    if ((status = gl_verb_account_empty_(now, &account, answer)) != 0)
        return status;
    struct gl_ingest_account *held = gl_ingest_account_(in, account.id);
    if (held != NULL)
        gl_ingest_bring_(in, held);
    if (held != NULL && gl_ingest_lags_(held))
        return gl_verb_refuse_(answer, 409,
                               "events of account \"%s\" could not be stored "
                               "yet; try again when its storage works",
                               name);
    if ((status = gl_verb_begin_(in, answer)) != 0)
        return status;
    int result = gl_meta_account_remove(in->meta, account.id);
    if (result > 0 && (status = erase(in, account.id, answer)) != 0) {
        gl_meta_rollback(in->meta);
        return status;
    }
    status = gl_verb_commit_(in, call, result, answer);
    if (status != 0)
        return status;
    gl_log(GL_LOG_NOTICE,
           "account \"%s\" is removed by %s; its files are "
           "erased",
           name, call->actor);
    return 200;
}
