/* Changes of several machines; see passing.h. */

#include "admin/passing.h"

#include "admin/table.h"
#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/mailbox.h"
#include "conf.h"
#include "gl_assert.h"
#include "store/meta/drawn.h"
#include "store/meta/meta.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_MS 10000
#define HASH_HEX (2 * GL_META_HASH_LEN + 1)
#define OF_PERSON "person "

/* One that was passed on. */
struct passed {
    struct gl_call call;
    struct gl_drawn drawn;
    char session[GL_SECRET_LEN + 1]; /* of this machine alone; "" = none */
    char *path;
    int64_t until_ms; /* boot */
};

struct gl_passing {
    char *folder;
    GHashTable *calls; /* name -> struct passed */
    /* while one is made */
    struct gl_drawn drawn;
    int64_t now_ms; /* the turn's; 0 = none is made */
};

static void
free_passed(gpointer value)
{
    struct passed *passed = value;

    gl_mailbox_call_fini(&passed->call);
    sodium_memzero(&passed->drawn, sizeof passed->drawn);
    sodium_memzero(passed->session, sizeof passed->session);
    g_free(passed->path);
    g_free(passed);
}

int
gl_passing_new(const struct gl_conf *conf, struct gl_passing **passing,
               char *why, size_t why_len)
{
    *passing = NULL;
    if (conf->log[0] == '\0' && conf->follow[0] == '\0')
        return 0;
    char *folder = g_strdup_printf("%s/changes", conf->data);
    if (mkdir(folder, 0700) == -1 && errno != EEXIST) {
        snprintf(why, why_len, "%s: %s", folder, strerror(errno));
        g_free(folder);
        return -1;
    }
    *passing = g_new0(struct gl_passing, 1);
    (*passing)->folder = folder;
    (*passing)->calls =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_passed);
    return 0;
}

void
gl_passing_free(struct gl_passing *passing)
{
    if (passing == NULL)
        return;
    g_hash_table_destroy(passing->calls);
    g_free(passing->folder);
    g_free(passing);
}

/* ---- to the log ---- */

int
gl_passing_wants_(const struct gl_ingest *in, const struct gl_call *call)
{
    return in->passing != NULL && call->change == 0 &&
           gl_verb_by_name(call->verb)->kind == GL_VERB_CHANGES;
}

static json_t *
hex_json(const uint8_t hash[GL_META_HASH_LEN])
{
    char hex[HASH_HEX];

    sodium_bin2hex(hex, sizeof hex, hash, GL_META_HASH_LEN);
    return json_string(hex);
}

/* What of ARGS is for this machine alone, or a secret, is not for the log. */
static void
keep_secrets(struct passed *passed, json_t *args)
{
    const char *link = json_string_value(json_object_get(args, "link"));
    const char *session = json_string_value(json_object_get(args, "session"));
    uint8_t hash[GL_META_HASH_LEN];

    if (session != NULL)
        g_strlcpy(passed->session, session, sizeof passed->session);
    json_object_del(args, "session");
    if (link == NULL)
        return;
    gl_directory_hash(link, hash);
    json_object_set_new(args, "link_hash", hex_json(hash));
    json_object_del(args, "link");
}

/* A reader finds all of it or nothing: 0, or -1 with errno. */
static int
write_file(const char *path, const char *text)
{
    char *temp = g_strdup_printf("%s.new", path);
    size_t len = strlen(text);
    int fd =
        open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    int whole = fd != -1 && write(fd, text, len) == (ssize_t) len &&
                rename(temp, path) == 0;
    int error = errno;

    if (fd != -1)
        close(fd);
    if (!whole)
        unlink(temp);
    g_free(temp);
    errno = error;
    return whole ? 0 : -1;
}

static char *
text_of(const struct passed *passed, const char *name)
{
    json_auto_t *json =
        json_pack("{s:s, s:s, s:s, s:O, s:{s:s, s:o, s:o}}", "name", name,
                  "by", passed->call.actor, "verb", passed->call.verb, "args",
                  passed->call.args, "drawn", "id", passed->drawn.id, "secret",
                  hex_json(passed->drawn.secret_hash), "token",
                  hex_json(passed->drawn.token_hash));
    return json_dumps(json, JSON_COMPACT);
}

