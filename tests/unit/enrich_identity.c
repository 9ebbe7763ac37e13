/*
 * Promise: an identity is proved by a signature alone that verifies with a key
 * of the owner's folder, between its times, for its host, with the tag of Web
 * Bot Auth; else it is said why not.  No more than a hundred a second are
 * verified.
 *
 * Method: the test vectors of draft-meunier-web-bot-auth-architecture, with
 * the key of RFC 9421, B.1.4.
 */

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enrich/identity.h"
#include "request/signed.h"
#include "tap.h"

#define X "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"
#define KEYID "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U"
#define CREATED 1735689600
#define NEVER 4889289600

#define PARAMS(expires, nonce, tag)                                           \
    ";created=1735689600;keyid=\"" KEYID                                      \
    "\";alg=\"ed25519\";expires=" expires ";nonce=\"" nonce "\";tag=\"" tag   \
    "\""

static const struct vector {
    const char *input, *made, *agent;
} vectors[] = {
    {"sig1=(\"@authority\")" PARAMS(
         "4889289600",
         "zIW8+cdmA3vdYagbxojpONwa/l0EKJ/O3/wD486VvsQjO/RxPaSt6ZxvQaMcQzNnqKN/"
         "mQ6hpGiFro2L2qkz5A==",
         "web-bot-auth"),
     "sig1=:QKN4fTdIYfh82fvoZCQiQA1weuozfCS/Led2zTMbewMMqH8PI2Wsy/"
     "5c4ao6B6D09nraNQdBNOADg8aM1MqfCg==:",
     ""},
    {"sig2=(\"@authority\" \"signature-agent\";key=\"agent2\")" PARAMS(
         "4889289600",
         "n9p433xm+NJ3ph3upfBIGmsuwHw387YV7Q/"
         "F+6BSpGCVjYCqQw6rznNA8PVVLySrAWsv0hQtFioQb6E1YsauiA==",
         "web-bot-auth"),
     "sig2=:RdNFx5Bj6au3YgAMQL/"
     "RzmUlZE8QZLIaXGRpw985hWnwPfMxT228NMk6ehRS1PSl4e8PhbNZACSanGdhEwYCCg==:",
     "agent2=\"https://signature-agent.test\""},
    {"sig2=(\"@authority\" \"signature-agent\")" PARAMS(
         "1735693200",
         "e8N7S2MFd/qrd6T2R3tdfAuuANngKI7LFtKYI/"
         "vowzk4lAZYadIX6wW25MwG7DCT9RUKAJ0qVkU0mEeLElW1qg==",
         "web-bot-auth"),
     "sig2=:jdq0SqOwHdyHr9+r5jw3iYZH6aNGKijYp/"
     "EstF4RQTQdi5N5YYKrD+mCT1HA1nZDsi6nJKuHxUi/5Syp3rLWBA==:",
     "\"https://signature-agent.test\""},
};

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static int
header(const void *from, struct gl_text name, unsigned n,
       struct gl_text *value)
{
    const char *agent = from;

    if (n > 0 || name.len != 15 || memcmp(name.data, "signature-agent", 15))
        return 0;
    *value = text_of(agent);
    return 1;
}

/* What a worker makes of VECTOR at HOST. */
static struct gl_event
event_of(const struct vector *vector, const char *host, int64_t second)
{
    static char bytes[GL_SIGNED_BYTES_MAX];
    struct gl_event event = {.at_ms = second * 1000};
    struct gl_signed_request request = {text_of("GET"),
                                        text_of("https"),
                                        text_of(host),
                                        text_of("/path/to/resource"),
                                        text_of(vector->input),
                                        text_of(vector->made),
                                        header,
                                        vector->agent};

    event.signed_as = gl_signed_read(&request, text_of(GL_SIGNED_TAG), bytes,
                                     &event.signed_base, &event.signature);
    return event;
}

static struct gl_keys *keys;

static void
ask(const struct gl_event *event, const char *want, const char *what)
{
    struct gl_text code = {NULL, 0};

    tap_str(gl_keys_ask_(keys, event, &code), want, "%s", what);
    tap_int(code.len > 0, strcmp(want, "proved") == 0, "... and whose it is");
}

static void
test_vectors(void)
{
    struct gl_text code = {NULL, 0};
    struct gl_event event;

    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        event = event_of(&vectors[i], "Example.com:443", CREATED + 10);
        tap_int(event.signed_as, GL_SIGNED_BASE, "vector %zu has a base", i);
        ask(&event, "proved", "vector");
    }
    gl_keys_ask_(keys, &event, &code);
    tap_mem(code.data, code.len, "acme", 4, "whose: by the name of the file");
}

static void
test_times(void)
{
    struct gl_event event = event_of(&vectors[2], "example.com", CREATED - 60);

    ask(&event, "proved", "a minute before it was made: clocks differ");
    event.at_ms -= 1000;
    ask(&event, "not_yet_valid", "61 seconds before");
    event.at_ms = INT64_C(1735693199999);
    ask(&event, "proved", "in its last second");
    event.at_ms++;
    ask(&event, "expired", "from then on");
}

