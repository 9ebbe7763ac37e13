/* person.prove, share.prove, password.hash: the thread of passwords.
 * person.choose, session.add, session.remove: writer thread.  The loop thread
 * asks these on behalf of who signs in; their secrets come into no audit. */

#include "admin/verbs_internal.h"

#include "access/link.h"
#include "access/password.h"
#include "access/totp.h"
#include "calls/answer.h"
#include "clock.h"
#include "store/meta/meta.h"

#include <sodium.h>
#include <string.h>

#define PROOF_BYTES (2 * GL_META_HASH_LEN + 1)

/* Another one when PERSON has chosen another password, or codes. */
static void
proof_of(const struct gl_meta_person *person, char proof[PROOF_BYTES])
{
    g_autofree char *text =
        g_strdup_printf("%s %d", person->password, person->has_totp != 0);
    uint8_t hash[GL_META_HASH_LEN];

    gl_directory_hash(text, hash);
    sodium_bin2hex(proof, PROOF_BYTES, hash, sizeof hash);
    sodium_memzero(text, strlen(text));
}

int
gl_verb_person_prove_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    const char *password = gl_verb_text_(call, "password", "");
    struct gl_meta_person person = {.password = ""};
    char proof[PROOF_BYTES];
    int64_t step = 0;

    gl_directory_person(view->directory, gl_verb_text_(call, "name", ""),
                        &person);
    /* nobody's takes as long */
    int fits = gl_password_fits(person.password, password);
    if (person.has_totp)
        step = gl_totp_step(person.totp, gl_verb_text_(call, "code", ""),
                            gl_clock_now_ms(), person.step);
    if (!fits || (person.has_totp && step == 0))
        return gl_verb_refuse_(answer, 403,
                               "there is nobody of this name with this "
                               "password");
    proof_of(&person, proof);
    *answer = json_pack("{s:s, s:I, s:s}", "person", person.id, "step",
                        (json_int_t) step, "proof", proof);
    return 200;
}

int
gl_verb_share_prove_(const struct gl_query_view *view,
                     const struct gl_call *call, json_t **answer)
{
    const struct gl_meta_share *share = gl_version_share_id(
        gl_directory_enter(view->directory), gl_verb_text_(call, "id", ""));
    char hash[GL_PASSWORD_HASH_MAX];

    g_strlcpy(hash, share == NULL ? "" : share->password, sizeof hash);
    gl_directory_leave(view->directory);
    if (!gl_password_fits(hash, gl_verb_text_(call, "password", "")))
        return gl_verb_refuse_(answer, 403, "this is not its password");
    *answer = json_object();
    return 200;
}

int
gl_verb_password_hash_(const struct gl_query_view *view,
                       const struct gl_call *call, json_t **answer)
{
    const char *password = gl_verb_text_(call, "password", "");
    const char *fault = gl_password_fault(password);
    char hash[GL_PASSWORD_HASH_MAX];

    (void) view;
    if (fault != NULL)
        return gl_verb_refuse_(answer, 400, "%s", fault);
    if (gl_password_hash(password, hash) != 0)
        return gl_verb_refuse_(answer, 503, "there is no memory for it now");
    *answer = json_pack("{s:s}", "hash", hash);
    return 200;
}

/* ---- changes ---- */

/* Secrets that CALL has; they are not in its arguments any more. */
struct secrets {
    char link[GL_SECRET_LEN + 1], session[GL_SECRET_LEN + 1];
    char hash[GL_PASSWORD_HASH_MAX];
    uint8_t link_hash[GL_META_HASH_LEN]; /* of .link */
};

static void
take(const struct gl_call *call, const char *key, char *text, size_t size)
{
    g_strlcpy(text, gl_verb_text_(call, key, ""), size);
    json_object_del(call->args, key);
}

static void
take_secrets(const struct gl_call *call, struct secrets *secrets)
{
    take(call, "link", secrets->link, sizeof secrets->link);
    take(call, "session", secrets->session, sizeof secrets->session);
    take(call, "hash", secrets->hash, sizeof secrets->hash);
    gl_directory_hash(secrets->link, secrets->link_hash);
}

/* Of a link that another machine has: only its hash. */
static void
take_link_hash(const struct gl_call *call, struct secrets *secrets)
{
    char hex[2 * GL_META_HASH_LEN + 1];

    take(call, "link_hash", hex, sizeof hex);
    if (hex[0] != '\0')
        (void) sodium_hex2bin(secrets->link_hash, sizeof secrets->link_hash,
                              hex, strlen(hex), NULL, NULL, NULL);
}

