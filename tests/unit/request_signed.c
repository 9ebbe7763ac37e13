/*
 * Promise: what a signature of a request is of is put together as RFC 9421 and
 * the draft of Web Bot Auth print it; what is malformed, unbound or not
 * understood has no base.
 */

#define _GNU_SOURCE /* memmem */

#include <stdio.h>
#include <string.h>

#include "request/signed.h"
#include "request/structured.h"
#include "tap.h"

#define KEYID "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U"

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

/* Lines of "name: value". */
static int
header(const void *from, struct gl_text name, unsigned n,
       struct gl_text *value)
{
    const char *lines = from;

    for (; *lines != '\0'; lines += strcspn(lines, "\n") + 1) {
        size_t len = strcspn(lines, ":");

        if (len != name.len || memcmp(lines, name.data, len) != 0 || n-- > 0)
            continue;
        *value = (struct gl_text){lines + len + 1,
                                  (uint32_t) strcspn(lines + len + 1, "\n")};
        return 1;
    }
    return 0;
}

static char bytes[GL_SIGNED_BYTES_MAX];
static struct gl_text base, signature;

static enum gl_signed
read_it(const char *method, const char *target, const char *tag,
        const char *lines, const char *input, const char *made)
{
    struct gl_signed_request request = {text_of(method),
                                        text_of("https"),
                                        text_of("Example.com:443"),
                                        text_of(target),
                                        text_of(input),
                                        text_of(made),
                                        header,
                                        lines};

    return gl_signed_read(&request, text_of(tag), bytes, &base, &signature);
}

/* RFC 9421, B.2.6. */
static void
test_rfc(void)
{
    static const char lines[] = "date:Tue, 20 Apr 2021 02:07:55 GMT\n"
                                "content-type: application/json \n"
                                "content-length: 18\n";
    static const char params[] =
        "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" "
        "\"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
    static const char want[] =
        "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n"
        "\"@path\": /foo\n\"@authority\": example.com\n"
        "\"content-type\": application/json\n\"content-length\": 18\n"
        "\"@signature-params\": (\"date\" \"@method\" \"@path\" "
        "\"@authority\" \"content-type\" \"content-length\");"
        "created=1618884473;keyid=\"test-key-ed25519\"";
    char input[512];
    struct gl_signed_params told;

    snprintf(input, sizeof input, "sig-b26=%s", params);
    tap_int(read_it("POST", "/foo?param=Value&Pet=dog", "", lines, input,
                    "sig-b26=:wqcAqbmYJ2jk:"),
            GL_SIGNED_BASE, "appendix B.2.6");
    tap_mem(base.data, base.len, want, strlen(want), "its base");
    tap_mem(signature.data, signature.len, "wqcAqbmYJ2jk", 12, "signature");
    tap_int(gl_signed_params(base, &told), 0, "its last line");
    tap_int(told.created, 1618884473, "created");
    tap_int(told.expires, -1, "no expires");
    tap_mem(told.keyid.data, told.keyid.len, "test-key-ed25519", 16, "keyid");
    tap_int(told.tag.len, 0, "no tag");
}

