/*
 * Signatures of crawlers; see identity.h.  What is signed the worker has put
 * together; here it is verified, by libsodium.
 *
 * At most so many a second, 60 us each: a flood of made-up signatures costs a
 * hundredth of a core.  The second is the event's, so that a backlog is told
 * as it would have been at once.
 */

#include "identity.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>
#include <sodium.h>

#include "log.h"
#include "request/longest.h"
#include "request/signed.h"

#define KEYS_MAX 256
#define FILES_MAX 64
#define FILE_BYTES_MAX 65536
#define ID_BYTES 128
/* A client's clock may be ahead of ours by so much. */
#define AHEAD_S 60
#define SECONDS 64 /* remembered, a power of two */

struct key {
    unsigned char bytes[crypto_sign_PUBLICKEYBYTES];
    char thumbprint[ID_BYTES], id[ID_BYTES]; /* RFC 7638; "kid", or "" */
    char code[GL_LONGEST_network + 1];
};

struct gl_keys {
    struct key keys[KEYS_MAX];
    size_t n, files;
    struct {
        int64_t second;
        unsigned n;
    } verified[SECONDS];
};

/* ---- files ---- */

/* "openai" of "openai-searchbot.json"; 0 when it is no such name. */
static int
code_of(const char *file, char code[GL_LONGEST_network + 1])
{
    size_t len = 0, all = strlen(file);

    while (islower((unsigned char) file[len]) ||
           (len > 0 && isdigit((unsigned char) file[len])))
        len++;
    if (len == 0 || len > GL_LONGEST_network ||
        (file[len] != '-' && file[len] != '.') || all < strlen(".json") ||
        strcmp(file + all - strlen(".json"), ".json") != 0)
        return 0;
    memcpy(code, file, len);
    code[len] = '\0';
    return 1;
}