/* An account's id is of this machine: it is asked for here. */
static int
check_owner(struct gl_ingest *in, const struct gl_call *call, json_t **answer)
{
    g_autofree struct gl_meta_site *site = NULL;
    int status = 0;

    if (gl_verb_text_(call, "of", NULL) != NULL)
        status = gl_verb_named_site_(in, call, &site, answer);
    if (status == 0)
        json_object_del(call->args, "of");
    return status;
}

int
gl_passing_send_(struct gl_ingest *in, struct gl_call *call, json_t **answer)
{
    struct gl_passing *passing = in->passing;
    int status = strcmp(call->verb, "account.add") == 0
                     ? gl_verb_account_primary_(in->conf, call->args, answer)
                     : check_owner(in, call, answer);
    struct passed *passed;
    char name[GL_SECRET_LEN + 1];

    if (status != 0)
        return status;
    passed = g_new0(struct passed, 1);
    gl_secret_draw(name);
    gl_drawn_draw(&passed->drawn);
    keep_secrets(passed, call->args);
    passed->call = *call;
    passed->until_ms = in->boot_ms + WAIT_MS;
    passed->path = g_strdup_printf("%s/%s.json", passing->folder, name);
    char *text = text_of(passed, name);
    int written = text != NULL && write_file(passed->path, text) == 0;
    free(text);
    if (!written) {
        memset(&passed->call, 0, sizeof passed->call);
        free_passed(passed);
        return gl_verb_storage_(answer, "a change cannot be written");
    }
    g_hash_table_insert(passing->calls, g_strdup(name), passed);
    memset(call, 0, sizeof *call);
    return GL_VERB_PASSED;
}

/* ---- from the log ---- */

/* Who waits for the answer to change.make, and who for that to the change. */
struct making {
    struct gl_passing *passing;
    void (*done)(void *arg, int status, json_t *answer);
    void *arg;
    char *name;
};

/* A machine that cannot now makes it later, and nobody is answered. */
static void
made(void *arg, int status, json_t *answer)
{
    struct making *making = arg;
    GHashTable *calls = making->passing->calls;
    struct passed *passed = g_hash_table_lookup(calls, making->name);

    if (passed != NULL && status < 500) {
        passed->call.done(passed->call.arg, status, json_deep_copy(answer));
        g_hash_table_remove(calls, making->name);
    }
    if (status == 200) { /* its secret is for who asked */
        json_decref(answer);
        answer = json_object();
    }
    making->done(making->arg, status, answer);
    g_free(making->name);
    g_free(making);
}

static int
read_hash(const json_t *drawn, const char *key, uint8_t hash[GL_META_HASH_LEN])
{
    const char *hex = json_string_value(json_object_get(drawn, key));
    size_t n = 0;

    return hex != NULL &&
           sodium_hex2bin(hash, GL_META_HASH_LEN, hex, strlen(hex), NULL, &n,
                          NULL) == 0 &&
           n == GL_META_HASH_LEN;
}

/* Another machine's, of which the hashes came; or ours, with its secrets. */
static int
read_drawn(struct gl_passing *passing, const struct passed *passed,
           const json_t *json)
{
    struct gl_drawn *drawn = &passing->drawn;
    const char *id = json_string_value(json_object_get(json, "id"));

    if (passed != NULL) {
        *drawn = passed->drawn;
        return 1;
    }
    memset(drawn, 0, sizeof *drawn);
    if (id == NULL || strlen(id) != GL_ACCOUNT_ID_LEN)
        return 0;
    memcpy(drawn->id, id, sizeof drawn->id);
    return read_hash(json, "secret", drawn->secret_hash) &&
           read_hash(json, "token", drawn->token_hash);
}

/* Of CALL, which has the arguments ALL: "person ID" is the same everywhere, a
 * user is one of his machine. */
static char *
actor_of(const json_t *all)
{
    const char *by = json_string_value(json_object_get(all, "by"));
    const char *machine = json_string_value(json_object_get(all, "machine"));

    return g_str_has_prefix(by, OF_PERSON)
               ? g_strdup(by)
               : g_strdup_printf("%s at %s", by, machine);
}

