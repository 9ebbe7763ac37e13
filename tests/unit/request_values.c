/*
 * Promise: an amount is stored as the number that was sent or not at all; a
 * name or a property that the worker refuses is refused by all.
 */

#include <string.h>

#include "request/longest.h"
#include "request/values.h"
#include "request_memory.h"
#include "tap.h"

static struct request_memory memory;

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static const struct {
    const char *text, *amount; /* NULL: none */
} amounts[] = {
    {"12.50", "12.50"},
    {"+12.50 EUR", "12.50"},
    {"-3", "-3"},
    {"5.", "5"},
    {".5", ".5"},
    {"", NULL},
    {"-", NULL},
    {"+.", NULL},
    {"EUR", NULL},
    {"1,234.50", NULL},
    {"1e3", NULL},
    {"12345678901234567890123456789012", "12345678901234567890123456789012"},
    {"123456789012345678901234567890123", NULL},
};

static void
test_amounts(void)
{
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        struct gl_text text = text_of(amounts[i].text);

        tap_int(gl_amount_read(&text), amounts[i].amount != NULL,
                "amount \"%s\"", amounts[i].text);
        if (amounts[i].amount != NULL)
            tap_mem(text.data, text.len, amounts[i].amount,
                    strlen(amounts[i].amount), "is %s", amounts[i].amount);
    }
}

/* Why NAME is refused, or what is kept of it. */
static void
is_name(const char *name, const char *wrong, const char *kept)
{
    struct gl_text text = text_of(name);
    const char *why;

    tap_int(gl_name_read(request_memory_of(&memory, -1), &text, &why), 0,
            "a name is read");
    tap_str(why, wrong, "and refused, or not");
    tap_mem(text.data, text.len, kept, strlen(kept), "as %.20s", kept);
    request_memory_free(&memory);
}

static void
test_names(void)
{
    char name[2 * 121 + 1] = "", kept[122];

    for (int i = 0; i < 120; i++)
        strcat(name, "\xc3\xa9");
    is_name(name, NULL, name);
    strcat(name, "a");
    is_name(name, "is over 120 characters", name);
    is_name(" \xc2\xa0", "must not be blank", " \xc2\xa0");
    is_name("\t\n", "must not be blank", "  ");
    is_name("a\tb\xc2\x85"
            "c",
            NULL, "a b c");
    is_name("\x1b[31m\x7f\xc2\x9b", NULL, "%1B[31m%7F%C2%9B");
    is_name("\xe9", NULL, "%E9");
    /* measured as it is kept: 118 and an escape of three */
    memset(name, 'a', 118);
    memset(kept, 'a', 118);
    strcpy(name + 118, "\x1b");
    strcpy(kept + 118, "%1B");
    is_name(name, "is over 120 characters", kept);
}

/* Why a property of so many characters is refused. */
static const char *
prop_wrong(uint32_t key, uint32_t value, int letters)
{
    static char bytes[2 * 2001];
    struct gl_prop prop = {{bytes, key}, {bytes, value}};
    const char *wrong = "";

    for (int i = 0; i < 2001; i++)
        memcpy(bytes + 2 * i, letters ? "\xc3\xa9" : "aa", 2);
    if (letters) {
        prop.key.len *= 2;
        prop.value.len *= 2;
    }
    (void) gl_prop_read(request_memory_of(&memory, 0), &prop, &wrong);
    return wrong;
}

static void
test_props(void)
{
    struct gl_prop odd = {text_of("a\nb"), text_of("\xff")};
    const char *wrong;

    for (int letters = 0; letters <= 1; letters++) {
        tap_str(prop_wrong(300, 2000, letters), NULL, "the longest property");
        tap_ok(prop_wrong(301, 1, letters) != NULL, "a longer key");
        tap_ok(prop_wrong(1, 2001, letters) != NULL, "a longer value");
    }
    tap_int(gl_prop_says(text_of("k"), text_of("v")), 1, "key and value");
    tap_int(gl_prop_says(text_of("k"), text_of(" ")), 0, "a blank value");
    tap_int(gl_prop_says(text_of("\t"), text_of("v")), 0, "a blank key");
    tap_int(gl_prop_read(request_memory_of(&memory, 1), &odd, &wrong), -1,
            "no memory for the second of two odd texts");
    request_memory_free(&memory);
}

static void
test_long_values(void)
{
    char text[4 * GL_LONGEST_source + 2];
    struct gl_text value = {text, 4 * GL_LONGEST_source}, kept;

    for (int i = 0; i < GL_LONGEST_source; i++)
        memcpy(text + 4 * i, "\xf0\x9f\x8d\x9e", 4);
    kept = gl_value_kept(value, GL_LONGEST_source);
    tap_ok(kept.len == value.len, "255 characters of four bytes are kept");
    text[value.len++] = 'a';
    kept = gl_value_kept(value, GL_LONGEST_source);
    tap_mem(kept.data, kept.len, "(too long)", 10, "of 256 that it was long");
}

int
main(void)
{
    test_amounts();
    test_names();
    test_props();
    test_long_values();
    return tap_done();
}
