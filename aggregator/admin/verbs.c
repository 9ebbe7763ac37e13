/*
 * Does what is asked of the writer thread, and of query threads: finds the
 * verb in the table and refuses arguments that are not the table's.
 *
 * Writer thread, but gl_verb_answer().
 */

#include "admin/verbs.h"

#include "admin/passing.h"
#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "access/elsewhere.h"
#include "log.h"
#include "typed.h"

#include <string.h>

/* As gl_verbs. */
static const struct {
    gl_verb_run *run;
    gl_verb_ask *ask;
} runs[] = {
#define RUN_ASKS(function) {.ask = function},
#define RUN_READS RUN_ASKS
#define RUN_SHOWS RUN_ASKS
#define RUN_RECOUNTS RUN_ASKS
#define RUN_PROVES RUN_ASKS
#define RUN_CHANGES(function) {.run = function},
#define RUN_HERE RUN_CHANGES
#define RUN_LINES RUN_CHANGES
#define VERB(function, name, kind, args, help)                                \
    RUN_##kind(gl_verb_##function##_)
#include "admin/verbs.def"
#undef VERB
};

/* What VALUE should be, or NULL when it is. */
static const char *
misfit(enum gl_arg_type type, const json_t *value)
{
    switch (type) {
    case GL_ARG_TEXT:
    case GL_ARG_SITE:
        return json_is_string(value) ? NULL : "a text";
    case GL_ARG_NUMBER:
        return json_is_integer(value) ? NULL : "a number";
    case GL_ARG_TRUTH:
        return json_is_boolean(value) ? NULL : "true or false";
    case GL_ARG_ANY:
        break;
    }
    return NULL;
}

/* 0, or a status. */
static int
check_args(const struct gl_verb *verb, json_t *args, json_t **answer)
{
    const char *key;
    json_t *value;

    json_object_foreach (args, key, value) {
        const struct gl_verb_arg *arg = gl_verb_arg(verb, key);
        const char *type = arg == NULL ? NULL : misfit(arg->type, value);

        if (arg == NULL)
            return gl_verb_refuse_(answer, 400, "%s takes no \"%s\"",
                                   verb->name, key);
        if (type != NULL)
            return gl_verb_refuse_(answer, 400, "%s: \"%s\" is %s", verb->name,
                                   key, type);
    }
    for (const struct gl_verb_arg *arg = verb->args; arg->key != NULL; arg++)
        if (arg->needed && json_object_get(args, arg->key) == NULL)
            return gl_verb_refuse_(answer, 400, "%s needs \"%s\"", verb->name,
                                   arg->key);
    return 0;
}

/* 0 and *VERB, or a status. */
static int
check_call(const struct gl_call *call, const struct gl_verb **verb,
           json_t **answer)
{
    *verb = gl_verb_by_name(call->verb);
    if (*verb == NULL)
        return gl_verb_refuse_(answer, 404, "there is no verb \"%s\"",
                               call->verb);
    if (!json_is_object(call->args))
        return gl_verb_refuse_(answer, 400,
                               "%s: the arguments are not a JSON object",
                               call->verb);
    return check_args(*verb, call->args, answer);
}

/* 0, or a status: the numbers that VERB is about are not here. */
static int
check_here(const struct gl_conf *conf, const struct gl_version *version,
           const struct gl_verb *verb, const json_t *args, json_t **answer)
{
    for (const struct gl_verb_arg *arg = verb->args; arg->key != NULL; arg++) {
        const char *name =
            arg->type != GL_ARG_SITE
                ? NULL
                : json_string_value(json_object_get(args, arg->key));
        const struct gl_meta_site *site =
            name == NULL ? NULL : gl_version_site(version, name);
        g_autofree char *why =
            site == NULL ? NULL : gl_elsewhere_sentence(conf, version, site);

        if (why != NULL)
            return gl_verb_refuse_(answer, GL_ELSEWHERE_STATUS, "%s", why);
    }
    return 0;
}

/* A status, GL_VERB_LATER or GL_VERB_PASSED. */
static int
run(struct gl_ingest *in, struct gl_call *call, json_t **answer)
{
    const struct gl_verb *verb;
    int status = check_call(call, &verb, answer);

    if (status == 0 && (status = gl_passing_open_(in, call, answer)) == 0)
        status = check_call(call, &verb, answer);
    if (status == 0)
        status = check_here(in->conf, gl_meta_now(in->meta), verb, call->args,
                            answer);
    if (status != 0)
        return status;
    gl_typed_mend(call->args); /* some of it will be kept */
    if (gl_passing_wants_(in, call))
        return gl_passing_send_(in, call, answer);
    return runs[verb - gl_verbs].run(in, call, answer);
}

int
gl_verb_answer(const struct gl_query_view *view, const struct gl_call *call,
               json_t **answer)
{
    const struct gl_verb *verb;
    int status = check_call(call, &verb, answer);

    if (status == 0) {
        status = check_here(view->conf, gl_directory_enter(view->directory),
                            verb, call->args, answer);
        gl_directory_leave(view->directory);
    }
    return status != 0 ? status
                       : runs[verb - gl_verbs].ask(view, call, answer);
}

void
gl_verb_call_(struct gl_ingest *in, struct gl_call *call)
{
    json_t *answer = NULL;
    int status = run(in, call, &answer);

    gl_passing_close_(in);
    if (status == GL_VERB_PASSED)
        return;
    if (status == GL_VERB_LATER) {
        in->work.call = g_memdup2(call, sizeof *call);
        memset(call, 0, sizeof *call);
        return;
    }
    gl_call_done_(call, status, answer);
}
