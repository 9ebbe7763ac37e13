/*
 * Promise: a host has one form whatever it is called (case, port, dot at the
 * end, www., Unicode or its ASCII, brackets), reading that form again changes
 * nothing, and what names no host is none; a plain name takes no memory, and
 * with memory that runs out it says so.  On random texts it agrees with a
 * naive twin.
 */

#include <glib.h>
#include <string.h>

#include "request/host.h"
#include "request_memory.h"
#include "tap.h"

#define ROUNDS 100000
#define LABEL63                                                               \
    "abcdefghijklmnopqrstuvwxyz0123456789-_abcdefghijklmnopqrstuvwxy"
#define NAME253                                                               \
    LABEL63 "." LABEL63 "." LABEL63 "."                                       \
            "abcdefghijklmnopqrstuvwxyz0123456789-_abcdefghijklmnopqrstuvw"

static struct request_memory memory;

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static const struct {
    const char *text, *host; /* "": none */
} hosts[] = {
    {"f.test", "f.test"},
    {"F.TEST", "f.test"},
    {"www.f.test", "f.test"},
    {"WwW.F.test", "f.test"},
    {"f.test.", "f.test"},
    {"www.f.test.:443", "f.test"},
    {"f.test:8080", "f.test"},
    {"f.test:", "f.test"},
    {" f.test\t", "f.test"},
    {"www.www.example", "www.example"},
    {"wwwx.example", "wwwx.example"},
    {"www", "www"},
    {"localhost:3000", "localhost"},
    {"my_host", "my_host"},
    {"a-.example", "a-.example"},
    {"r3---sn-a.example", "r3---sn-a.example"},
    {LABEL63 ".a", LABEL63 ".a"},
    {NAME253, NAME253},
    {"WWW." NAME253 ".", NAME253},
    {"%66.test", "f.test"},
    /* letters of languages: UTS 46, not transitional, as browsers do */
    {"b\xc3\xbc"
     "cher.example",
     "xn--bcher-kva.example"},
    {"B\xc3\x9c"
     "CHER.Example",
     "xn--bcher-kva.example"},
    {"bu\xcc\x88"
     "cher.example:80",
     "xn--bcher-kva.example"},
    {"www.b\xc3\xbc"
     "cher.example.",
     "xn--bcher-kva.example"},
    {"b%C3%BCcher.example", "xn--bcher-kva.example"},
    {"xn--bcher-kva.example", "xn--bcher-kva.example"},
    {"XN--BCHER-KVA.example", "xn--bcher-kva.example"},
    {"fa\xc3\x9f.example", "xn--fa-hia.example"},
    {"\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
     "xn--r8jz45g.xn--zckzah"},
    {"a\xe3\x80\x82"
     "example",
     "a.example"}, /* the full stop of Japanese */
    {"\xef\xbd\x97\xef\xbd\x97\xef\xbd\x97\xef\xbc\x8e"
     "f.test",
     "f.test"}, /* wide www. */
    /* addresses */
    {"127.0.0.1:8080", "127.0.0.1"},
    {"[::1]", "::1"},
    {"[2001:DB8:0:0::1]:443", "2001:db8::1"},
    {"2001:0db8::0001", "2001:db8::1"},
    {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
    /* none */
    {"", ""},
    {" \t\xc2\xa0", ""},
    {"www.", ""},
    {".", ""},
    {":80", ""},
    {"-public", ""},
    {"www.-a", ""},
    {"f..test", ""},
    {".f.test", ""},
    {"f.test..", ""},
    {"f.test:http", ""},
    {"f.test'X'", ""},
    {"f test", ""},
    {"f.test/a", ""},
    {"https://f.test", ""},
    {"eve@f.test", ""},
    {"f.test\x01", ""},
    {"f.test%00", ""},
    {"f%2Etest%", ""},
    {"(none)", ""},
    {"\xe9.example", ""},
    {"b\xc3\xbc'.example", ""},
    {"\xe2\x98\x83.example", ""}, /* a snowman is no letter */
    {"[::1", ""},
    {"[::1]x", ""},
    {"[f.test]", ""},
    {"::g", ""},
    {"a" LABEL63 ".a", ""},
    {"a" NAME253, ""},
};

static void
is_host(const char *text, const char *want)
{
    struct gl_text host;

    tap_int(gl_host_read(request_memory_of(&memory, -1), text_of(text), &host),
            0, "\"%s\" is read", text);
    tap_mem(host.len > 0 ? host.data : "", host.len, want, strlen(want),
            "as \"%s\"", want);
    request_memory_free(&memory);
}

static void
test_table(void)
{
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        is_host(hosts[i].text, hosts[i].host);
        if (g_str_has_prefix(hosts[i].host, "www.") == 0)
            is_host(hosts[i].host, hosts[i].host);
    }
}

