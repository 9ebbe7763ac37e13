/*
 * Promise: whatever the worker encodes the aggregator reads back the same, and
 * whatever somebody else puts into a payload is refused with a sentence or
 * read within its bounds: no bomb, no overrun, no deep nesting.
 */

#include "event.h"
#include "segment.h"
#include "tap.h"

#include <string.h>

#define ROUND_TRIPS 3000
#define MUTATIONS 40000

static struct gl_decoder *decoder;
static uint8_t payload[GL_FRAME_PAYLOAD_MAX + 64];
static char pool[16384]; /* texts of random events point in here */

static struct gl_text
text(const char *string)
{
    return (struct gl_text){string, (uint32_t) strlen(string)};
}

static struct gl_event
least(void)
{
    return (struct gl_event){.schema = 1,
                             .kind = GL_PAGEVIEW,
                             .site = text("example.com"),
                             .visitor = 1};
}

static uint64_t
random_uint(uint64_t longest)
{
    uint64_t value = tap_random() >> tap_below(64);

    return longest != 0 && value > longest ? longest : value;
}

static struct gl_text
random_text(uint32_t longest)
{
    uint32_t len = (uint32_t) tap_below(tap_below(8) == 0 ? longest + 1 : 20);

    if (len > longest)
        len = longest;
    return (struct gl_text){
        len > 0 ? pool + tap_below(sizeof pool - len) : NULL, len};
}

static void
random_props(struct gl_event *event)
{
    uint32_t i;

    event->props_n = (uint32_t) tap_below(GL_EVENT_PROPS_MAX + 1);
    for (i = 0; i < event->props_n; i++) {
        event->props[i].key = random_text(GL_EVENT_PROP_KEY_MAX);
        event->props[i].value = random_text(GL_EVENT_PROP_VALUE_MAX / 20);
    }
}

#define RANDOM_UINT(member, longest) event->member = random_uint(longest)
#define RANDOM_TEXT(member, longest)                                          \
    if (tap_below(2))                                                         \
    event->member = random_text(longest)
#define RANDOM_UTF8(member, longest)                                          \
    RANDOM_TEXT(member, GL_UTF8_BYTES(longest))
#define RANDOM_PROPS(member, longest) random_props(event)

static void
random_event(struct gl_event *event)
{
    memset(event, 0, sizeof *event);
#define GL_FIELD(key, member, type, longest, meaning)                         \
    RANDOM_##type(member, longest);
#include "event_fields.h"
#undef GL_FIELD
    event->schema = 1;
    event->kind = 1 + tap_below(3);
    event->site = text("example.com");
    if (event->visitor == 0)
        event->visitor = 1;
}

static int
same_text(struct gl_text a, struct gl_text b)
{
    return a.len == b.len && (a.len == 0 ? b.data == NULL || a.data == NULL
                                         : memcmp(a.data, b.data, a.len) == 0);
}

static int
same_props(const struct gl_event *a, const struct gl_event *b)
{
    uint32_t i;

    for (i = 0; i < a->props_n && i < b->props_n; i++)
        if (!same_text(a->props[i].key, b->props[i].key) ||
            !same_text(a->props[i].value, b->props[i].value))
            return 0;
    return a->props_n == b->props_n;
}

#define SAME_UINT(member) (a->member == b->member)
#define SAME_TEXT(member) same_text(a->member, b->member)
#define SAME_UTF8(member) SAME_TEXT(member)
#define SAME_PROPS(member) same_props(a, b)

static int
same_event(const struct gl_event *a, const struct gl_event *b)
{
    int same = 1;

#define GL_FIELD(key, member, type, longest, meaning)                         \
    same &= SAME_##type(member);
#include "event_fields.h"
#undef GL_FIELD
    return same;
}

static void
round_trips(void)
{
    struct gl_event event, read;
    int i, failed = 0, differ = 0, whole = 0;
    const char *why;
    size_t len;

    for (i = 0; i < ROUND_TRIPS; i++) {
        random_event(&event);
        len = gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX);
        if (len == 0)
            continue;
        whole++;
        if (gl_event_decode(decoder, &read, payload, len, &why) != 0)
            failed++;
        else
            differ += !same_event(&event, &read);
    }
    tap_ok(whole > ROUND_TRIPS / 2, "most random events fit a frame");
    tap_int(failed, 0, "all of them decode");
    tap_int(differ, 0, "to what they were");
}

