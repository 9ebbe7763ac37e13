/*
 * Promise: the address of a page is read and written as address.h says: what
 * is not known is left out, a value comes back byte by byte whatever is in it,
 * and a link changes what it names and nothing else.
 */

#include "dashboard/address.h"
#include "tap.h"

#include <string.h>

static void
check(const char *query, const char *want)
{
    struct gl_address *address = gl_address_read(query);
    char *text = gl_address_with(address, NULL);

    tap_str(text, want, "%s", query == NULL ? "nothing" : query);
    g_free(text);
    gl_address_free(address);
}

static void
test_read(void)
{
    check(NULL, "?");
    check("", "?");
    check("period=7d", "?period=7d");
    check("unknown=1&period=7d&=x&y&&period=30d", "?period=7d");
    check("period=", "?");
    check("q=a+b%26c%3Dd%23%3F", "?q=a%20b%26c%3Dd%23%3F");
    check("q=%ff&sort=%00&page=2%zz", "?");
    check("f=is,visit:source,Google&f=is,visit:source,Google",
          "?f=is,visit:source,Google");
    check("f=is,visit:source&f=is&f=", "?");
    check("f=is,event:page,", "?f=is,event:page,");
    check("fo=is&fd=event:page&fv=a|b", "?f=is,event:page,a%5C%7Cb");
    check("fo=is&fd=event:page&fv=", "?");
    check("q=%22%3E%3Cscript%3E%27", "?q=%22%3E%3Cscript%3E%27");
}

/* Of filters in a group one is enough. */
static void
test_groups(void)
{
    struct gl_address *address;

    check("f1=is,a,b&f=is,c,d&f1=is,e,f", "?f1=is,a,b&f=is,c,d&f1=is,e,f");
    check("f0=is,a,b&fx=is,a,b&f10=is,a,b&f:=is,a,b", "?");
    check("f=is,a,b&fo=is&fd=c&fv=d&fg=0", "?f1=is,a,b&f1=is,c,d");
    check("f3=is,a,b&f=is,c,d&fo=is&fd=e&fv=f&fg=1",
          "?f3=is,a,b&f4=is,c,d&f4=is,e,f");
    check("f3=is,a,b&fo=is&fd=e&fv=f&fg=0", "?f3=is,a,b&f3=is,e,f");
    check("f=is,a,b&fo=is&fd=c&fv=d&fg=7", "?f=is,a,b&f=is,c,d");
    check("fo=is&fd=c&fv=d&fg=0", "?f=is,c,d");

    address = gl_address_read("f=is,a,b&f=is_not,c,d&f1=is,e,f&f=is,gh,i");
    tap_int(gl_address_has(address, "a"), 1, "a must be something");
    tap_int(gl_address_has(address, "c"), 0, "what c must not be is no more");
    tap_int(gl_address_has(address, "e"), 0, "e may be something else");
    tap_int(gl_address_has(address, "g"), 0, "nor is it a part of a name");
    tap_int(gl_address_group(address, 2), 1, "its group");
    gl_address_free(address);
}

static void
test_change(void)
{
    struct gl_address *address =
        gl_address_read("period=day&date=2026-11-01&f=is,a,b&metric=visits");
    char *text = gl_address_with(address, "period", "7d", "date", NULL, NULL);
    json_t *fields = gl_address_fields(address, "period", "date", NULL);

    tap_str(text, "?metric=visits&period=7d&f=is,a,b",
            "one put in, one taken out");
    g_free(text);
    tap_int((int64_t) json_array_size(fields), 2,
            "fields of a form without those it has");
    json_decref(fields);
    gl_address_free(address);
}

/* VALUE of a filter, there and back. */
static void
check_value(const char *value)
{
    struct gl_address *none = gl_address_read(NULL), *one;
    char *text = gl_address_filtered(none, "event:page", value);
    json_t *filter;
    const json_t *values;

    one = gl_address_read(text + 1);
    tap_int((int64_t) gl_address_filters(one), 1, "a filter: %s", text);
    filter = gl_address_filter(one, 0);
    values = json_array_get(filter, 2);
    tap_str(json_string_value(json_array_get(filter, 1)), "event:page",
            "its dimension");
    tap_int((int64_t) json_array_size(values), 1, "one value");
    tap_str(json_string_value(json_array_get(values, 0)), value, "the value");
    json_decref(filter);
    g_free(text);
    gl_address_free(one);
    gl_address_free(none);
}

static void
test_filters(void)
{
    struct gl_address *address = gl_address_read(
        "page=3&detail=pages&q=x&sort=name&f=is,a,1%7C2%5C%7C&f=contains,a,3");
    json_t *filter = gl_address_filter(address, 0);
    char *text = gl_address_filtered(address, "a", "4");

    tap_int((int64_t) json_array_size(json_array_get(filter, 2)), 2,
            "two values, one with a mark in it");
    json_decref(filter);
    tap_str(text, "?f=contains,a,3&f=is,a,4",
            "in the place of what said so; a list of all is left");
    g_free(text);
    text = gl_address_unfiltered(address, 1);
    tap_str(text, "?detail=pages&q=x&sort=name&f=is,a,1%7C2%5C%7C",
            "without one");
    g_free(text);
    text = gl_address_unfiltered_all(address);
    tap_str(text, "?detail=pages&q=x&sort=name", "without any");
    g_free(text);
    gl_address_free(address);
}

static void
test_bounds(void)
{
    GString *query = g_string_new("");
    struct gl_address *address;

    for (int i = 0; i < 100; i++)
        g_string_append_printf(query, "f=is,event:page,%d&", i);
    address = gl_address_read(query->str);
    tap_int((int64_t) gl_address_filters(address), GL_ADDRESS_FILTERS_MAX,
            "so many filters and no more");
    gl_address_free(address);
    g_string_free(query, TRUE);
}

static void
test_plain(void)
{
    static const char *const plain[] = {"",
                                        "fresh",
                                        "period=7d",
                                        "period=7d&part=lists",
                                        "period=7d&f=is,event:page,x&fo=is&q=",
                                        "&&period=7d&"};
    static const char *const other[] = {
        "auth=x", "period=7d&auth=x", "x", "fresh=&x", "=x", "Period=7d"};

    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        tap_int(gl_address_is_plain(plain[i]), 1, "?%s is plain", plain[i]);
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        tap_int(gl_address_is_plain(other[i]), 0, "?%s is not", other[i]);
    tap_int(gl_address_is_plain(NULL), 1, "nothing is plain");
}

/* Of the request, never of a link. */
static void
test_part(void)
{
    static const char *const queries[] = {
        "period=7d&part=x", "part=lists&period=7d", "period=7d&part=report"};

    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct gl_address *address = gl_address_read(queries[i]);

        tap_int(gl_address_part(address), (int64_t) i, "%s", queries[i]);
        gl_address_free(address);
        check(queries[i], "?period=7d");
    }
}

int
main(void)
{
    test_plain();
    test_part();
    test_read();
    test_groups();
    test_change();
    check_value("/blog");
    check_value("a,b|c\\d&e=f?g#h+i%20 j\"'<>");
    check_value("Zürich 日本 {{x}}");
    check_value("");
    test_filters();
    test_bounds();
    return tap_done();
}
