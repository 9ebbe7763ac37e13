/*
 * What can be asked of the ingest thread: one table of verbs, arguments
 * checked by jansson, every change with its row in the audit table.
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

static const struct gl_verb *const tables[] = {
    gl_verbs_account_, gl_verbs_site_,   gl_verbs_token_,
    gl_verbs_status_,  gl_verbs_import_, gl_verbs_errand_};

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

int
gl_verb_args_(const struct gl_call *call, json_t **answer, const char *format,
              ...)
{
    json_error_t error;
    va_list args;
    int result;

    va_start(args, format);
    result = json_vunpack_ex(call->args, &error, 0, format, args);
    va_end(args);
    if (result == 0)
        return 0;
    return gl_verb_refuse_(answer, 400, "%s: %s", call->verb, error.text);
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

static const struct gl_verb *
find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (const struct gl_verb *verb = tables[i]; verb->name != NULL;
             verb++)
            if (strcmp(verb->name, name) == 0)
                return verb;
    return NULL;
}

int
gl_ingest_reads_(const char *verb)
{
    static const char *const reading[] = {
        "account.list", "site.list",     "site.get",
        "token.list",   "live.get",      "status",
        "health",       "backup.status", "check.status"};

    for (size_t i = 0; i < sizeof reading / sizeof reading[0]; i++)
        if (strcmp(verb, reading[i]) == 0)
            return 1;
    return 0;
}

void
gl_ingest_call_(struct gl_ingest *in, struct gl_call *call)
{
    const struct gl_verb *verb = find_verb(call->verb);
    json_t *answer = NULL;
    int status;

    if (verb == NULL)
        status = gl_verb_refuse_(&answer, 404, "there is no verb \"%s\"",
                                 call->verb);
    else if (!json_is_object(call->args))
        status = gl_verb_refuse_(
            &answer, 400, "%s: the arguments are no JSON object", call->verb);
    else
        status = verb->run(in, call, &answer);
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