/* Links and sessions of PERSON go, all of them. */
static int
choose(struct gl_ingest *in, struct gl_meta_person *person,
       const struct secrets *secrets)
{
    int result = gl_meta_keys_remove(in->meta, person->id);

    g_strlcpy(person->password, secrets->hash, sizeof person->password);
    person->has_totp = 0;
    if (result >= 0)
        result = gl_meta_person_set(in->meta, person);
    if (result >= 0 && secrets->session[0] != '\0')
        result = gl_session_make(in->meta, person->id, secrets->session,
                                 in->now_ms);
    return result;
}

static int
choose_by(struct gl_ingest *in, const struct gl_call *call,
          const struct secrets *secrets, json_t **answer)
{
    struct gl_meta_person person;

    if (!gl_directory_key_hash(gl_meta_directory(in->meta), secrets->link_hash,
                               1, in->now_ms, &person))
        return gl_verb_refuse_(answer, 404, "this link is used, or too old");
    json_object_set_new(call->args, "name", json_string(person.name));
    int status = gl_verb_begin_(in, answer);
    if (status == 0)
        status =
            gl_verb_commit_(in, call, choose(in, &person, secrets), answer);
    return status != 0 ? status : 200;
}

int
gl_verb_person_choose_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer)
{
    struct secrets secrets;

    take_secrets(call, &secrets);
    take_link_hash(call, &secrets);
    int status = choose_by(in, call, &secrets, answer);
    sodium_memzero(&secrets, sizeof secrets);
    return status;
}

/* A copy of whom CALL is about, whose name comes into the audit: 0, or a
 * status. */
static int
find_person(struct gl_ingest *in, const struct gl_call *call,
            struct gl_meta_person *person, json_t **answer)
{
    const struct gl_meta_person *found = gl_version_person_id(
        gl_meta_now(in->meta), gl_verb_text_(call, "person", ""));

    if (found == NULL) /* removed meanwhile */
        return gl_verb_refuse_(answer, 404, "there is no such person");
    *person = *found;
    json_object_set_new(call->args, "name", json_string(person->name));
    return 0;
}

static int64_t
step_of(const struct gl_call *call)
{
    return json_integer_value(json_object_get(call->args, "step"));
}

/* The code of STEP, 0 = none, is of no more use. */
static int
let_in(struct gl_ingest *in, struct gl_meta_person *person, int64_t step,
       const char *session)
{
    int result = 0;

    if (step != 0) {
        person->step = step;
        result = gl_meta_person_set(in->meta, person);
    }
    return result < 0
               ? result
               : gl_session_make(in->meta, person->id, session, in->now_ms);
}

static int
add_session(struct gl_ingest *in, const struct gl_call *call,
            const char *session, const char *proof, json_t **answer)
{
    struct gl_meta_person person;
    char now[PROOF_BYTES];
    int64_t step = step_of(call);
    int status = find_person(in, call, &person, answer);

    if (status != 0)
        return status;
    proof_of(&person, now);
    if (strcmp(proof, now) != 0)
        return gl_verb_refuse_(answer, 403,
                               "another password was chosen meanwhile");
    if (step != 0 && step <= person.step)
        return gl_verb_refuse_(answer, 403, "this code has been taken");
    status = gl_verb_begin_(in, answer);
    if (status == 0)
        status = gl_verb_commit_(in, call, let_in(in, &person, step, session),
                                 answer);
    return status != 0 ? status : 200;
}

int
gl_verb_session_add_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    struct secrets secrets;
    char proof[PROOF_BYTES];

    take_secrets(call, &secrets);
    take(call, "proof", proof, sizeof proof);
    int status = add_session(in, call, secrets.session, proof, answer);
    sodium_memzero(&secrets, sizeof secrets);
    return status;
}

int
gl_verb_person_totp_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    struct gl_meta_person person;
    char text[GL_TOTP_TEXT + 1];

    take(call, "key", text, sizeof text);
    int status = find_person(in, call, &person, answer);
    if (status != 0)
        return status;
    person.has_totp = text[0] != '\0';
    person.step = step_of(call);
    if (person.has_totp && !gl_totp_read(text, person.totp))
        return gl_verb_refuse_(answer, 400, "\"key\" is none");
    sodium_memzero(text, sizeof text);
    json_object_set_new(call->args, "on", json_boolean(person.has_totp));
    status = gl_verb_begin_(in, answer);
    if (status == 0)
        status = gl_verb_commit_(
            in, call, gl_meta_person_set(in->meta, &person), answer);
    return status != 0 ? status : 200;
}

int
gl_verb_session_remove_(struct gl_ingest *in, const struct gl_call *call,
                        json_t **answer)
{
    uint8_t hash[GL_META_HASH_LEN];
    struct secrets secrets;

    take_secrets(call, &secrets);
    gl_directory_hash(secrets.session, hash);
    sodium_memzero(&secrets, sizeof secrets);
    int status = gl_verb_begin_(in, answer);
    if (status == 0)
        status = gl_verb_commit_(in, call, gl_meta_key_remove(in->meta, hash),
                                 answer);
    return status != 0 ? status : 200;
}
