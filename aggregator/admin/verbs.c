/*
 * Does what is asked of the ingest thread: arguments checked by the table of
 * verbs, every change with its row in the audit table.
 *
 * Ingest thread.
 */

#include "admin/verbs.h"

#include "admin/verbs_internal.h"
#include "ingest/route.h"
#include "log.h"
#include "point.h"
#include "store/domain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As gl_verbs. */
static gl_verb_run *const runs[] = {
#define VERB(function, name, kind, args, help) gl_verb_##function##_,
#include "admin/verbs.def"
#undef VERB
};

int
gl_verb_refuse_(json_t **answer, int status, const char *format, ...)
{
    char sentence[1024];
    const char *end;
    va_list args;

    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    /* a long name may have been cut inside of a character */
    g_utf8_validate(sentence, -1, &end);
    json_decref(*answer);
    *answer = json_object();
    json_object_set_new(*answer, "error",
                        json_stringn(sentence, (size_t) (end - sentence)));
    return status;
}

const char *
gl_verb_text_(const struct gl_call *call, const char *key, const char *absent)
{
    const json_t *value = json_object_get(call->args, key);

    return value == NULL ? absent : json_string_value(value);
}

int
gl_verb_storage_(json_t **answer, const char *sentence)
{
    return gl_verb_refuse_(answer, 507, "storage: %s", sentence);
}

static int
cannot_write(const struct gl_ingest *in, int full, const char *sentence,
             json_t **answer)
{
    char *no_room = g_strdup_printf(GL_INGEST_NO_ROOM, in->conf->data);

    gl_verb_storage_(answer, full ? no_room : sentence);
    g_free(no_room);
    return 507;
}

int
gl_verb_cannot_write_(const struct gl_ingest *in,
                      const struct gl_account *store, json_t **answer)
{
    return cannot_write(in, gl_account_full(store), gl_account_why(store),
                        answer);
}

/* meta.db could not be written. */
static int
give_up(struct gl_ingest *in, json_t **answer)
{
    cannot_write(in, gl_meta_full(in->meta), gl_meta_why(in->meta), answer);
    gl_meta_rollback(in->meta);
    return 507;
}

int
gl_verb_begin_(struct gl_ingest *in, json_t **answer)
{
    return gl_meta_begin(in->meta) >= 0 ? 0 : give_up(in, answer);
}

int
gl_verb_commit_(struct gl_ingest *in, const struct gl_call *call, int result,
                json_t **answer)
{
    char *args = json_dumps(call->args, JSON_COMPACT | JSON_SORT_KEYS);

    if (result >= 0)
        result = gl_meta_audit(in->meta, in->now_ms, call->actor, call->verb,
                               args == NULL ? "" : args);
    free(args);
    if (result >= 0)
        result = gl_meta_commit(in->meta);
    GL_POINT("verb_committed");
    return result >= 0 ? 0 : give_up(in, answer);
}

int
gl_verb_account_(struct gl_ingest *in, const char *name,
                 struct gl_meta_account *account, json_t **answer)
{
    int found = gl_meta_account_find(in->meta, name, account);

    if (found == 1)
        return 0;
    if (found == 0)
        return gl_verb_refuse_(answer, 404, "there is no account \"%s\"",
                               name);
    return gl_verb_storage_(answer, gl_meta_why(in->meta));
}

int
gl_verb_site_(struct gl_ingest *in, const char *domain,
              struct gl_meta_site **site, json_t **answer)
{
    char stored[254];
    const struct gl_meta_site *found = NULL;

    if (gl_domain(domain, stored) == 0)
        found = gl_meta_site(
            in->meta, (struct gl_text){stored, (uint32_t) strlen(stored)});
    if (found == NULL)
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    *site = g_memdup2(found, sizeof *found);
    return 0;
}

int
gl_ingest_reads_(const char *name)
{
    const struct gl_verb *verb = gl_verb_by_name(name);

    return verb != NULL && verb->kind == GL_VERB_READS;
}

/* What VALUE should be, or NULL when it is. */
static const char *
misfit(enum gl_arg_type type, const json_t *value)
{
    switch (type) {
    case GL_ARG_TEXT:
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

    json_object_foreach(args, key, value)
    {
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

/* A status, or GL_VERB_LATER. */
static int
run(struct gl_ingest *in, const struct gl_call *call, json_t **answer)
{
    const struct gl_verb *verb = gl_verb_by_name(call->verb);
    int status;

    if (verb == NULL)
        return gl_verb_refuse_(answer, 404, "there is no verb \"%s\"",
                               call->verb);
    if (!json_is_object(call->args))
        return gl_verb_refuse_(
            answer, 400, "%s: the arguments are no JSON object", call->verb);
    status = check_args(verb, call->args, answer);
    return status != 0 ? status : runs[verb - gl_verbs](in, call, answer);
}

void
gl_ingest_call_(struct gl_ingest *in, struct gl_call *call)
{
    json_t *answer = NULL;
    int status = run(in, call, &answer);

    if (status == GL_VERB_LATER) {
        in->work.call = *call;
        memset(call, 0, sizeof *call);
        return;
    }
    if (answer == NULL)
        answer = json_object();
    gl_log(GL_LOG_DEBUG, "%s by %s: %d", call->verb, call->actor, status);
    call->done(call->arg, status, answer);
}
