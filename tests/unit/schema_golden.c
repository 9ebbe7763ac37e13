/*
 * Promise: the format does not move.  The frames in schema/golden were written
 * once; today's encoder still writes these bytes and today's decoder reads
 * what golden.json says.  A frame of a format not known to this build is none.
 * tests/module/golden_frames.t asks another msgpack library the same.
 *
 * After adding a frame to golden.json: GOLDEN_WRITE=1
 * build/tests/schema_golden writes its file, and refuses to change one that is
 * there.
 */

#include "event.h"
#include "segment.h"
#include "tap.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "schema/golden/"

struct bytes {
    uint8_t data[GL_FRAME_MAX];
    size_t len;
};

static struct gl_text
text_of(const json_t *value)
{
    struct gl_text text = {json_string_value(value),
                           (uint32_t) json_string_length(value)};

    if (text.len == 0)
        text.data = NULL;
    return text;
}

static uint64_t
uint_of(const json_t *value)
{
    return (uint64_t) json_integer_value(value);
}

static void
props_of(struct gl_event *event, json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach (object, key, value) {
        struct gl_prop *prop = &event->props[event->props_n++];

        prop->key = (struct gl_text){key, (uint32_t) strlen(key)};
        prop->value = text_of(value);
    }
}

#define OF_UINT(member) event->member = uint_of(value)
#define OF_TEXT(member) event->member = text_of(value)
#define OF_UTF8(member) OF_TEXT(member)
#define OF_PROPS(member) props_of(event, value)

