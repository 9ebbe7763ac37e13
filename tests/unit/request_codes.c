/*
 * Promise: a code is stored in its one spelling or not at all: nothing is cut
 * to a code, no control byte and nothing that is not UTF-8 comes through.  On
 * random texts languages agree with a naive twin.
 */

#include <glib.h>
#include <string.h>

#include "request/codes.h"
#include "request_memory.h"
#include "tap.h"

#define ROUNDS 50000

static struct request_memory memory;

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static void
is_code(int result, struct gl_text code, const char *want, const char *text)
{
    tap_int(result, 0, "\"%s\" is read", text);
    tap_mem(code.len > 0 ? code.data : "", code.len, want, strlen(want),
            "as \"%s\"", want);
    request_memory_free(&memory);
}

typedef int read_code(struct gl_memory memory, struct gl_text text,
                      struct gl_text *code);

static const struct {
    read_code *read;
    const char *text, *code; /* "": none */
} codes[] = {
    {gl_country_read, "AT", "AT"},
    {gl_country_read, "at", "AT"},
    {gl_country_read, "AUT", ""},
    {gl_country_read, "Germany", ""},
    {gl_country_read, "T1", ""},
    {gl_country_read, "<s", ""},
    {gl_country_read, "A", ""},
    {gl_country_read, "", ""},
    {gl_country_read, "\xc3\x84", ""},
    {gl_country_read, "A\n", ""},
    {gl_currency_read, "EUR", "EUR"},
    {gl_currency_read, "eur", "EUR"},
    {gl_currency_read, "Eu", ""},
    {gl_currency_read, "EURO", ""},
    {gl_currency_read, "EU1", ""},
    {gl_currency_read, "\xe2\x82\xac", ""},
    {gl_language_read, "de", "de"},
    {gl_language_read, "DE", "de"},
    {gl_language_read, "en-us", "en-US"},
    {gl_language_read, "EN-US", "en-US"},
    {gl_language_read, "zh-hant-tw", "zh-Hant-TW"},
    {gl_language_read, "ZH-HANT-hk", "zh-Hant-HK"},
    {gl_language_read, "es-419", "es-419"},
    {gl_language_read, "sl-ROZAJ-biske", "sl-rozaj-biske"},
    {gl_language_read, "de-CH-1996", "de-CH-1996"},
    {gl_language_read, "en-CA-X-CA", "en-CA-x-ca"},
    {gl_language_read, "de-at-u-co-phonebk", "de-AT-u-co-phonebk"},
    {gl_language_read, "d", ""},
    {gl_language_read, "*", ""},
    {gl_language_read, "d\xe9-AT", ""},
    {gl_language_read, "de-\x1b[", ""},
    {gl_language_read, "<b>", ""},
    {gl_language_read, "de_AT", ""},
    {gl_language_read, "de-", ""},
    {gl_language_read, "-de", ""},
    {gl_language_read, "de--AT", ""},
    {gl_language_read, "de-abcdefghi", ""},
    {gl_language_read, "1de", ""},
    {gl_language_read, "", ""},
    /* 35 bytes and 36 */
    {gl_language_read, "de-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaa",
     "de-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaa"},
    {gl_language_read, "de-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaa", ""},
};

static void
test_codes(void)
{
    struct gl_text code;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct gl_text text = text_of(codes[i].text);

        is_code(codes[i].read(request_memory_of(&memory, -1), text, &code),
                code, codes[i].code, codes[i].text);
    }
    tap_int(gl_language_read(request_memory_of(&memory, 0), text_of("en-US"),
                             &code),
            0, "what is spelt so takes no memory");
    tap_int(gl_language_read(request_memory_of(&memory, 0), text_of("en-us"),
                             &code),
            -1, "without memory it says so");
    tap_int(
        gl_country_read(request_memory_of(&memory, 0), text_of("at"), &code),
        -1, "so do countries");
}

static const struct {
    const char *text, *country, *region;
} regions[] = {
    {"AT-9", "AT", "AT-9"}, {"at-9", "AT", "AT-9"}, {"9", "AT", "AT-9"},
    {"ca", "US", "US-CA"},  {"US-CA", "", "US-CA"}, {"gb-eng", "GB", "GB-ENG"},
    {"US-CA", "AT", ""},    {"CA", "", ""},         {"California", "US", ""},
    {"Califo", "US", ""},   {"US-", "US", ""},      {"US-CALI", "US", ""},
    {"-CA", "US", ""},      {"<s", "US", ""},       {"\x1b[m", "US", ""},
    {"", "US", ""},
};