static void
small_buffers(void)
{
    struct gl_event event = least();
    size_t whole, cap, wrong = 0;
    uint8_t buf[512];

    event.path = text("/a/path/that/needs/more/than/one/length/byte/x");
    event.props_n = 1;
    event.props[0] = (struct gl_prop){text("key"), text("value")};
    whole = gl_event_encode(&event, buf, sizeof buf);
    tap_ok(whole > 60, "encoded");
    for (cap = 0; cap < whole; cap++) {
        memset(buf, 0xee, sizeof buf);
        wrong += gl_event_encode(&event, buf, cap) != 0 || buf[cap] != 0xee;
    }
    tap_uint(wrong, 0, "0 in every smaller buffer, nothing written behind it");
    tap_uint(gl_event_encode(&event, buf, whole), whole, "exactly enough");
}

/* Bytes written of an event whose MEMBER has LEN bytes. */
#define ENCODED(member, length)                                               \
    (event = least(), event.member = (struct gl_text){pool, length},          \
     gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX))

static void
too_long(void)
{
    struct gl_event event, read;
    const char *why;
    size_t len;

    memset(pool, 'x', sizeof pool);
    tap_ok(ENCODED(title, 4096) > 0, "1024 characters of four bytes");
    tap_uint(ENCODED(title, 4097), 0, "a byte more is not cut, but refused");
    tap_ok(ENCODED(referrer, 2000) > 0, "2000 characters of ASCII");
    tap_uint(ENCODED(referrer, 2001), 0, "and no more");
    event = least();
    event.props_n = 1;
    event.props[0] = (struct gl_prop){{pool, 1200}, {pool, 4000}};
    tap_ok(gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX) > 0,
           "a property of 300 characters");
    event.props[0].key.len++;
    tap_uint(gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX), 0,
             "and no more");
    event = least();
    event.scroll_depth = 5000;
    len = gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX);
    tap_int(gl_event_decode(decoder, &read, payload, len, &why), 0,
            "a number beyond its field is written as its largest");
    tap_uint(read.scroll_depth, 255, "that is 255");
}

struct hostile {
    const char *name;
    const char *bytes;
    size_t len;
    const char *why; /* NULL: is read */
};

#define BYTES(string) string, sizeof string - 1
/* schema 1, site "a", kind 1, visitor 1; to be counted into the map */
#define GOOD                                                                  \
    "\x00\x01\x01\xa1"                                                        \
    "a\x02\x01\x1c\x01"

