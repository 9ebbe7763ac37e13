/*
 * health, and the conditions of status: the same facts as on the dashboards
 * and those that only an operator is told, each with what to do.
 *
 * A thread that reads.
 */

#include "admin/verbs_internal.h"

#include "live/condition.h"
#include "store/directory/directory.h"

/* So fresh, requests are still being turned away. */
#define NOW_MS 10000

static json_t *
for_operator(const struct gl_version *version, const struct gl_told *told,
             const struct gl_condition *condition)
{
    json_t *object = gl_condition_json(condition, NULL, told->now_ms);
    const struct gl_meta_account *account =
        gl_version_account_id(version, condition->account);
    g_autofree char *advice = gl_condition_advice(condition, &told->places);

    if (account != NULL)
        json_object_set_new(object, "account", json_string(account->name));
    if (advice != NULL)
        json_object_set_new(object, "advice", json_string(advice));
    return object;
}

json_t *
gl_verb_conditions_(const struct gl_query_view *view,
                    const struct gl_told *told)
{
    const struct gl_version *version = gl_directory_enter(view->directory);
    json_t *list = json_array();

    for (guint i = 0; i < told->conditions->len; i++)
        json_array_append_new(
            list, for_operator(version, told,
                               &g_array_index(told->conditions,
                                              struct gl_condition, i)));
    gl_directory_leave(view->directory);
    return list;
}

static enum gl_condition_grade
grade_now(const struct gl_told *told, const struct gl_condition *condition)
{
    if (condition->kind == GL_CONDITION_NOT_RECORDED &&
        condition->until_ms > told->now_ms - NOW_MS)
        return GL_GRADE_ALARM;
    return gl_condition_grade(condition);
}

int
gl_verb_health_(const struct gl_query_view *view, const struct gl_call *call,
                json_t **answer)
{
    static const int statuses[] = {200, 503, 507};
    struct gl_told *told = gl_bulletin_enter(view->bulletin);
    enum gl_condition_grade worst = GL_GRADE_NOTE;
    json_t *healthy = json_true();

    (void) call;
    for (guint i = 0; i < told->conditions->len; i++) {
        const struct gl_condition *condition =
            &g_array_index(told->conditions, struct gl_condition, i);

        worst = MAX(worst, grade_now(told, condition));
        if (condition->kind == GL_CONDITION_LOOKING)
            healthy = json_null(); /* no verdict yet */
    }
    if (worst != GL_GRADE_NOTE)
        healthy = json_false();
    *answer = json_pack("{s:o, s:o}", "healthy", healthy, "conditions",
                        gl_verb_conditions_(view, told));
    gl_bulletin_leave(view->bulletin, told);
    return statuses[worst];
}