static void
event_of(struct gl_event *event, const json_t *described)
{
    json_t *value;
    size_t known = 0;

    memset(event, 0, sizeof *event);
#define GL_FIELD(key, member, type, longest, meaning)                         \
    if ((value = json_object_get(described, #member)) != NULL) {              \
        OF_##type(member);                                                    \
        known++;                                                              \
    }
#include "event_fields.h"
#undef GL_FIELD
    if (known != json_object_size(described))
        tap_bail("golden.json names a field that event_fields.h has not");
}

static uint32_t
counts_of(struct gl_count *counts, const json_t *described)
{
    json_t *tuple;
    size_t i;

    json_array_foreach (described, i, tuple) {
        counts[i].site = text_of(json_array_get(tuple, 0));
        counts[i].reason = text_of(json_array_get(tuple, 1));
        counts[i].n = uint_of(json_array_get(tuple, 2));
    }
    return (uint32_t) json_array_size(described);
}

static void
encode(struct bytes *frame, const json_t *described, const uint8_t *id)
{
    uint8_t *payload = frame->data + GL_FRAME_HEADER_BYTES;
    json_t *counts_json = json_object_get(described, "counts");
    struct gl_count counts[GL_COUNTS_MAX];
    struct gl_event event;
    size_t len;

    if (counts_json != NULL) {
        uint32_t n = counts_of(counts, counts_json);

        len = gl_counts_encode(counts, n, payload, GL_FRAME_PAYLOAD_MAX);
    } else {
        event_of(&event, json_object_get(described, "event"));
        len = gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX);
    }
    frame->len = gl_frame_write(
        frame->data, id, (uint32_t) len,
        (uint32_t) uint_of(json_object_get(described, "index")),
        (uint32_t) uint_of(json_object_get(described, "delta_ms")),
        (uint16_t) uint_of(json_object_get(described, "type")));
}

static int
same_text(struct gl_text a, struct gl_text b)
{
    return a.len == b.len &&
           (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

#define SAME_UINT(member) (a->member == b->member)
#define SAME_TEXT(member) same_text(a->member, b->member)
#define SAME_UTF8(member) SAME_TEXT(member)
#define SAME_PROPS(member) (a->member##_n == b->member##_n)

static void
check_event(const struct gl_event *a, const struct gl_event *b,
            const char *file)
{
    uint32_t i;

#define GL_FIELD(key, member, type, longest, meaning)                         \
    tap_ok(SAME_##type(member), "%s: %s is read as described", file, #member);
#include "event_fields.h"
#undef GL_FIELD
    for (i = 0; i < a->props_n && i < b->props_n; i++)
        tap_ok(same_text(a->props[i].key, b->props[i].key) &&
                   same_text(a->props[i].value, b->props[i].value),
               "%s: property %u", file, i);
}

static void
check_counts(struct gl_decoder *decoder, const struct gl_frame *frame,
             const json_t *described, const char *file)
{
    struct gl_count counts[GL_COUNTS_MAX], wanted[GL_COUNTS_MAX];
    const char *why = "";
    int n = gl_counts_decode(decoder, counts, frame->payload,
                             frame->payload_len, &why);
    int i;

    tap_int(n, counts_of(wanted, described), "%s: all counts %s", file, why);
    for (i = 0; i < n; i++)
        tap_ok(same_text(counts[i].site, wanted[i].site) &&
                   same_text(counts[i].reason, wanted[i].reason) &&
                   counts[i].n == wanted[i].n,
               "%s: count %d", file, i);
}

static uint16_t
major_of(const json_t *described)
{
    const json_t *major = json_object_get(described, "major");

    return major == NULL ? 1 : (uint16_t) uint_of(major);
}

/* Under its own number and under all that are known. */
static void
check_unknown(const struct bytes *bytes, const uint8_t *id, uint16_t major,
              const char *file)
{
    struct gl_segment_header header = {.major = major};
    struct gl_frame frame;

    memcpy(header.id, id, sizeof header.id);
    for (;; header.major--) {
        tap_int(gl_frame_read(&frame, bytes->data, bytes->len, &header, 0),
                GL_FRAME_BAD, "%s: no frame of format %u", file, header.major);
        if (header.major == 0)
            break;
    }
}

static void
check_frame(struct gl_decoder *decoder, const struct bytes *bytes,
            const json_t *described, const uint8_t *id, const char *file)
{
    uint32_t index = (uint32_t) uint_of(json_object_get(described, "index"));
    struct gl_segment_header header = {.major = major_of(described)};
    struct gl_event event, wanted;
    struct gl_frame frame;
    const char *why = "";

    memcpy(header.id, id, sizeof header.id);
    tap_int(gl_frame_read(&frame, bytes->data, bytes->len, &header, index),
            GL_FRAME_OK, "%s: the frame is valid", file);
    tap_int(frame.delta_ms,
            json_integer_value(json_object_get(described, "delta_ms")),
            "%s: delta", file);
    if (frame.type == GL_FRAME_COUNTS) {
        check_counts(decoder, &frame, json_object_get(described, "counts"),
                     file);
        return;
    }
    tap_int(gl_event_decode(decoder, &event, frame.payload, frame.payload_len,
                            &why),
            0, "%s: the payload is an event %s", file, why);
    event_of(&wanted, json_object_get(described, "event"));
    check_event(&event, &wanted, file);
}

/* 0, or -1 when there is no such file. */
static int
load(struct bytes *bytes, const char *path)
{
    FILE *in = fopen(path, "rb");

    if (in == NULL)
        return -1;
    bytes->len = fread(bytes->data, 1, sizeof bytes->data, in);
    fclose(in);
    return 0;
}

static void
store(const struct bytes *bytes, const char *path)
{
    FILE *out = fopen(path, "wbx");

    if (out == NULL || fwrite(bytes->data, 1, bytes->len, out) != bytes->len ||
        fclose(out) != 0)
        tap_bail("cannot write %s", path);
}

static void
check_file(struct gl_decoder *decoder, const json_t *described,
           const uint8_t *id, const char *file)
{
    const uint16_t major = major_of(described);
    struct bytes made, stored;
    char path[256];

    snprintf(path, sizeof path, FOLDER "%s", file);
    if (major == GL_SEGMENT_MAJOR)
        encode(&made, described, id);
    if (major == GL_SEGMENT_MAJOR && getenv("GOLDEN_WRITE") != NULL &&
        load(&stored, path) == -1)
        store(&made, path);
    if (load(&stored, path) == -1)
        tap_bail("cannot read %s", path);
    if (major == GL_SEGMENT_MAJOR)
        tap_mem(made.data, made.len, stored.data, stored.len,
                "%s: the encoder writes these bytes", file);
    if (gl_segment_is_known(major))
        check_frame(decoder, &stored, described, id, file);
    else
        check_unknown(&stored, id, major, file);
}

int
main(void)
{
    json_t *golden = json_load_file(FOLDER "golden.json", 0, NULL);
    struct gl_decoder *decoder = gl_decoder_new();
    uint8_t id[GL_SEGMENT_ID_BYTES];
    json_t *described;
    size_t i;

    if (golden == NULL || decoder == NULL)
        tap_bail("cannot read " FOLDER "golden.json");
    for (i = 0; i < sizeof id; i++)
        id[i] = (uint8_t) i; /* as "segment" spells it */
    json_array_foreach (json_object_get(golden, "frames"), i, described) {
        const char *file =
            json_string_value(json_object_get(described, "file"));

        check_file(decoder, described, id, file);
    }
    gl_decoder_free(decoder);
    json_decref(golden);
    return tap_done();
}
