/* backup.start, backup.status, check.start, check.status.  Ingest thread. */

#include "admin/verbs_internal.h"

#include "jobs/job.h"
#include "log.h"

#include <stdlib.h>

int
gl_verb_files_rest_(struct gl_ingest *in, json_t **answer)
{
    if (in->errand == NULL || !gl_errand_running(in->errand))
        return 0;
    return gl_verb_refuse_(
        answer, 409, "a %s is running; try again when it is done",
        gl_errand_kind(in->errand) == GL_ERRAND_BACKUP ? "backup" : "check");
}

static int
add_id(void *arg, const struct gl_meta_account *account)
{
    g_ptr_array_add(arg, g_strdup(account->id));
    return 0;
}

/* No account comes or goes between the list and the start: same thread. */
static int
start(struct gl_ingest *in, enum gl_errand_kind kind, const char *to,
      json_t **answer)
{
    char why[512];
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    struct gl_errand *errand = NULL;

    if (gl_meta_accounts(in->meta, add_id, ids) < 0)
        g_strlcpy(why, gl_meta_why(in->meta), sizeof why);
    else
        errand = gl_errand_start(kind, in->conf->data, (char **) ids->pdata,
                                 ids->len, to, why, sizeof why);
    g_ptr_array_free(ids, TRUE);
    if (errand == NULL)
        return gl_verb_refuse_(answer, 409, "%s", why);
    gl_errand_free(in->errand);
    in->errand = errand;
    in->errand_id++;
    *answer = json_pack("{s:I}", "id", (json_int_t) in->errand_id);
    return 200;
}

/* Who took a copy of all data.  It only reads: a full disk, which is a good
 * reason for a copy elsewhere, does not keep it back. */
static void
note_backup(struct gl_ingest *in, const struct gl_call *call)
{
    json_t *answer = NULL;

    if (gl_verb_begin_(in, &answer) != 0 ||
        gl_verb_commit_(in, call, 0, &answer) != 0)
        gl_log(GL_LOG_ERROR, "backup by %s: without a row in audit: %s",
               call->actor,
               json_string_value(json_object_get(answer, "error")));
    json_decref(answer);
}

static int
start_backup(struct gl_ingest *in, const struct gl_call *call, json_t **answer)
{
    const char *to;
    int status = gl_verb_args_(call, answer, "{s:s !}", "dir", &to);

    if (status != 0 || (status = gl_verb_files_rest_(in, answer)) != 0)
        return status;
    if (to[0] != '/')
        return gl_verb_refuse_(answer, 400,
                               "%s: the folder's path must be absolute", to);
    note_backup(in, call);
    return start(in, GL_ERRAND_BACKUP, to, answer);
}

static int
start_check(struct gl_ingest *in, const struct gl_call *call, json_t **answer)
{
    int status = gl_verb_args_(call, answer, "{!}");

    if (status != 0 || (status = gl_verb_files_rest_(in, answer)) != 0)
        return status;
    return start(in, GL_ERRAND_CHECK, NULL, answer);
}

static int
tell(struct gl_ingest *in, const struct gl_call *call, json_t **answer)
{
    json_int_t id;
    int status = gl_verb_args_(call, answer, "{s:I !}", "id", &id);

    if (status != 0)
        return status;
    if (in->errand == NULL || id != in->errand_id)
        return gl_verb_refuse_(answer, 404,
                               "glintod knows no more of number %lld",
                               (long long) id);
    *answer = gl_errand_json(in->errand);
    return 200;
}

const struct gl_verb gl_verbs_errand_[] = {
    {"backup.start", start_backup},
    {"backup.status", tell},
    {"check.start", start_check},
    {"check.status", tell},
    {NULL, NULL},
};
