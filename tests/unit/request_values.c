/*
 * Promise: an amount is stored as the number that was sent or not at all; a
 * name or a property that the worker refuses is refused by all.
 */

#include <string.h>

#include "request/values.h"
#include "tap.h"

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

static void
test_names(void)
{
    char name[2 * 121 + 1] = "";

    for (int i = 0; i < 120; i++)
        strcat(name, "\xc3\xa9");
    tap_ok(gl_name_wrong(text_of(name)) == NULL, "120 characters");
    strcat(name, "a");
    tap_str(gl_name_wrong(text_of(name)), "is over 120 characters", "121");
    tap_str(gl_name_wrong(text_of(" \xc2\xa0")), "must not be blank", "none");
}

static void
test_props(void)
{
    static char bytes[2001];
    struct gl_prop prop = {{bytes, 300}, {bytes, 2000}};

    tap_ok(gl_prop_wrong(&prop) == NULL, "the longest property");
    prop.key.len++;
    tap_ok(gl_prop_wrong(&prop) != NULL, "a longer key");
    prop.key.len--;
    prop.value.len++;
    tap_ok(gl_prop_wrong(&prop) != NULL, "a longer value");
    tap_int(gl_prop_says(text_of("k"), text_of("v")), 1, "key and value");
    tap_int(gl_prop_says(text_of("k"), text_of(" ")), 0, "a blank value");
    tap_int(gl_prop_says(text_of("\t"), text_of("v")), 0, "a blank key");
}

int
main(void)
{
    test_amounts();
    test_names();
    test_props();
    return tap_done();
}
