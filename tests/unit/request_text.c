/*
 * Promise: a text out of an address, a form or a header is decoded to UTF-8
 * without control characters, different texts stay different but for the kind
 * of a blank, and a text that needs nothing is not copied.  Eight bytes at a
 * time and one at a time agree: each function has a naive twin, on random
 * texts of the bytes that matter.
 */

#include <glib.h>
#include <string.h>

#include "request/plain.h"
#include "request/text.h"
#include "request/utf8.h"
#include "request_memory.h"
#include "tap.h"

#define ROUNDS 200000
#define FLAGS_MAX (GL_PLAIN_PERCENT | GL_PLAIN_PLUS)

static struct request_memory memory;

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static void
is_text(struct gl_text text, const char *want, const char *name)
{
    tap_mem(text.len > 0 ? text.data : "", text.len, want, strlen(want), "%s",
            name);
}

/* ---- twins ---- */

static int
twin_is_plain(struct gl_text text, unsigned flags)
{
    for (uint32_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c < ' ' || c == '\x7f' ||
            ((flags & GL_PLAIN_PERCENT) && c == '%') ||
            ((flags & GL_PLAIN_PLUS) && c == '+'))
            return 0;
    }
    return 1;
}

/* GLib says what is UTF-8, what a control and what white space. */
static void
twin_char(GString *mended, const char *at, size_t len)
{
    gunichar c = g_utf8_get_char_validated(at, (gssize) len);

    if (c < 0x80000000 && g_unichar_type(c) != G_UNICODE_CONTROL)
        g_string_append_len(mended, at, (gssize) len);
    else if (c < 0x80000000 && ((c >= '\t' && c <= '\r') || c == 0x85))
        g_string_append_c(mended, ' ');
    else
        for (size_t i = 0; i < len; i++)
            g_string_append_printf(mended, "%%%02X", (uint8_t) at[i]);
}

static GString *
twin_mend(const GString *bytes)
{
    GString *mended = g_string_new(NULL);
    const char *at = bytes->str, *end = at + bytes->len, *good;
    size_t len;

    while (at < end) {
        g_utf8_validate(at, end - at, &good);
        len = at < good ? g_utf8_skip[(uint8_t) *at] : 1;
        twin_char(mended, at, len);
        at += len;
    }
    return mended;
}

static GString *
twin_decode(struct gl_text text, enum gl_coding coding)
{
    GString *bytes = g_string_new(NULL), *mended;

    for (uint32_t i = 0; i < text.len; i++) {
        if (text.data[i] == '%' && i + 2 < text.len &&
            g_ascii_isxdigit(text.data[i + 1]) &&
            g_ascii_isxdigit(text.data[i + 2])) {
            g_string_append_c(
                bytes, (char) (g_ascii_xdigit_value(text.data[i + 1]) << 4 |
                               g_ascii_xdigit_value(text.data[i + 2])));
            i += 2;
        } else if (text.data[i] == '+' && coding == GL_CODED_QUERY) {
            g_string_append_c(bytes, ' ');
        } else {
            g_string_append_c(bytes, text.data[i]);
        }
    }
    mended = twin_mend(bytes);
    g_string_free(bytes, TRUE);
    return mended;
}

/* ---- random texts ---- */

static struct gl_text
random_text(GRand *rand, char bytes[24])
{
    static const char some[] =
        "ab%%%%019AZf+ .\0wW\t\n\x1b\x85\xc2\x7f\x80\x9f\xa0\xbf\xc0\xc3"
        "\xe2\xed\xf0\xf4\xf5\xff";
    struct gl_text text = {bytes, (uint32_t) g_rand_int_range(rand, 0, 24)};

    for (uint32_t i = 0; i < text.len; i++)
        bytes[i] = g_rand_int_range(rand, 0, 4) > 0
                       ? 'a'
                       : some[g_rand_int_range(rand, 0, sizeof some - 1)];
    return text;
}

