/*
 * Door: an event's payload in the spool, written by any process that may write
 * there.  What decodes keeps every promise of event.h, and encoding it gives a
 * payload that decodes to the same.
 */

#include "fuzz.h"
#include "segment.h"

#include <string.h>

static struct gl_decoder *decoder;

struct payload {
    const uint8_t *data;
    size_t len;
};

static void
check_text(struct gl_text text, uint32_t longest, const struct payload *in)
{
    const uint8_t *at = (const uint8_t *) text.data;

    FUZZ_MUST(text.len <= longest);
    FUZZ_MUST(text.len == 0 ||
              (at >= in->data && at + text.len <= in->data + in->len));
}

static void
check_props(const struct gl_event *event, uint32_t longest,
            const struct payload *in)
{
    uint32_t i;

    FUZZ_MUST(event->props_n <= longest);
    for (i = 0; i < event->props_n; i++) {
        check_text(event->props[i].key, GL_UTF8_BYTES(GL_EVENT_PROP_KEY_MAX),
                   in);
        check_text(event->props[i].value,
                   GL_UTF8_BYTES(GL_EVENT_PROP_VALUE_MAX), in);
    }
}

#define CHECK_UINT(member, longest)                                           \
    FUZZ_MUST((longest) == 0 || event->member <= (uint64_t) (longest))
#define CHECK_TEXT(member, longest) check_text(event->member, longest, in)
#define CHECK_UTF8(member, longest) CHECK_TEXT(member, GL_UTF8_BYTES(longest))
#define CHECK_PROPS(member, longest) check_props(event, longest, in)

static void
check_event(const struct gl_event *event, const struct payload *in)
{
#define GL_FIELD(key, member, type, longest, meaning)                         \
    CHECK_##type(member, longest);
#include "event_fields.h"
#undef GL_FIELD
    FUZZ_MUST(event->schema == GL_EVENT_SCHEMA);
    FUZZ_MUST(event->kind >= GL_PAGEVIEW && event->kind <= GL_ENGAGEMENT);
    FUZZ_MUST(event->site.len > 0 && event->visitor != 0);
}

static int
same_text(struct gl_text a, struct gl_text b)
{
    return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
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

static void
check_same(const struct gl_event *a, const struct gl_event *b)
{
#define GL_FIELD(key, member, type, longest, meaning)                         \
    FUZZ_MUST(SAME_##type(member));
#include "event_fields.h"
#undef GL_FIELD
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    decoder = gl_decoder_new();
    FUZZ_MUST(decoder != NULL);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[GL_FRAME_PAYLOAD_MAX], again[GL_FRAME_PAYLOAD_MAX];
    struct payload in = {data, size}, out = {bytes, 0};
    struct gl_event event, copy;
    const char *why = NULL;

    if (gl_event_decode(decoder, &event, data, size, &why) == -1) {
        FUZZ_MUST(why != NULL && why[0] != '\0');
        return 0;
    }
    check_event(&event, &in);
    out.len = gl_event_encode(&event, bytes, sizeof bytes);
    /* the encoder writes the shortest form of everything */
    FUZZ_MUST(out.len > 0 && out.len <= size);
    FUZZ_MUST(gl_event_decode(decoder, &copy, bytes, out.len, &why) == 0);
    check_event(&copy, &out);
    check_same(&event, &copy);
    FUZZ_MUST(gl_event_encode(&copy, again, sizeof again) == out.len);
    FUZZ_MUST(memcmp(bytes, again, out.len) == 0);
    return 0;
}