static void
unwrap(struct gl_ingest *in, struct gl_call *call, const struct passed *passed)
{
    struct making *making = g_new0(struct making, 1);
    json_t *all = call->args;

    *making = (struct making){
        in->passing, call->done, call->arg,
        g_strdup(json_string_value(json_object_get(all, "name")))};
    g_free((char *) (uintptr_t) call->verb);
    g_free((char *) (uintptr_t) call->actor);
    call->verb = g_strdup(json_string_value(json_object_get(all, "verb")));
    call->actor = actor_of(all);
    call->args = json_incref(json_object_get(all, "args"));
    call->change = json_integer_value(json_object_get(all, "change"));
    call->done = made;
    call->arg = making;
    call->gone = NULL;
    if (passed != NULL && passed->session[0] != '\0')
        json_object_set_new(call->args, "session",
                            json_string(passed->session));
    in->passing->now_ms = in->now_ms;
    in->now_ms = json_integer_value(json_object_get(all, "at"));
    gl_meta_set_drawn(in->meta, &in->passing->drawn);
    json_decref(all);
}

/* 0, or a status: CHANGE was made before, and the answer lost. */
static int
check_order(struct gl_ingest *in, int64_t change, json_t **answer)
{
    int64_t last;

    if (gl_meta_change(in->meta, &last) < 0)
        return gl_verb_storage_(answer, gl_meta_why(in->meta));
    return change <= last ? 200 : 0;
}

int
gl_passing_open_(struct gl_ingest *in, struct gl_call *call, json_t **answer)
{
    const json_t *args = call->args;
    const char *name = gl_verb_text_(call, "name", NULL);

    if (strcmp(call->verb, "change.make") != 0 || in->passing == NULL)
        return 0;
    GL_ASSERT(in->passing->now_ms == 0);
    const struct gl_verb *verb =
        gl_verb_by_name(gl_verb_text_(call, "verb", NULL));
    const struct passed *passed =
        g_hash_table_lookup(in->passing->calls, name);
    if (verb == NULL || verb->kind != GL_VERB_CHANGES ||
        json_integer_value(json_object_get(args, "change")) < 1 ||
        !read_drawn(in->passing, passed, json_object_get(args, "drawn")))
        return gl_verb_refuse_(answer, 400,
                               "this is no change that this version makes");
    int status = check_order(
        in, json_integer_value(json_object_get(args, "change")), answer);
    if (status == 0)
        unwrap(in, call, passed);
    return status;
}

void
gl_passing_close_(struct gl_ingest *in)
{
    if (in->passing == NULL || in->passing->now_ms == 0)
        return;
    in->now_ms = in->passing->now_ms;
    in->passing->now_ms = 0;
    gl_meta_set_drawn(in->meta, NULL);
    sodium_memzero(&in->passing->drawn, sizeof in->passing->drawn);
}

int
gl_verb_change_make_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    (void) in;
    (void) call;
    return gl_verb_refuse_(answer, 409, "this machine is alone");
}

/* ---- who waits ---- */

/* A file that is still there was not taken. */
static void
give_up(const struct passed *passed, const char *when)
{
    int taken = unlink(passed->path) != 0;

    passed->call.done(
        passed->call.arg, 504,
        json_pack("{s:o}", "error",
                  taken ? json_sprintf("%s: the change is on its way to the "
                                       "log, and made when it comes back",
                                       when)
                        : json_sprintf("%s: nothing was changed; does "
                                       "glinto-postgresql run, and reach the "
                                       "primary?  \"glinto status\" says more",
                                       when)));
}

void
gl_passing_tick_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;

    if (in->passing == NULL)
        return;
    g_hash_table_iter_init(&iter, in->passing->calls);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct passed *passed = value;

        if (passed->until_ms > in->boot_ms)
            continue;
        give_up(passed, "no answer in time");
        g_hash_table_iter_remove(&iter);
    }
}

void
gl_passing_stop_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;

    if (in->passing == NULL)
        return;
    g_hash_table_iter_init(&iter, in->passing->calls);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        give_up(value, "glintod is stopping");
        g_hash_table_iter_remove(&iter);
    }
}
