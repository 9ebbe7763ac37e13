/*
 * Events and counts to msgpack.  The library's packer template is filled in
 * with a bounded buffer as its sink, so that every byte is written in place
 * and the nginx module needs no msgpack library at run time.
 *
 * Nothing allocates, nothing is kept.  Runs in each nginx worker.
 */

#include "event.h"

#include <limits.h>
#include <string.h>

#include <msgpack/sysdep.h>
#include <msgpack/timestamp.h>

#include "apart.h"

struct sink {
    uint8_t *at, *end;
};

static inline int
append(struct sink *sink, const void *bytes, size_t len)
{
    if ((size_t) (sink->end - sink->at) < len)
        return -1;
    memcpy(sink->at, bytes, len);
    sink->at += len;
    return 0;
}

#define msgpack_pack_user struct sink *
#define msgpack_pack_append_buffer(sink, bytes, len)                          \
    return append(sink, bytes, len)
#define msgpack_pack_inline_func(name) static inline int pack##name
#define msgpack_pack_inline_func_cint(name) static inline int pack##name
#define msgpack_pack_inline_func_fixint(name) static inline int pack_fix##name
/* The template calls one of its own by the library's name for it. */
#define msgpack_pack_ext pack_ext
#include <msgpack/pack_template.h>
#undef msgpack_pack_ext

static inline int
pack_text(struct sink *sink, struct gl_text text, uint32_t longest)
{
    int failed = text.len > longest ? -1 : pack_str(sink, text.len);

    if (text.len > 0)
        failed |= append(sink, text.data, text.len);
    return failed;
}

static inline int
pack_utf8(struct sink *sink, struct gl_text text, uint32_t longest)
{
    return pack_text(sink, text, GL_UTF8_BYTES(longest));
}

static int
pack_props(struct sink *sink, const struct gl_prop *props, uint32_t n)
{
    int failed = pack_map(sink, n);
    uint32_t i;

    for (i = 0; i < n; i++) {
        failed |= pack_utf8(sink, props[i].key, GL_EVENT_PROP_KEY_MAX);
        failed |= pack_utf8(sink, props[i].value, GL_EVENT_PROP_VALUE_MAX);
    }
    return failed;
}

static inline uint64_t
at_most(uint64_t value, uint64_t longest)
{
    return longest != 0 && value > longest ? longest : value;
}

#define HAS_UINT(event, member) ((event)->member != 0)
#define HAS_TEXT(event, member) ((event)->member.len != 0)
#define HAS_UTF8(event, member) HAS_TEXT(event, member)
#define HAS_PROPS(event, member) ((event)->member##_n != 0)

#define PACK_UINT(sink, event, member, longest)                               \
    pack_uint64(sink, at_most((event)->member, longest))
#define PACK_TEXT(sink, event, member, longest)                               \
    pack_text(sink, (event)->member, longest)
#define PACK_UTF8(sink, event, member, longest)                               \
    pack_utf8(sink, (event)->member, longest)
#define PACK_PROPS(sink, event, member, longest)                              \
    pack_props(sink, (event)->member,                                         \
               (uint32_t) at_most((event)->member##_n, longest))

/* The map of N entries, behind its first byte, gets a head of several. */
static GL_APART int
pack_long_head(struct sink *sink, uint8_t *map, uint32_t n)
{
    uint8_t bytes[8];
    struct sink head = {bytes, bytes + sizeof bytes};
    int failed = pack_map(&head, n);
    size_t more = (size_t) (head.at - bytes) - 1;

    if (failed != 0 || (size_t) (sink->end - sink->at) < more)
        return -1;
    memmove(map + 1 + more, map + 1, (size_t) (sink->at - map - 1));
    memcpy(map, bytes, more + 1);
    sink->at += more;
    return 0;
}

/* The head of a map of up to 15 entries, as nearly all are, is one byte. */
static inline int
pack_head(struct sink *sink, uint8_t *map, uint32_t n)
{
    struct sink head = {map, map + 1};

    return n < 16 ? pack_map(&head, n) : pack_long_head(sink, map, n);
}

/* Of the fields whose bits, by their keys, are in WHICH: known when this is
 * compiled, so that no other field is looked at. */
static inline __attribute__((always_inline)) size_t
encode(const struct gl_event *event, uint8_t *buf, size_t cap, uint64_t which)
{
    struct sink sink = {buf + 1, buf + cap};
    uint32_t n = 0;
    int failed = 0;

    if (cap == 0)
        return 0;
#define GL_FIELD(key, member, type, longest, meaning)                         \
    if ((which >> key & 1) != 0 && HAS_##type(event, member)) {               \
        n++;                                                                  \
        failed |= pack_uint8(&sink, key);                                     \
        failed |= PACK_##type(&sink, event, member, longest);                 \
    }
#include "event_fields.h"
#undef GL_FIELD
    failed |= pack_head(&sink, buf, n);
    return failed != 0 ? 0 : (size_t) (sink.at - buf);
}

size_t
gl_event_encode(const struct gl_event *event, uint8_t *buf, size_t cap)
{
    return encode(event, buf, cap, UINT64_MAX);
}

size_t
gl_served_encode(const struct gl_event *event, uint8_t *buf, size_t cap)
{
#define BIT(key) (UINT64_C(1) << (key))
    /* schema, site, kind, path, agent, evidence, visitor and his id before;
     * all of a reply; who it may be */
    return encode(event, buf, cap,
                  BIT(0) | BIT(1) | BIT(2) | BIT(5) | BIT(15) | BIT(16) |
                      BIT(28) | BIT(29) | BIT(31) | BIT(32) | BIT(33) |
                      BIT(34) | BIT(35) | BIT(36) | BIT(37) | BIT(38) |
                      BIT(39) | BIT(40));
#undef BIT
}

size_t
gl_counts_encode(const struct gl_count *counts, uint32_t n, uint8_t *buf,
                 size_t cap)
{
    struct sink sink = {buf, buf + cap};
    uint32_t i;

    if (n > GL_COUNTS_MAX)
        return 0;
    int failed = pack_map(&sink, 2);
    failed |= pack_uint8(&sink, 0) | pack_uint8(&sink, GL_EVENT_SCHEMA);
    failed |= pack_uint8(&sink, 1) | pack_array(&sink, n);
    for (i = 0; i < n; i++) {
        failed |= pack_array(&sink, 3);
        failed |= pack_text(&sink, counts[i].site, UINT8_MAX);
        failed |= pack_text(&sink, counts[i].reason, UINT8_MAX);
        failed |= pack_uint64(&sink, counts[i].n);
    }
    return failed != 0 ? 0 : (size_t) (sink.at - buf);
}