static void
test_wrong(void)
{
    struct gl_event event = event_of(&vectors[0], "example.org", CREATED + 1);
    struct vector other = vectors[0];
    char changed[128];

    ask(&event, "wrong_signature", "of another host");
    event = event_of(&vectors[0], "example.com", CREATED + 2);
    snprintf(changed, sizeof changed, "%.*s", (int) event.signature.len,
             event.signature.data);
    changed[3] ^= 1;
    event.signature.data = changed;
    ask(&event, "wrong_signature", "a letter of the signature is another");
    event.signature.len = 86;
    ask(&event, "wrong_signature", "the signature is cut");
    event.signature.len = 0;
    ask(&event, "wrong_signature", "there is none");
    event = event_of(&vectors[0], "example.com", CREATED + 2);
    ask(&event, "proved", "the right one");
    other.input = "sig1=(\"@authority\")" PARAMS("4889289600", "", "other");
    event = event_of(&other, "example.com", CREATED + 3);
    ask(&event, "other_tag", "for something else");
    other.input = "sig1=(\"@authority\");tag=\"web-bot-auth\"";
    event = event_of(&other, "example.com", CREATED + 3);
    ask(&event, "malformed", "without times");
    other.input = "sig1=(\"@authority\");created=1;expires=2;keyid=\"" KEYID
                  "\";alg=\"rsa-pss-sha512\";tag=\"web-bot-auth\"";
    event = event_of(&other, "example.com", 1);
    ask(&event, "unsupported", "of another algorithm");
    other.input = "sig1=(\"@authority\");created=1;expires=9;keyid=\"x\";"
                  "tag=\"web-bot-auth\"";
    event = event_of(&other, "example.com", 2);
    ask(&event, "unknown_key", "of nobody's key");
    other.input = "sig1=(\"@path\");tag=\"web-bot-auth\"";
    event = event_of(&other, "example.com", 2);
    ask(&event, "unbound", "good for any host");
}

/* RFC 9421, B.2.6: known keys by their "kid", too, but it has no tag. */
static void
test_rfc(void)
{
    static const char base[] =
        "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n"
        "\"@path\": /foo\n\"@authority\": example.com\n"
        "\"content-type\": application/json\n\"content-length\": 18\n"
        "\"@signature-params\": (\"date\" \"@method\" \"@path\" "
        "\"@authority\" \"content-type\" \"content-length\");"
        "created=1618884473;keyid=\"test-key-ed25519\"";
    unsigned char key[32], made[64];

    sodium_base642bin(key, sizeof key, X, strlen(X), NULL, NULL, NULL,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_base642bin(made, sizeof made,
                      "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04"
                      "v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
                      88, NULL, NULL, NULL, sodium_base64_VARIANT_ORIGINAL);
    tap_int(crypto_sign_verify_detached(made, (const unsigned char *) base,
                                        strlen(base), key),
            0, "the RFC's own signature verifies with its key");
}

static void
test_rate(void)
{
    struct gl_event event = event_of(&vectors[0], "example.com", NEVER - 90);
    struct gl_text code;
    int proved = 0, too_many = 0;

    for (int i = 0; i < 250; i++) {
        const char *word = gl_keys_ask_(keys, &event, &code);

        proved += strcmp(word, "proved") == 0;
        too_many += strcmp(word, "too_many") == 0;
    }
    tap_int(proved, GL_KEYS_VERIFIED_MAX, "a hundred of a second");
    tap_int(too_many, 250 - GL_KEYS_VERIFIED_MAX, "the others are claims");
    event.at_ms += 1000;
    ask(&event, "proved", "the next second has room again");
}

static void
write_file(const char *dir, const char *name, const char *text)
{
    char path[PATH_MAX];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    out = fopen(path, "w");
    if (out == NULL || fputs(text, out) == EOF || fclose(out) != 0)
        tap_bail("%s cannot be written", path);
}

int
main(void)
{
    const char *dir = tap_dir();

    if (sodium_init() == -1)
        tap_bail("no libsodium");
    write_file(dir, "acme-crawler.json",
               "{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQAB\"}, {\"kty\": "
               "\"OKP\", \"crv\": \"Ed25519\", \"x\": \"short\"}, {\"kty\": "
               "\"OKP\", \"crv\": \"Ed25519\", \"kid\": \"test-key-ed25519\", "
               "\"x\": \"" X "\"}]}");
    write_file(dir, "broken.json", "{");
    write_file(dir, "Not a name.json", "{}");
    keys = gl_keys_new_(dir);
    tap_ok(keys != NULL, "what cannot be read is left out");
    test_vectors();
    test_times();
    test_wrong();
    test_rfc();
    test_rate();
    gl_keys_free_(keys);
    keys = gl_keys_new_("/nonexistent");
    struct gl_event event = event_of(&vectors[0], "example.com", CREATED + 1);
    ask(&event, "unknown_key", "without a folder");
    gl_keys_free_(keys);
    return tap_done();
}