static void
test_memory(void)
{
    struct gl_text host;

    tap_int(gl_host_read(request_memory_of(&memory, 0), text_of("www.f.test"),
                         &host),
            0, "a plain name takes no memory");
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        int taken, refused = 0;

        gl_host_read(request_memory_of(&memory, -1), text_of(hosts[i].text),
                     &host);
        taken = memory.taken;
        request_memory_free(&memory);
        for (int allowed = 0; allowed < taken; allowed++) {
            refused += gl_host_read(request_memory_of(&memory, allowed),
                                    text_of(hosts[i].text), &host) == -1;
            request_memory_free(&memory);
        }
        tap_int(refused, taken, "\"%s\": each time there is none, it says so",
                hosts[i].text);
    }
}

/* ---- twin ---- */

/* Of ASCII without escapes, blanks and brackets. */
static char *
twin(const char *text)
{
    char *lower = g_ascii_strdown(text, -1), *host, **parts;
    GRegex *port =
        g_regex_new("^([^:]*):[0-9]*$", G_REGEX_DOLLAR_ENDONLY, 0, NULL);
    int good;

    host = g_regex_replace(port, lower, -1, 0, "\\1", 0, NULL);
    g_free(lower);
    g_regex_unref(port);
    if (g_str_has_prefix(host, "www."))
        memmove(host, host + 4, strlen(host + 4) + 1);
    if (g_str_has_suffix(host, "."))
        host[strlen(host) - 1] = '\0';
    parts = g_strsplit(host, ".", -1);
    good = host[0] != '\0' && host[0] != '-' &&
           strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
               strlen(host);
    for (char **part = parts; *part != NULL; part++)
        good &= **part != '\0' && strlen(*part) <= 63;
    g_strfreev(parts);
    if (!good)
        host[0] = '\0';
    return host;
}

static int
agrees(const char *text)
{
    struct gl_text host;
    char *want = twin(text);
    int good = gl_host_read(request_memory_of(&memory, -1), text_of(text),
                            &host) == 0 &&
               host.len == strlen(want) &&
               (host.len == 0 || memcmp(host.data, want, host.len) == 0);

    if (!good)
        tap_diag("\"%s\" is not \"%s\"", text, want);
    g_free(want);
    request_memory_free(&memory);
    return good;
}

static void
test_twin(void)
{
    static const char some[] = "wwwWa9-_..:'/";
    int good = 0;
    char text[100];

    for (int i = 0; i < ROUNDS; i++) {
        size_t len = tap_below(i % 10 == 0 ? 99 : 14), at;

        for (at = 0; at < len; at++)
            text[at] = i % 10 == 0 && tap_below(8) > 0
                           ? 'a'
                           : some[tap_below(sizeof some - 1)];
        text[at] = '\0';
        /* two colons make an address, of which the twin knows nothing */
        good += (strchr(text, ':') != strrchr(text, ':')) || agrees(text);
    }
    tap_int(good, ROUNDS, "random texts are read as the twin does");
}

static void
test_under(void)
{
    tap_ok(gl_host_is_under(text_of("a.b.example"), text_of("b.example")),
           "a name under a domain");
    tap_ok(gl_host_is_under(text_of("b.example"), text_of("b.example")),
           "the domain itself");
    tap_ok(!gl_host_is_under(text_of("ab.example"), text_of("b.example")),
           "another domain with the same end");
}

/* Whoever is NAME is read as NAME. */
static void
test_is(void)
{
    struct gl_text host;
    int wrong = 0, is = 0, i, j;
    const int n = sizeof hosts / sizeof hosts[0];

    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++) {
            if (!gl_host_is(text_of(hosts[i].text), text_of(hosts[j].host)))
                continue;
            is++;
            gl_host_read(request_memory_of(&memory, -1),
                         text_of(hosts[i].text), &host);
            wrong += host.len != strlen(hosts[j].host) ||
                     memcmp(host.data, hosts[j].host, host.len) != 0;
            request_memory_free(&memory);
        }
    tap_int(wrong, 0, "what is a host is read as that host");
    tap_ok(is > 10, "and many are");
    tap_ok(gl_host_is(text_of("www.f.test"), text_of("f.test")), "www.");
    tap_ok(!gl_host_is(text_of("www."), text_of("")), "nothing is no host");
}

int
main(void)
{
    test_table();
    test_memory();
    test_twin();
    test_under();
    test_is();
    return tap_done();
}
