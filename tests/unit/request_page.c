/*
 * Promise: a page's address becomes host, path, campaign and the name of a
 * click id; nothing else of it is kept; with memory that runs out it says so
 * and nothing else.  tests/module/url.t has the whole table, through nginx.
 */

#include <string.h>

#include "request/page.h"
#include "request_memory.h"
#include "tap.h"

static struct request_memory memory;
static struct gl_event event;
static const char *wrong;

static int
read_page(const char *address, int hash, int allowed)
{
    struct gl_text text = {address, (uint32_t) strlen(address)};

    memset(&event, 0, sizeof event);
    return gl_page_read(request_memory_of(&memory, allowed), text, hash,
                        &event, &wrong);
}

static void
is_text(struct gl_text text, const char *want, const char *name)
{
    tap_mem(text.len > 0 ? text.data : "", text.len, want, strlen(want), "%s",
            name);
}

#define FULL                                                                  \
    "https://eve@WWW.Shop.example:8443/caf%C3%A9%20?utm_source=a+b&gclid=x"   \
    "&fbclid=y&ref=r%2B&secret=s&utm_term=%ff#/cart%20"

static void
test_full(void)
{
    int taken;

    tap_int(read_page(FULL, 1, -1), 0, "an address with everything");
    taken = memory.taken;
    is_text(event.host, "shop.example", "host");
    is_text(event.path, "/caf\xc3\xa9#/cart ", "path with its fragment");
    is_text(event.utm_source, "a b", "campaign");
    is_text(event.utm_term, "%FF", "what is no UTF-8 is still there");
    is_text(event.source, "r+", "ref is the source");
    is_text(event.click_id, "gclid", "the first click id, only its name");
    request_memory_free(&memory);
    for (int allowed = 0; allowed < taken; allowed++) {
        tap_int(read_page(FULL, 1, allowed), -1, "memory for %d of %d texts",
                allowed, taken);
        request_memory_free(&memory);
    }
}

static void
test_nothing_taken(void)
{
    tap_int(read_page("https://shop.example/a?utm_source=b", 0, 0), 0,
            "an address of plain bytes takes no memory");
    tap_int(read_page("", 0, 0), 0, "nothing is an address");
    is_text(event.host, "(none)", "without a host");
    is_text(event.path, "/", "of the first page");
    memset(&event, 0, sizeof event);
    tap_int(gl_page_read(request_memory_of(&memory, 0),
                         (struct gl_text){NULL, 0}, 1, &event, &wrong),
            0, "also when there is no memory of it");
}

/* Links that Matomo's owners have out there. */
static void
test_matomo(void)
{
    read_page("https://a.example/?mtm_campaign=c&mtm_source=s&mtm_medium=m"
              "&mtm_kwd=k&mtm_content=%63&mtm_other=x&pk_campaign=late",
              0, -1);
    is_text(event.utm_campaign, "c", "mtm_campaign");
    is_text(event.utm_source, "s", "mtm_source");
    is_text(event.utm_medium, "m", "mtm_medium");
    is_text(event.utm_term, "k", "mtm_kwd");
    is_text(event.utm_content, "c", "mtm_content");
    request_memory_free(&memory);
    read_page(
        "https://a.example/?pk_kwd=k&utm_term=u&utm_source=v&pk_source=w", 0,
        -1);
    is_text(event.utm_term, "u", "a utm_ key outranks them");
    is_text(event.utm_source, "v", "wherever it stands");
    request_memory_free(&memory);
}

static void
test_wrong(void)
{
    char address[2100] = "https://a.example/";

    memset(address + strlen(address), 'a', 1999);
    read_page(address, 0, -1);
    tap_ok(wrong == NULL, "2000 characters are a path");
    strcat(address, "?b#c");
    read_page(address, 0, -1);
    tap_ok(wrong == NULL, "whatever follows it");
    read_page(address, 1, -1);
    tap_str(wrong, "has a path of over 2000 characters",
            "a fragment may be a part of it");
    request_memory_free(&memory);
    read_page("DATA:text/html,x", 0, -1);
    tap_str(wrong, "must not be a data: URL", "data: is none");
    read_page(" data:text/html,x", 0, -1);
    tap_str(wrong, "must not be a data: URL", "behind blanks neither");
    read_page("dat", 0, -1);
    tap_ok(wrong == NULL, "dat is one");
}

/* Hosts that are none, and blanks around an address, as browsers trim them. */
static void
test_odd(void)
{
    read_page(" \t\nhttps://F.test./a \x1f", 0, -1);
    is_text(event.host, "f.test", "blanks around an address: its host");
    is_text(event.path, "/a", "and its path");
    read_page("https://f.test'X'/a", 0, -1);
    is_text(event.host, "(none)", "what is no host is none");
    is_text(event.path, "/a", "its path stays");
    read_page("/rel", 0, -1);
    is_text(event.host, "(none)", "a path alone has no host");
    request_memory_free(&memory);
}

static void
is_referrer(const char *text, const char *want)
{
    struct gl_text sent = {text, (uint32_t) strlen(text)};

    tap_int(gl_page_referrer(request_memory_of(&memory, -1), sent, &sent), 0,
            "a referrer");
    is_text(sent, want, want);
    request_memory_free(&memory);
}

static void
test_referrer(void)
{
    char long_one[2100] = "https://a.example/";

    is_referrer("https://a.example/b", "https://a.example/b");
    is_referrer(" https://a.example/b?secret=1#c ", "https://a.example/b");
    is_referrer("https://a.example?x", "https://a.example");
    is_referrer("", "");
    is_referrer(" \t", "");
    is_referrer("#x", "");
    is_referrer("https://a.example/\x1b[m\t\xe9",
                "https://a.example/%1B[m %E9");
    memset(long_one + strlen(long_one), 'a', 1982);
    is_referrer(long_one, long_one);
    strcat(long_one, "a");
    is_referrer(long_one, "https://a.example");
    memset(long_one + 8, 'a', sizeof long_one - 9);
    is_referrer(long_one, "");
}

int
main(void)
{
    test_full();
    test_nothing_taken();
    test_matomo();
    test_wrong();
    test_odd();
    test_referrer();
    return tap_done();
}
