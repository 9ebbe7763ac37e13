/* backup.start, check.start: writer thread; how far they are: a reader. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "ingest/route.h"
#include "jobs/job.h"
#include "log.h"
#include "store/meta/accounts.h"
#include "store/meta/meta.h"

#include <stdlib.h>

int
gl_verb_files_rest_(struct gl_ingest *in, json_t **answer)
{
    struct gl_job *job = gl_jobs_last(in->jobs);

    if (!gl_job_running(job))
        return 0;
    return gl_verb_refuse_(answer, GL_INGEST_NOT_NOW,
                           "a %s is running; try again when it is done",
                           gl_job_kind(job) == GL_JOB_BACKUP ? "backup"
                                                             : "check");
}

static int
add_id(void *arg, const struct gl_meta_account *account)
{
    g_ptr_array_add(arg, g_strdup(account->id));
    return 0;
}

/* No account comes or goes between the list and the start: same thread. */
static int
start(struct gl_ingest *in, enum gl_job_kind kind, const char *to,
      json_t **answer)
{
    char why[512];
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

    gl_meta_accounts(in->meta, add_id, ids);
    struct gl_job *job = gl_job_start(kind, in->conf, (char **) ids->pdata,
                                      ids->len, to, why, sizeof why);
    if (job == NULL)
        return gl_verb_refuse_(answer, 409, "%s", why);
    *answer =
        json_pack("{s:I}", "id", (json_int_t) gl_jobs_put(in->jobs, job));
    return 200;
}

/* Who took a copy of all data.  It only reads: a full disk, which is a good
 * reason for a copy elsewhere, does not keep it back. */
static void
note_backup(struct gl_ingest *in, const struct gl_call *call)
{
    json_auto_t *answer = NULL;

    if (gl_verb_begin_(in, &answer) != 0 ||
        gl_verb_commit_(in, call, 0, &answer) != 0)
        gl_log(GL_LOG_ERROR, "backup by %s: without a row in audit: %s",
               call->actor,
               json_string_value(json_object_get(answer, "error")));
}

int
gl_verb_backup_start_(struct gl_ingest *in, const struct gl_call *call,
                      json_t **answer)
{
    const char *to = gl_verb_text_(call, "dir", NULL);
    int status = gl_verb_files_rest_(in, answer);

    if (status != 0)
        return status;
    if (to[0] != '/')
        return gl_verb_refuse_(answer, 400,
                               "%s: the folder's path must be absolute", to);
    note_backup(in, call);
    return start(in, GL_JOB_BACKUP, to, answer);
}

int
gl_verb_check_start_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    int status = gl_verb_files_rest_(in, answer);

    (void) call;
    return status != 0 ? status : start(in, GL_JOB_CHECK, NULL, answer);
}

static int
tell(const struct gl_query_view *view, const struct gl_call *call,
     json_t **answer)
{
    json_int_t id = json_integer_value(json_object_get(call->args, "id"));

    *answer = gl_jobs_json(view->jobs, id);
    if (*answer == NULL)
        return gl_verb_refuse_(answer, 404,
                               "glintod knows no more of number %lld",
                               (long long) id);
    return 200;
}

int
gl_verb_backup_status_(const struct gl_query_view *view,
                       const struct gl_call *call, json_t **answer)
{
    return tell(view, call, answer);
}

int
gl_verb_check_status_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    return tell(view, call, answer);
}