/* draft-meunier-web-bot-auth-architecture, test vectors. */
static void
test_draft(void)
{
    static const char input[] =
        "sig2=(\"@authority\" \"signature-agent\";key=\"agent2\");"
        "created=1735689600;keyid=\"" KEYID "\";alg=\"ed25519\";"
        "expires=4889289600;tag=\"web-bot-auth\"";
    static const char want[] =
        "\"@authority\": example.com\n\"signature-agent\";key=\"agent2\": "
        "\"https://signature-agent.test\"\n\"@signature-params\": "
        "(\"@authority\" \"signature-agent\";key=\"agent2\");"
        "created=1735689600;keyid=\"" KEYID "\";alg=\"ed25519\";"
        "expires=4889289600;tag=\"web-bot-auth\"";
    static const char old[] =
        "\"@authority\": example.com\n\"signature-agent\": "
        "\"https://signature-agent.test\"\n\"@signature-params\": "
        "(\"@authority\" \"signature-agent\");tag=\"web-bot-auth\"";

    tap_int(read_it("GET", "/", GL_SIGNED_TAG,
                    "signature-agent:a=1, agent2=\"https://signature-agent"
                    ".test\"\n",
                    input, "sig1=:AA==:, sig2=:BB==:"),
            GL_SIGNED_BASE, "a member of a dictionary is signed");
    tap_mem(base.data, base.len, want, strlen(want), "its base");
    tap_mem(signature.data, signature.len, "BB==", 4, "its own signature");
    tap_int(read_it("GET", "/", GL_SIGNED_TAG,
                    "signature-agent: \"https://signature-agent.test\"\n",
                    "a=();tag=\"x\", b=( \"@authority\"  \"signature-agent\" )"
                    "; tag=\"web-bot-auth\"",
                    "b=:BB==:"),
            GL_SIGNED_BASE, "the whole header is, the second label");
    tap_mem(base.data, base.len, old, strlen(old),
            "blanks are not of the base");
}

static void
test_components(void)
{
    static const char input[] =
        "s=(\"@target-uri\" \"@query\" \"@request-target\" \"@scheme\" "
        "\"@path\" \"accept\");tag=\"web-bot-auth\"";
    static const char want[] =
        "\"@target-uri\": https://example.com/a?b\n\"@query\": ?b\n"
        "\"@request-target\": /a?b\n\"@scheme\": https\n\"@path\": /a\n"
        "\"accept\": x=1, y=2\n\"@signature-params\": (\"@target-uri\" "
        "\"@query\" \"@request-target\" \"@scheme\" \"@path\" \"accept\");"
        "tag=\"web-bot-auth\"";

    tap_int(read_it("GET", "/a?b", GL_SIGNED_TAG, "accept: x=1\naccept:y=2 \n",
                    input, "s=:AA==:"),
            GL_SIGNED_BASE, "all that a page's request has");
    tap_mem(base.data, base.len, want, strlen(want), "each is written");
    read_it("GET", "/", GL_SIGNED_TAG, "",
            "s=(\"@authority\" \"@query\");tag=\"web-bot-auth\"", "s=:AA==:");
    tap_ok(memmem(base.data, base.len, "\"@query\": ?\n", 12) != NULL,
           "no query is one");
}

#define TAGGED(list) "s=(" list ");tag=\"web-bot-auth\""

static const struct {
    const char *input, *made;
    enum gl_signed is;
} wrong[] = {
    {"", "", GL_SIGNED_NOT},
    {TAGGED("\"@authority\""), "", GL_SIGNED_MALFORMED},
    {"", "s=:AA==:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\""), "t=:AA==:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\""), "s=\"AA==\"", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\""), "s=:AA==:, s=:BB==:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\""), "s=:AA==:,", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\" \"@authority\""), "s=:A:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\"\"date\""), "s=:AA==:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\" date"), "s=:AA==:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\" \"Date\""), "s=:AA==:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\" \"accept\""), "s=:AA==:", GL_SIGNED_MALFORMED},
    {TAGGED("\"@authority\" \"cookie\""), "s=:A:", GL_SIGNED_UNSUPPORTED},
    {TAGGED("\"@authority\" \"x-forwarded-for\""),
     "s=:A:", GL_SIGNED_UNSUPPORTED},
    {"s=\"@authority\"", "s=:AA==:", GL_SIGNED_MALFORMED},
    {"s=(\"@authority\";tag=\"web-bot-auth\"", "s=:A:", GL_SIGNED_MALFORMED},
    {"s=(\"@authority\");created=1.5;tag=\"web-bot-auth\"",
     "s=:AA==:", GL_SIGNED_MALFORMED},
    {"S=(\"@authority\");tag=\"web-bot-auth\"", "s=:A:", GL_SIGNED_MALFORMED},
    {"s=(\"@authority\");tag=\"other\"", "s=:AA==:", GL_SIGNED_OTHER_TAG},
    {"s=(\"@authority\");tag=web-bot-auth", "s=:AA==:", GL_SIGNED_OTHER_TAG},
    {"s=(\"@authority\")", "s=:AA==:", GL_SIGNED_OTHER_TAG},
    {TAGGED("\"@authority\" \"@status\""), "s=:AA==:", GL_SIGNED_UNSUPPORTED},
    {TAGGED("\"@authority\";req"), "s=:AA==:", GL_SIGNED_UNSUPPORTED},
    {TAGGED("\"date\";bs"), "s=:AA==:", GL_SIGNED_UNSUPPORTED},
    {TAGGED("\"date\";key=\"a\";sf"), "s=:AA==:", GL_SIGNED_UNSUPPORTED},
    {TAGGED("\"@query-param\";name=\"a\""), "s=:A:", GL_SIGNED_UNSUPPORTED},
    {TAGGED("\"date\" \"@path\""), "s=:AA==:", GL_SIGNED_UNBOUND},
    {TAGGED(""), "s=:AA==:", GL_SIGNED_UNBOUND},
};