static void
test_regions(void)
{
    struct gl_text code;

    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++)
        is_code(gl_region_read(request_memory_of(&memory, -1),
                               text_of(regions[i].text),
                               text_of(regions[i].country), &code),
                code, regions[i].region, regions[i].text);
}

static void
test_rest(void)
{
    char city[130];

    memset(city, 'a', sizeof city);
    tap_int(gl_city_read((struct gl_text){city, 128}).len, 128, "a city");
    tap_int(gl_city_read((struct gl_text){city, 129}).len, 0, "is never cut");
    tap_int(gl_city_read(text_of("S\xc3\xa3o Paulo")).len, 10, "in UTF-8");
    tap_int(gl_city_read(text_of("S\xe3o")).len, 0, "in nothing else");
    tap_int(gl_city_read(text_of("a\x1b[31m")).len, 0, "no escapes");
    tap_int(gl_city_read(text_of("a\x7f")).len, 0, "nor DEL");
    tap_int(gl_city_read(text_of("a\xc2\x9b")).len, 0, "nor C1");
    tap_int(gl_screen_is(text_of("1920x1080")), 1, "a screen");
    tap_int(gl_screen_is(text_of("1920")), 1, "its width alone, too");
    tap_int(gl_screen_is(text_of("")), 0, "nothing is none");
    tap_int(gl_screen_is(text_of("x1080")), 0, "nor is a height");
    tap_int(gl_screen_is(text_of("1920x")), 0, "nor what is half said");
    tap_int(gl_screen_is(text_of("1x2x3")), 0, "and no third");
    tap_int(gl_screen_is(text_of("123456x12345")), 0, "in 11 bytes");
    tap_int(gl_screen_is(text_of("0x0")), 0, "more than nothing");
    tap_int(gl_screen_is(text_of("01920x1080")), 0, "in one spelling");
    tap_int(gl_screen_is(text_of("1920x01080")), 0, "of both sides");
    tap_int(gl_screen_is(text_of("100x10")), 1, "with a 0 further on");
}

/* ---- twin ---- */

static char *
twin(const char *text)
{
    char **parts = g_strsplit(text, "-", -1), *joined;
    int tail = 0;

    for (int i = 0; parts[i] != NULL; i++) {
        size_t len = strlen(parts[i]);
        int letters = strspn(parts[i], "abcXYZ") == len;
        char *lower = g_ascii_strdown(parts[i], -1);

        if (i > 0 && !tail && letters && len == 2) {
            g_free(lower);
            lower = g_ascii_strup(parts[i], -1);
        }
        if (i > 0 && !tail && letters && len == 4)
            lower[0] = g_ascii_toupper(lower[0]);
        tail |= len == 1;
        g_free(parts[i]);
        parts[i] = lower;
    }
    joined = g_strjoinv("-", parts);
    if (!g_regex_match_simple("^[a-z]{2,8}(-[A-Za-z0-9]{1,8})*$", joined,
                              G_REGEX_DOLLAR_ENDONLY, 0) ||
        strlen(joined) > 35)
        joined[0] = '\0';
    g_strfreev(parts);
    return joined;
}

static void
test_twin(void)
{
    static const char some[] = "abcXYZ019---";
    int good = 0;

    for (int i = 0; i < ROUNDS; i++) {
        char text[40];
        size_t len = tap_below(i % 8 == 0 ? 39 : 12), at;
        struct gl_text code;
        char *want;

        for (at = 0; at < len; at++)
            text[at] = some[tap_below(sizeof some - 1)];
        text[at] = '\0';
        want = twin(text);
        good += gl_language_read(request_memory_of(&memory, -1), text_of(text),
                                 &code) == 0 &&
                code.len == strlen(want) &&
                (code.len == 0 || memcmp(code.data, want, code.len) == 0);
        g_free(want);
        request_memory_free(&memory);
    }
    tap_int(good, ROUNDS, "random languages are read as the twin does");
}

int
main(void)
{
    test_codes();
    test_regions();
    test_rest();
    test_twin();
    return tap_done();
}
