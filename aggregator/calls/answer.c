/*
 * How a call is refused, what it finds, and a change of meta.db with its row
 * in the audit table.
 *
 * Writer thread.
 */

#include "calls/answer.h"

#include "calls/mailbox.h"
#include "ingest/route.h"
#include "log.h"
#include "point.h"
#include "store/account/account.h"
#include "store/meta/audit.h"
#include "store/meta/drawn.h"
#include "store/meta/meta.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static int
refuse(json_t **answer, int status, const char *format, va_list args)
{
    char sentence[1024];
    const char *end;

    vsnprintf(sentence, sizeof sentence, format, args);
    /* a long name may have been cut inside of a character */
    g_utf8_validate(sentence, -1, &end);
    json_decref(*answer);
    *answer = json_object();
    json_object_set_new(*answer, "error",
                        json_stringn(sentence, (size_t) (end - sentence)));
    return status;
}

int
gl_verb_refuse_(json_t **answer, int status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    refuse(answer, status, format, args);
    va_end(args);
    return status;
}

int
gl_verb_refuse_why_(json_t **answer, char *why)
{
    gl_verb_refuse_(answer, 400, "%s", why);
    g_free(why);
    return 400;
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
    g_autofree char *no_room =
        g_strdup_printf(GL_INGEST_NO_ROOM, in->conf->data);

    gl_verb_storage_(answer, full ? no_room : sentence);
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
gl_verb_begin_removal_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer)
{
    const json_t *given = json_object_get(call->args, "id");
    g_autofree char *kind = g_strndup(call->verb, strcspn(call->verb, "."));
    g_autofree char *id =
        json_is_string(given)
            ? g_strdup(json_string_value(given))
            : g_strdup_printf("%lld", (long long) json_integer_value(given));
    g_autofree char *name = NULL;
    int status = gl_verb_begin_(in, answer);

    if (status == 0)
        name = gl_meta_name_of(in->meta, kind, id);
    if (name != NULL && name[0] != '\0')
        json_object_set_new(call->args, "removed", json_string(name));
    return status;
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
    if (result >= 0 && call->change != 0)
        result = gl_meta_set_change(in->meta, call->change);
    if (result >= 0)
        result = gl_meta_commit(in->meta);
    GL_POINT("verb_committed");
    return result >= 0 ? 0 : give_up(in, answer);
}

int
gl_verb_commit_or_(struct gl_ingest *in, const struct gl_call *call,
                   int result, json_t **answer, int refusal,
                   const char *format, ...)
{
    va_list args;

    if (result != 0)
        return gl_verb_commit_(in, call, result, answer);
    gl_meta_rollback(in->meta);
    va_start(args, format);
    refuse(answer, refusal, format, args);
    va_end(args);
    return refusal;
}

int
gl_verb_account_(const struct gl_version *version, const char *name,
                 struct gl_meta_account *account, json_t **answer)
{
    const struct gl_meta_account *found = gl_version_account(version, name);

    if (found == NULL)
        return gl_verb_refuse_(answer, 404, "there is no account \"%s\"",
                               name);
    *account = *found;
    return 0;
}

int
gl_verb_site_(struct gl_ingest *in, const char *domain,
              struct gl_meta_site **site, json_t **answer)
{
    const struct gl_meta_site *found =
        gl_version_site(gl_meta_now(in->meta), domain);

    if (found == NULL)
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    *site = g_memdup2(found, sizeof *found);
    return 0;
}

void
gl_call_done_(struct gl_call *call, int status, json_t *answer)
{
    if (status == GL_INGEST_NOT_NOW)
        status = call->change != 0 ? 503 : 409;
    gl_log(GL_LOG_DEBUG, "%s by %s: %d", call->verb, call->actor, status);
    call->done(call->arg, status, answer != NULL ? answer : json_object());
}

void
gl_call_answer_(struct gl_ingest *in, int status, json_t *answer)
{
    struct gl_call *call = in->work.call;

    in->work.call = NULL;
    if (call == NULL) {
        json_decref(answer);
        return;
    }
    gl_call_done_(call, status, answer);
    gl_mailbox_call_fini(call);
    g_free(call);
}