/* The hash of its necessary members, in order (RFC 7638, RFC 8037). */
static void
set_thumbprint(struct key *key, const char *x)
{
    char text[ID_BYTES];
    unsigned char hash[crypto_hash_sha256_BYTES];
    int len =
        snprintf(text, sizeof text,
                 "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);

    crypto_hash_sha256(hash, (const unsigned char *) text,
                       (unsigned long long) len);
    sodium_bin2base64(key->thumbprint, sizeof key->thumbprint, hash,
                      sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static const char *
text_of(const json_t *of, const char *name)
{
    const char *text = json_string_value(json_object_get(of, name));

    return text != NULL ? text : "";
}

/* 1: WEB_KEY, a JSON Web Key, is one of Ed25519, and there is room. */
static int
add_key(struct gl_keys *keys, const json_t *web_key, const char *code)
{
    const char *x = text_of(web_key, "x"), *end = NULL;
    struct key *key = &keys->keys[keys->n];
    size_t len = 0;

    if (keys->n == KEYS_MAX || strcmp(text_of(web_key, "kty"), "OKP") != 0 ||
        strcmp(text_of(web_key, "crv"), "Ed25519") != 0 ||
        sodium_base642bin(key->bytes, sizeof key->bytes, x, strlen(x), NULL,
                          &len, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len != sizeof key->bytes || *end != '\0')
        return 0;
    set_thumbprint(key, x);
    snprintf(key->id, sizeof key->id, "%s", text_of(web_key, "kid"));
    snprintf(key->code, sizeof key->code, "%s", code);
    keys->n++;
    return 1;
}

static int
is_readable(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_size <= FILE_BYTES_MAX;
}

/* How many keys of it are taken; others of the file are left out. */
static size_t
read_file(struct gl_keys *keys, const char *path, const char *code)
{
    json_auto_t *file =
        is_readable(path) ? json_load_file(path, 0, NULL) : NULL;
    const json_t *list = json_object_get(file, "keys"), *key;
    size_t i, taken = 0;

    json_array_foreach (list, i, key)
        taken += (size_t) add_key(keys, key, code);
    return taken;
}

static void
read_entry(struct gl_keys *keys, const char *dir, const char *name)
{
    char path[PATH_MAX], code[GL_LONGEST_network + 1];

    if (name[0] == '.')
        return;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (keys->files++ >= FILES_MAX || !code_of(name, code) ||
        read_file(keys, path, code) == 0)
        gl_log(GL_LOG_ERROR,
               "%s is left out: it is not OPERATOR.json with keys of Ed25519 "
               "(%d files, %d keys in all, %d bytes a file)",
               path, FILES_MAX, KEYS_MAX, FILE_BYTES_MAX);
}

struct gl_keys *
gl_keys_new_(const char *dir)
{
    struct gl_keys *keys = calloc(1, sizeof *keys);
    struct dirent **names = NULL;
    int n = keys != NULL ? scandir(dir, &names, NULL, alphasort) : -1;

    for (int i = 0; i < n; i++) {
        read_entry(keys, dir, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return keys;
}

void
gl_keys_free_(struct gl_keys *keys)
{
    free(keys);
}

/* ---- signatures ---- */

static int
is(struct gl_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static const struct key *
find_key(const struct gl_keys *keys, struct gl_text id)
{
    for (size_t i = 0; id.len > 0 && i < keys->n; i++)
        if (is(id, keys->keys[i].thumbprint) || is(id, keys->keys[i].id))
            return &keys->keys[i];
    return NULL;
}

/* 1: one more may be verified in SECOND. */
static int
may_verify(struct gl_keys *keys, int64_t second)
{
    size_t at = (size_t) second & (SECONDS - 1);

    if (keys->verified[at].second != second) {
        keys->verified[at].second = second;
        keys->verified[at].n = 0;
    }
    if (keys->verified[at].n >= GL_KEYS_VERIFIED_MAX)
        return 0;
    keys->verified[at].n++;
    return 1;
}

static int
verifies(const struct key *key, const struct gl_event *event)
{
    unsigned char signature[crypto_sign_BYTES];
    const char *end = NULL;
    size_t len = 0;

    return event->signature.len > 0 &&
           sodium_base642bin(signature, sizeof signature,
                             event->signature.data, event->signature.len, NULL,
                             &len, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           len == sizeof signature &&
           end == event->signature.data + event->signature.len &&
           crypto_sign_verify_detached(
               signature, (const unsigned char *) event->signed_base.data,
               event->signed_base.len, key->bytes) == 0;
}

/* Why PARAMS hold nothing at SECOND, or NULL. */
static const char *
refusal(const struct gl_signed_params *params, int64_t second)
{
    if (!is(params->tag, GL_SIGNED_TAG))
        return "other_tag";
    if (params->alg.len > 0 && !is(params->alg, "ed25519"))
        return "unsupported";
    if (params->created < 0 || params->expires < 0)
        return "malformed";
    if (params->created > second + AHEAD_S)
        return "not_yet_valid";
    return params->expires <= second ? "expired" : NULL;
}

static const char *
ask_base(struct gl_keys *keys, const struct gl_event *event,
         struct gl_text *code)
{
    int64_t second = event->at_ms / 1000;
    struct gl_signed_params params;

    if (event->signed_base.len == 0 ||
        gl_signed_params(event->signed_base, &params) != 0)
        return "malformed";
    const char *why = refusal(&params, second);
    if (why != NULL)
        return why;
    const struct key *key = find_key(keys, params.keyid);
    if (key == NULL)
        return "unknown_key";
    if (!may_verify(keys, second))
        return "too_many";
    if (!verifies(key, event))
        return "wrong_signature";
    *code = (struct gl_text){key->code, (uint32_t) strlen(key->code)};
    return "proved";
}

const char *
gl_keys_ask_(struct gl_keys *keys, const struct gl_event *event,
             struct gl_text *code)
{
    switch (event->signed_as) {
    case GL_SIGNED_BASE:
        return ask_base(keys, event, code);
    case GL_SIGNED_OTHER_TAG:
        return "other_tag";
    case GL_SIGNED_UNSUPPORTED:
        return "unsupported";
    case GL_SIGNED_UNBOUND:
        return "unbound";
    case GL_SIGNED_TOO_LONG:
        return "too_long";
    default:
        return "malformed";
    }
}