static const struct hostile hostiles[] = {
    {"the least", BYTES("\x84" GOOD), NULL},
    {"nothing", BYTES(""),
     "payload is empty or longer than a frame may carry"},
    {"a number", BYTES("\x01"), "not one msgpack map"},
    {"a list", BYTES("\x91\x01"), "not one msgpack map"},
    {"two maps", BYTES("\x84" GOOD "\x80"), "not one msgpack map"},
    {"trailing byte", BYTES("\x84" GOOD "\x00"), "not one msgpack map"},
    {"map of 4 billion", BYTES("\xdf\xff\xff\xff\xff" GOOD),
     "payload ends inside a value"},
    {"list of 4 billion", BYTES("\x85" GOOD "\x60\xdd\xff\xff\xff\xff"),
     "payload ends inside a value"},
    {"text of 4 GiB", BYTES("\x85" GOOD "\x05\xdb\xff\xff\xff\xffx"),
     "payload ends inside a value"},
    {"bin of 4 GiB", BYTES("\x85" GOOD "\x05\xc6\xff\xff\xff\xffx"),
     "payload ends inside a value"},
    {"extension", BYTES("\x85" GOOD "\x60\xd4\x01x"),
     "not msgpack, or an extension type"},
    {"extension of 4 GiB", BYTES("\x85" GOOD "\x60\xc9\xff\xff\xff\xff\x01x"),
     "not msgpack, or an extension type"},
    {"reserved byte", BYTES("\x85" GOOD "\x60\xc1"),
     "not msgpack, or an extension type"},
    {"unknown key of depth 4", BYTES("\x85" GOOD "\x60\x91\x91\x91\x01"),
     NULL},
    {"depth 5", BYTES("\x85" GOOD "\x60\x91\x91\x91\x91\x01"),
     "containers nested deeper than 4"},
    {"unknown keys of all types",
     BYTES("\x88" GOOD "\xa1k\xc0\x61\xcb\x00\x00\x00\x00\x00\x00\x00\x00\x62"
           "\x82\xc2\xc3\xff\x90\x63\xc4\x01x"),
     NULL},
    {"text as a number", BYTES("\x85" GOOD "\x05\x07"), "text expected"},
    {"text as nil", BYTES("\x85" GOOD "\x05\xc0"), "text expected"},
    {"text as bytes", BYTES("\x85" GOOD "\x05\xc4\x01x"), "text expected"},
    {"number as text", BYTES("\x85" GOOD "\x10\xa1x"), "number expected"},
    {"number below 0", BYTES("\x85" GOOD "\x10\xff"), "number expected"},
    {"number as signed", BYTES("\x85" GOOD "\x10\xd0\x05"), NULL},
    {"properties as text", BYTES("\x85" GOOD "\x16\xa1x"), "map expected"},
    {"property of a map", BYTES("\x85" GOOD "\x16\x81\xa1k\x80"),
     "text expected"},
    {"property of a number", BYTES("\x85" GOOD "\x16\x81\xa1k\x05"),
     "text expected"},
    {"country of three",
     BYTES("\x85" GOOD "\x13\xa3"
           "DEU"),
     "text longer than its field"},
    {"number too large", BYTES("\x85" GOOD "\x19\xcd\x01\x00"),
     "number larger than its field"},
    {"schema 2",
     BYTES("\x84\x00\x02\x01\xa1"
           "a\x02\x01\x1c\x01"),
     "schema is not 1"},
    {"no schema",
     BYTES("\x83\x01\xa1"
           "a\x02\x01\x1c\x01"),
     "schema is not 1"},
    {"no kind",
     BYTES("\x83\x00\x01\x01\xa1"
           "a\x1c\x01"),
     "unknown kind of event"},
    {"kind 4",
     BYTES("\x84\x00\x01\x01\xa1"
           "a\x02\x04\x1c\x01"),
     "number larger than its field"},
    {"no site", BYTES("\x83\x00\x01\x02\x01\x1c\x01"), "no site"},
    {"empty site", BYTES("\x84\x00\x01\x01\xa0\x02\x01\x1c\x01"), "no site"},
    {"no visitor",
     BYTES("\x83\x00\x01\x01\xa1"
           "a\x02\x01"),
     "no visitor"},
};

static void
refusals(void)
{
    struct gl_event event;
    const char *why;
    size_t i;

    for (i = 0; i < sizeof hostiles / sizeof *hostiles; i++) {
        const struct hostile *h = &hostiles[i];

        why = NULL;
        memcpy(payload, h->bytes, h->len);
        tap_int(gl_event_decode(decoder, &event, payload, h->len, &why),
                h->why == NULL ? 0 : -1, "%s: %s", h->name,
                h->why == NULL ? "is read" : "is refused");
        tap_str(why, h->why, "%s: the reason", h->name);
    }
    memset(payload, 0x80, sizeof payload);
    tap_int(gl_event_decode(decoder, &event, payload, GL_FRAME_PAYLOAD_MAX + 1,
                            &why),
            -1, "longer than a frame may carry");
}

