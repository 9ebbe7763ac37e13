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

static int
read_page(const char *address, int hash, int allowed)
{
    struct gl_text text = {address, (uint32_t) strlen(address)};

    memset(&event, 0, sizeof event);
    return gl_page_read(request_memory_of(&memory, allowed), text, hash,
                        &event);
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
                         (struct gl_text){NULL, 0}, 1, &event),
            0, "also when there is no memory of it");
}

static void
test_wrong(void)
{
    char address[2001];

    memset(address, 'a', sizeof address);
    tap_ok(gl_page_wrong((struct gl_text){address, 2000}) == NULL,
           "2000 bytes are an address");
    tap_str(gl_page_wrong((struct gl_text){address, 2001}),
            "is longer than 2000 bytes", "2001 are none");
    tap_str(gl_page_wrong((struct gl_text){"DATA:text/html,x", 16}),
            "must not be a data: URL", "data: is none");
    tap_ok(gl_page_wrong((struct gl_text){"dat", 3}) == NULL, "dat is one");
}

int
main(void)
{
    test_full();
    test_nothing_taken();
    test_wrong();
    return tap_done();
}
