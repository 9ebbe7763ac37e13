/*
 * Promise: a visitor is the same on all hosts of one registrable domain and
 * another on a second domain of the site; an address is one whatever way it is
 * written; values of any length stay within the bytes that are hashed.
 */

#include <string.h>

#include "request/visitor.h"
#include "tap.h"

static int asked;

/* A list on which every two last labels are a domain. */
static const char *
two_labels(const void *from, const char *host)
{
    const char *at = strrchr(host, '.');

    (void) from;
    asked++;
    while (at != NULL && at > host && at[-1] != '.')
        at--;
    return at;
}

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static void
is_text(struct gl_text text, const char *want, const char *name)
{
    tap_mem(text.data, text.len, want, strlen(want), "%s", name);
}

static void
is_domain(const char *site, const char *host, const char *want, int asks)
{
    const struct gl_suffixes suffixes = {two_labels, NULL};
    struct gl_event event = {.site = text_of(site), .host = text_of(host)};

    asked = 0;
    is_text(gl_visitor_domain(&event, suffixes), want, host);
    tap_int(asked, asks, "the list was asked %d times", asks);
}

static void
test_domains(void)
{
    is_domain("a.example", "a.example", "a.example", 0);
    is_domain("a.example", "shop.a.example", "a.example", 0);
    is_domain("x.a.example", "shop.a.example", "x.a.example", 1);
    is_domain("a.example", "www2.b.example", "b.example", 1);
    is_domain("a.example", "localhost", "localhost", 1);
    is_domain("a.example", "(none)", "a.example", 0);
}

#define IPV4 "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc6\x33\x64\x07"
#define IPV6 "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"

static const struct {
    const char *text, *bytes; /* NULL: stays as it is written */
} addresses[] = {
    {"198.51.100.7", IPV4},
    {"198.51.100.7:443", IPV4},
    {"::ffff:198.51.100.7", IPV4},
    {"::FFFF:c633:6407", IPV4},
    {"[::ffff:198.51.100.7]:443", IPV4},
    {"2001:db8::1", IPV6},
    {"2001:DB8:0:0::0001", IPV6},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", IPV6},
    {"[2001:db8::1]:443", IPV6},
    {"[2001:db8::1", IPV6},
    {"2001:db8::1%eth0", IPV6},
    {"[2001:db8::1%25eth0]:1", IPV6},
    {"198.51.100.256", NULL},
    {"198.51.100", NULL},
    {"unix:", NULL},
    {"", NULL},
    {"[", NULL},
    {":", NULL},
    {"somebody", NULL},
    {"1234567890123456789012345678901234567890123456", NULL},
};

static void
test_addresses(void)
{
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        const char *text = addresses[i].text, *want = addresses[i].bytes;
        uint8_t bytes[GL_VISITOR_IP_BYTES];
        struct gl_text address = gl_visitor_address(text_of(text), bytes);

        tap_mem(address.data, address.len, want != NULL ? want : text,
                want != NULL ? sizeof bytes : strlen(text), "\"%s\"%s", text,
                want != NULL ? "" : " is no address");
    }
}

static void
test_bytes(void)
{
    static char longest[1000], bytes[GL_VISITOR_BYTES_MAX];
    struct gl_text text = {longest, sizeof longest};
    struct gl_event event = {.site = text_of("s"), .agent = text_of("UA")};

    tap_mem(bytes, gl_visitor_bytes(bytes, &event, text_of("d"), text_of("a")),
            "s\0d\0a\0UA", 8, "site, domain, address, agent");
    event.site = event.agent = text;
    tap_uint(gl_visitor_bytes(bytes, &event, text, text), sizeof bytes,
             "the longest of each");
    tap_uint(gl_visitor_id(UINT64_C(1) << 63), 1, "an id is never 0");
    tap_uint(gl_visitor_id(UINT64_MAX), GL_VISITOR_MASK, "and has 63 bits");
}

int
main(void)
{
    test_domains();
    test_addresses();
    test_bytes();
    return tap_done();
}