/* 31 properties: one more than an event holds. */
static void
many_props(void)
{
    static const uint8_t head[] = "\x85" GOOD "\x16\xde\x00\x1f";
    struct gl_event event;
    const char *why = NULL;
    size_t len = sizeof head - 1;
    int i;

    memcpy(payload, head, len);
    for (i = 0; i < 31; i++) {
        memcpy(payload + len, "\xa1k\xa1v", 4);
        len += 4;
    }
    tap_int(gl_event_decode(decoder, &event, payload, len, &why), -1,
            "31 properties are refused");
    tap_str(why, "more properties than allowed", "31 properties: the reason");
    payload[sizeof head - 2] = 30;
    tap_int(gl_event_decode(decoder, &event, payload, len - 4, &why), 0,
            "30 properties are read");
    tap_uint(event.props_n, 30, "all 30");
}

/* Truncate, flip and splice a real payload: bounds hold (sanitizers look). */
static void
mutations(void)
{
    struct gl_event event, read;
    uint8_t *exact; /* fenced by nothing behind it but the sanitizer */
    const char *why;
    size_t len, cut, accepted = 0;
    int i;

    random_event(&event);
    event.path = text("/path");
    event.props_n = 2;
    len = gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX);
    if (len == 0)
        tap_bail("the event to mutate does not fit");
    exact = payload + sizeof payload - len;
    memmove(exact, payload, len);
    for (cut = 0; cut < len; cut++)
        accepted += gl_event_decode(decoder, &read, exact, cut, &why) == 0;
    tap_uint(accepted, 0, "no truncation is read");
    for (i = 0; i < MUTATIONS; i++) {
        size_t at = (size_t) tap_below(len);
        uint8_t before = exact[at];

        exact[at] = (uint8_t) tap_random();
        if (gl_event_decode(decoder, &read, exact, len, &why) == 0)
            accepted += read.path.len + read.props_n > 0;
        if (i % 64 != 0) /* let some damage pile up */
            exact[at] = before;
    }
    tap_ok(1, "%d mutations stayed in bounds, %zu were events", MUTATIONS,
           accepted);
}

static void
counts(void)
{
    static const struct gl_count few[] = {
        {{NULL, 0}, {"unknown_site", 12}, 7},
        {{"example.com", 11}, {"prefetch", 8}, UINT64_MAX},
    };
    struct gl_count many[GL_COUNTS_MAX], read[GL_COUNTS_MAX];
    const char *why = NULL;
    size_t len = gl_counts_encode(few, 2, payload, GL_FRAME_PAYLOAD_MAX), i;

    tap_int(gl_counts_decode(decoder, read, payload, len, &why), 2, "two");
    tap_ok(read[0].site.len == 0 && read[0].n == 7 &&
               same_text(read[0].reason, few[0].reason),
           "the first has no site");
    tap_ok(same_text(read[1].site, few[1].site) && read[1].n == UINT64_MAX,
           "the second is as it was");
    for (i = 0; i < GL_COUNTS_MAX; i++)
        many[i] = few[1];
    len = gl_counts_encode(many, GL_COUNTS_MAX, payload, GL_FRAME_PAYLOAD_MAX);
    tap_int(gl_counts_decode(decoder, read, payload, len, &why), GL_COUNTS_MAX,
            "as many as a frame carries");
    tap_uint(gl_counts_encode(many, GL_COUNTS_MAX + 1, payload,
                              GL_FRAME_PAYLOAD_MAX),
             0, "one more is not written");
    len = gl_counts_encode(few, 0, payload, GL_FRAME_PAYLOAD_MAX);
    tap_int(gl_counts_decode(decoder, read, payload, len, &why), 0, "none");
    tap_int(gl_counts_decode(decoder, read,
                             (const uint8_t *) "\x82\x00\x01"
                                               "\x01\x91\x92\xa0\xa0",
                             8, &why),
            -1, "a pair is no count");
    tap_str(why, "count is not [site, reason, n]", "the reason");
}

int
main(void)
{
    size_t i;

    decoder = gl_decoder_new();
    if (decoder == NULL)
        tap_bail("out of memory");
    for (i = 0; i < sizeof pool; i++)
        pool[i] = (char) ('a' + tap_below(26));
    round_trips();
    small_buffers();
    too_long();
    refusals();
    many_props();
    mutations();
    counts();
    gl_decoder_free(decoder);
    return tap_done();
}