static int
agrees(struct gl_text text, enum gl_coding coding)
{
    struct gl_text decoded;
    GString *twin = twin_decode(text, coding);
    int plain = twin_is_plain(
        text,
        GL_PLAIN_PERCENT | (coding == GL_CODED_QUERY ? GL_PLAIN_PLUS : 0));
    int good = gl_text_decode(request_memory_of(&memory, -1), text, coding,
                              &decoded) == 0 &&
               decoded.len == twin->len &&
               (decoded.len == 0 ||
                memcmp(decoded.data, twin->str, twin->len) == 0) &&
               (!plain || memory.taken == 0);

    g_string_free(twin, TRUE);
    request_memory_free(&memory);
    return good;
}

static void
test_twins(void)
{
    GRand *rand = g_rand_new_with_seed(8);
    int plain = 0, utf8 = 0, path = 0, query = 0;
    char bytes[24];

    for (int i = 0; i < ROUNDS; i++) {
        struct gl_text text = random_text(rand, bytes);

        for (unsigned flags = 0; flags <= FLAGS_MAX; flags++)
            plain += gl_plain_(text, flags) == twin_is_plain(text, flags);
        utf8 += gl_utf8_is(text) == g_utf8_validate(bytes, text.len, NULL);
        path += agrees(text, GL_CODED_PATH);
        query += agrees(text, GL_CODED_QUERY);
    }
    tap_int(plain, (FLAGS_MAX + 1) * ROUNDS, "plain texts");
    tap_int(utf8, ROUNDS, "UTF-8");
    tap_int(path, ROUNDS, "decoded as in a path");
    tap_int(query, ROUNDS, "decoded as in a query");
    g_rand_free(rand);
}

/* ---- by hand ---- */

static void
test_no_memory(void)
{
    struct gl_text text;

    tap_int(gl_text_decode(request_memory_of(&memory, 0), text_of("%41"),
                           GL_CODED_PATH, &text),
            -1, "no memory for a decoded text");
    tap_int(gl_text_decode(request_memory_of(&memory, 1), text_of("%ff"),
                           GL_CODED_PATH, &text),
            -1, "nor for what is no UTF-8");
    request_memory_free(&memory);
}

static void
test_lists(void)
{
    struct gl_text list = text_of("&a=1&&b&c==&="), key, value;

    tap_int(gl_text_pair(&list, &key, &value), 1, "a pair");
    is_text(key, "a", "its key");
    is_text(value, "1", "its value");
    gl_text_pair(&list, &key, &value);
    is_text(value, "", "a pair without =");
    gl_text_pair(&list, &key, &value);
    is_text(value, "=", "a second = is of the value");
    tap_int(gl_text_pair(&list, &key, &value), 1, "a pair of nothing");
    tap_int(gl_text_pair(&list, &key, &value), 0, "and the end");

    list = text_of("a,,b");
    is_text(gl_text_item(&list), "a", "the first item");
    is_text(gl_text_item(&list), "", "an empty one");
    is_text(gl_text_item(&list), "b", "the last one");
    tap_ok(list.data == NULL, "and the end");
}

static void
test_rtrim(void)
{
    is_text(gl_utf8_rtrim(text_of("a \t\xe2\x80\x89\xe3\x80\x80")), "a",
            "white space of Unicode is trimmed");
    is_text(gl_utf8_rtrim(text_of("a\xc3\xa9")), "a\xc3\xa9",
            "a letter is not");
    tap_int(gl_utf8_is_blank((struct gl_text){NULL, 0}), 1,
            "nothing is blank");
    tap_uint(gl_utf8_chars(text_of("a\xc3\xa9\xf0\x9f\x8d\x9e")), 3,
             "characters are counted");
}

int
main(void)
{
    test_twins();
    test_no_memory();
    test_lists();
    test_rtrim();
    return tap_done();
}
