/*
 * health, and the conditions of status: the same facts as on the dashboards
 * and those that only an operator is told, each with what to do.
 *
 * Ingest thread.
 */

#include "admin/verbs_internal.h"

#include "live/condition.h"
#include "store/directory.h"

/* So fresh, requests are still being turned away. */
#define NOW_MS 10000

static json_t *
for_operator(const struct gl_ingest *in, const struct gl_condition *condition)
{
    const struct gl_condition_places places = {in->conf->data, in->conf->spool,
                                               in->sites_why};
    json_t *object = gl_condition_json(condition, NULL, in->now_ms);
    const struct gl_meta_account *account =
        gl_version_account_id(gl_meta_now(in->meta), condition->account);
    char *advice = gl_condition_advice(condition, &places);

    if (account != NULL)
        json_object_set_new(object, "account", json_string(account->name));
    if (advice != NULL)
        json_object_set_new(object, "advice", json_string(advice));
    g_free(advice);
    return object;
}

json_t *
gl_verb_conditions_(struct gl_ingest *in)
{
    json_t *list = json_array();

    for (guint i = 0; i < in->conditions->len; i++)
        json_array_append_new(
            list, for_operator(in, &g_array_index(in->conditions,
                                                  struct gl_condition, i)));
    return list;
}

static enum gl_condition_grade
grade_now(const struct gl_ingest *in, const struct gl_condition *condition)
{
    if (condition->kind == GL_CONDITION_NOT_RECORDED &&
        condition->until_ms > in->now_ms - NOW_MS)
        return GL_GRADE_ALARM;
    return gl_condition_grade(condition);
}

int
gl_verb_health_(struct gl_ingest *in, const struct gl_call *call,
                json_t **answer)
{
    static const int statuses[] = {200, 503, 507};
    enum gl_condition_grade worst = GL_GRADE_NOTE;
    json_t *healthy = json_true();

    (void) call;
    for (guint i = 0; i < in->conditions->len; i++) {
        const struct gl_condition *condition =
            &g_array_index(in->conditions, struct gl_condition, i);

        worst = MAX(worst, grade_now(in, condition));
        if (condition->kind == GL_CONDITION_LOOKING)
            healthy = json_null(); /* no verdict yet */
    }
    if (worst != GL_GRADE_NOTE)
        healthy = json_false();
    *answer = json_pack("{s:o, s:o}", "healthy", healthy, "conditions",
                        gl_verb_conditions_(in));
    return statuses[worst];
}