static void
test_wrong(void)
{
    char many[1024] = "s=(", long_value[2200] = "date:";

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        tap_int(read_it("GET", "/", GL_SIGNED_TAG, "date:a\n", wrong[i].input,
                        wrong[i].made),
                wrong[i].is, "%s, %s", wrong[i].input, wrong[i].made);
    for (int i = 0; i <= GL_SIGNED_COMPONENTS_MAX; i++)
        snprintf(many + strlen(many), 16, "\"a%d\" ", i);
    strcat(many, ");tag=\"web-bot-auth\"");
    tap_int(read_it("GET", "/", GL_SIGNED_TAG, "", many, "s=:AA==:"),
            GL_SIGNED_MALFORMED, "more components than are read");
    memset(long_value + 5, 'x', 2100);
    strcat(long_value, "\n");
    tap_int(read_it("GET", "/", GL_SIGNED_TAG, long_value,
                    TAGGED("\"@authority\" \"date\""), "s=:AA==:"),
            GL_SIGNED_TOO_LONG, "a base of more than 2 KiB");
}

/* ---- structured fields ---- */

static const struct {
    const char *list;
    int n; /* members, or -1 */
} lists[] = {
    {"", 0},
    {"a", 1},
    {"a, b", 2},
    {"a\t,\tb", 2},
    {"a,", -1},
    {",a", -1},
    {"a b", -1},
    {"\"a\\\"b\\\\\"", 1},
    {"\"a\\b\"", -1},
    {"\"a", -1},
    {"\"a\\", -1},
    {"\"a\x7f\"", -1},
    {"-1", 1},
    {"-", -1},
    {"999999999999999", 1},
    {"1000000000000000", -1},
    {"1.5", -1},
    {"?0;a;b=?1", 1},
    {"?2", -1},
    {"?", -1},
    {":aGk=:", 1},
    {":a-:", -1},
    {":a", -1},
    {"a;", -1},
    {"a;B", -1},
    {"a;b=", -1},
    {"a; b=\"x\"", 1},
    {"a ;b", -1},
    {"(a b);c, ()", 2},
    {"(a", -1},
    {"((a))", -1},
    {"(a \")\")", 1},
    {"\x80", -1},
};

static void
test_lists(void)
{
    struct gl_structured value;

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct gl_text list = text_of(lists[i].list);
        int n = 0, taken;

        while ((taken = gl_structured_item(&list, &value)) == 1)
            n++;
        tap_int(taken == -1 ? -1 : n, lists[i].n, "\"%s\"", lists[i].list);
    }
}

int
main(void)
{
    test_rfc();
    test_draft();
    test_components();
    test_wrong();
    test_lists();
    return tap_done();
}
