/* account.quota: what an account may use.  Writer thread. */

#include "admin/definition.h"
#include "admin/verbs_internal.h"

#include "calls/answer.h"
#include "store/meta/meta.h"
#include "store/meta/notices.h"

#define EVENTS_MAX INT64_C(1000000000000)
#define STORAGE_MAX INT64_C(1000000000) /* MB */
#define MB INT64_C(1000000)

/* The whole number KEY of CALL, up to MOST, into *N; as it was when it is
 * absent: 0, or a status. */
static int
read_number(const struct gl_call *call, const char *key, int64_t most,
            int64_t unit, int64_t *n, json_t **answer)
{
    const json_t *given = json_object_get(call->args, key);
    json_auto_t *whole = given == NULL ? NULL : gl_definition_whole_(given);
    int64_t number = json_integer_value(whole);
    int fits = whole == NULL
                   ? given == NULL
                   : json_is_integer(whole) && number >= 0 && number <= most;

    if (whole != NULL && fits)
        *n = number * unit;
    return fits ? 0
                : gl_verb_refuse_(answer, 400, "\"%s\" is a number, 0 or more",
                                  key);
}

int
gl_verb_account_quota_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer)
{
    struct gl_meta_account account;
    struct gl_meta_quota quota;
    int status =
        gl_verb_account_(gl_meta_now(in->meta),
                         gl_verb_text_(call, "name", NULL), &account, answer);

    if (status != 0)
        return status;
    if (gl_meta_quota(in->meta, account.id, &quota) < 0)
        return gl_verb_refuse_(answer, 503, "meta.db cannot be read now");
    status = read_number(call, "events", EVENTS_MAX, 1, &quota.events, answer);
    if (status == 0)
        status = read_number(call, "storage", STORAGE_MAX, MB, &quota.bytes,
                             answer);
    if (status == 0)
        status = gl_verb_begin_(in, answer);
    if (status == 0)
        status = gl_verb_commit_(in, call, gl_meta_quota_set(in->meta, &quota),
                                 answer);
    if (status != 0)
        return status;
    in->quotas_changed = 1;
    *answer = json_pack("{s:s, s:I, s:I}", "account", account.name, "events",
                        (json_int_t) quota.events, "bytes",
                        (json_int_t) quota.bytes);
    return 200;
}
