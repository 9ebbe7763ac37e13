/*
 * Payloads to events and counts.  What arrives was written by another process
 * and may be anything.
 *
 * The library's parser template is filled in with callbacks that build a tree
 * of small nodes in the decoder's own memory:
 *
 *   map {28: 5, 22: {"k": "v"}}   node 1: number 28 -> 2 -> 6 -> 7
 *                                 node 6: number 22, node 7: map, first = 4
 *                                 node 4: text "k" -> node 5: text "v"
 *
 * Invariants
 *  1. Nothing is allocated after gl_decoder_new().  Every node took at least
 *     one byte of payload, so GL_FRAME_PAYLOAD_MAX nodes are always enough and
 *     a declared length never sizes anything.
 *  2. Texts point into the payload.
 *  3. No recursion; the parser's stack ends at GL_DEPTH_MAX containers.
 *
 * Runs in the aggregator's writer thread; one decoder per thread.
 */

#include "event.h"
#include "segment.h"

#include <stdlib.h>
#include <string.h>

/* root map, list, tuple: three are in use; one more for what may come */
#define GL_DEPTH_MAX 4
#define MSGPACK_EMBED_STACK_SIZE GL_DEPTH_MAX
#include <msgpack/sysdep.h>
#include <msgpack/unpack.h>
#include <msgpack/unpack_define.h>

enum node_type { NUMBER, TEXT, MAP, ARRAY, OTHER };

struct node {
    union {
        uint64_t number;
        const char *text;
        struct {
            uint16_t first, last; /* children: keys and values in turn */
        } child;
    } is;
    uint16_t len;  /* of a text: bytes; of a container: children */
    uint16_t next; /* sibling; 0 = none */
    uint8_t type;  /* enum node_type */
};

struct gl_decoder {
    uint32_t used; /* nodes; number 0 stays free */
    struct node nodes[GL_FRAME_PAYLOAD_MAX + 1];
};

static inline struct node
node_root(struct gl_decoder **decoder)
{
    (*decoder)->used = 1;
    return (struct node){.type = OTHER};
}

static inline int
node_number(struct node *node, uint64_t number)
{
    *node = (struct node){.is.number = number, .type = NUMBER};
    return 0;
}

static inline int
node_signed(struct node *node, int64_t number)
{
    if (number >= 0)
        return node_number(node, (uint64_t) number);
    *node = (struct node){.type = OTHER};
    return 0;
}

static inline int
node_other(struct node *node)
{
    *node = (struct node){.type = OTHER};
    return 0;
}

static inline int
node_container(struct node *node, enum node_type type)
{
    *node = (struct node){.type = (uint8_t) type};
    return 0;
}

static inline int
node_text(struct node *node, const char *text, unsigned len)
{
    *node = (struct node){.type = TEXT, .len = (uint16_t) len};
    node->is.text = len > 0 ? text : NULL;
    return 0;
}

static inline void
add_child(struct gl_decoder *decoder, struct node *parent, struct node child)
{
    uint16_t at = (uint16_t) decoder->used++;

    child.next = 0;
    decoder->nodes[at] = child;
    if (parent->is.child.first == 0)
        parent->is.child.first = at;
    else
        decoder->nodes[parent->is.child.last].next = at;
    parent->is.child.last = at;
    parent->len++;
}

/* What the parser calls; the first argument is where its user data lies. */
#define USER __attribute__((unused)) struct gl_decoder **user

#define NUMBER_CALLBACK(name, type, make)                                     \
    static inline int unpack_##name(USER, type value, struct node *node)      \
    {                                                                         \
        return make(node, value);                                             \
    }
NUMBER_CALLBACK(uint8, uint8_t, node_number)
NUMBER_CALLBACK(uint16, uint16_t, node_number)
NUMBER_CALLBACK(uint32, uint32_t, node_number)
NUMBER_CALLBACK(uint64, uint64_t, node_number)
NUMBER_CALLBACK(int8, int8_t, node_signed)
NUMBER_CALLBACK(int16, int16_t, node_signed)
NUMBER_CALLBACK(int32, int32_t, node_signed)
NUMBER_CALLBACK(int64, int64_t, node_signed)

#define unpack_root node_root
#define unpack_float(user, value, node) ((void) (value), node_other(node))
#define unpack_double(user, value, node) ((void) (value), node_other(node))
#define unpack_nil(user, node) node_other(node)
#define unpack_true(user, node) node_other(node)
#define unpack_false(user, node) node_other(node)
#define unpack_map(user, n, node) node_container(node, MAP)
#define unpack_array(user, n, node) node_container(node, ARRAY)
#define unpack_str(user, base, text, len, node) node_text(node, text, len)
#define unpack_bin(user, base, text, len, node) node_other(node)
/* we never write an extension: what carries one is not ours */
#define unpack_ext(user, base, text, len, node) (-1)

static inline int
unpack_array_item(struct gl_decoder **user, struct node *array,
                  struct node item)
{
    add_child(*user, array, item);
    return 0;
}

static inline int
unpack_map_item(struct gl_decoder **user, struct node *map, struct node key,
                struct node value)
{
    add_child(*user, map, key);
    add_child(*user, map, value);
    return 0;
}

#define msgpack_unpack_struct(name) struct parser##name
#define msgpack_unpack_func(ret, name) static ret parser##name
#define msgpack_unpack_callback(name) unpack##name
#define msgpack_unpack_object struct node
#define msgpack_unpack_user struct gl_decoder *
#include <msgpack/unpack_template.h>

struct gl_decoder *
gl_decoder_new(void)
{
    return malloc(sizeof(struct gl_decoder));
}

void
gl_decoder_free(struct gl_decoder *decoder)
{
    free(decoder);
}

/* The root map of PAYLOAD into ROOT, or the sentence that says why not. */
static const char *
parse(struct gl_decoder *decoder, struct node *root, const uint8_t *payload,
      size_t len)
{
    struct parser_context parser;
    size_t off = 0;

    if (len == 0 || len > GL_FRAME_PAYLOAD_MAX)
        return "payload is empty or longer than a frame may carry";
    parser.user = decoder;
    parser_init(&parser);
    int result = parser_execute(&parser, (const char *) payload, len, &off);
    if (result == MSGPACK_UNPACK_NOMEM_ERROR)
        return "containers nested deeper than 4";
    if (result < 0)
        return "not msgpack, or an extension type";
    if (result == 0)
        return "payload ends inside a value";
    *root = parser_data(&parser);
    if (off != len || root->type != MAP)
        return "not one msgpack map";
    return NULL;
}

static const char *
set_uint(uint64_t *member, const struct node *value, uint64_t longest)
{
    if (value->type != NUMBER)
        return "number expected";
    if (longest != 0 && value->is.number > longest)
        return "number larger than its field";
    *member = value->is.number;
    return NULL;
}

static const char *
set_text(struct gl_text *member, const struct node *value, uint32_t longest)
{
    if (value->type != TEXT)
        return "text expected";
    if (value->len > longest)
        return "text longer than its field";
    member->data = value->is.text;
    member->len = value->len;
    return NULL;
}

static const char *
set_utf8(struct gl_text *member, const struct node *value, uint32_t longest)
{
    return set_text(member, value, GL_UTF8_BYTES(longest));
}

static const char *
set_props(const struct gl_decoder *decoder, struct gl_event *event,
          const struct node *value, uint32_t longest)
{
    const struct node *nodes = decoder->nodes;
    const char *why = NULL;
    uint32_t n = 0;
    uint16_t at;

    if (value->type != MAP)
        return "map expected";
    if (value->len > 2 * longest)
        return "more properties than allowed";
    for (at = value->is.child.first; at != 0 && why == NULL; n++) {
        why =
            set_utf8(&event->props[n].key, &nodes[at], GL_EVENT_PROP_KEY_MAX);
        at = nodes[at].next;
        if (why == NULL)
            why = set_utf8(&event->props[n].value, &nodes[at],
                           GL_EVENT_PROP_VALUE_MAX);
        at = nodes[at].next;
    }
    event->props_n = n;
    return why;
}

#define SET_UINT(decoder, event, member, value, longest)                      \
    set_uint(&(event)->member, value, longest)
#define SET_TEXT(decoder, event, member, value, longest)                      \
    set_text(&(event)->member, value, longest)
#define SET_UTF8(decoder, event, member, value, longest)                      \
    set_utf8(&(event)->member, value, longest)
#define SET_PROPS(decoder, event, member, value, longest)                     \
    set_props(decoder, event, value, longest)

static const char *
set_field(const struct gl_decoder *decoder, struct gl_event *event,
          uint64_t field, const struct node *value)
{
    switch (field) {
#define GL_FIELD(key, member, type, longest, meaning)                         \
    case key:                                                                 \
        return SET_##type(decoder, event, member, value, longest);
#include "event_fields.h"
#undef GL_FIELD
    default: /* of a newer worker */
        return NULL;
    }
}

static const char *
check(const struct gl_event *event)
{
    if (event->schema != GL_EVENT_SCHEMA)
        return "schema is not 1";
    if (event->kind < GL_PAGEVIEW || event->kind > GL_ENGAGEMENT)
        return "unknown kind of event";
    if (event->site.len == 0)
        return "no site";
    if (event->visitor == 0)
        return "no visitor";
    return NULL;
}

int
gl_event_decode(struct gl_decoder *decoder, struct gl_event *event,
                const uint8_t *payload, size_t len, const char **why)
{
    const struct node *nodes = decoder->nodes, *value;
    struct node root;
    uint16_t at;

    memset(event, 0, offsetof(struct gl_event, props));
    event->props_n = 0;
    const char *bad = parse(decoder, &root, payload, len);
    for (at = bad == NULL ? root.is.child.first : 0; at != 0 && bad == NULL;
         at = value->next) {
        const struct node *key = &nodes[at];
        value = &nodes[key->next];
        if (key->type == NUMBER)
            bad = set_field(decoder, event, key->is.number, value);
    }
    if (bad == NULL)
        bad = check(event);
    if (bad == NULL)
        return 0;
    *why = bad;
    return -1;
}

/* One [site, reason, n]. */
static const char *
set_count(const struct node *nodes, struct gl_count *count,
          const struct node *tuple)
{
    if (tuple->type != ARRAY || tuple->len != 3)
        return "count is not [site, reason, n]";
    const struct node *item = &nodes[tuple->is.child.first];
    const char *why = set_text(&count->site, item, UINT8_MAX);
    item = &nodes[item->next];
    if (why == NULL)
        why = set_text(&count->reason, item, UINT8_MAX);
    item = &nodes[item->next];
    if (why == NULL)
        why = set_uint(&count->n, item, 0);
    return why;
}

static const char *
set_counts(const struct node *nodes, struct gl_count *counts, int *n,
           const struct node *list)
{
    const char *why = NULL;
    uint16_t at;

    if (list->type != ARRAY || list->len > GL_COUNTS_MAX)
        return "counts are no list, or more than 64";
    *n = 0;
    for (at = list->is.child.first; at != 0 && why == NULL;
         at = nodes[at].next)
        why = set_count(nodes, &counts[(*n)++], &nodes[at]);
    return why;
}

int
gl_counts_decode(struct gl_decoder *decoder,
                 struct gl_count counts[GL_COUNTS_MAX], const uint8_t *payload,
                 size_t len, const char **why)
{
    const struct node *nodes = decoder->nodes, *value;
    uint64_t schema = 0;
    struct node root;
    int n = 0;
    uint16_t at;

    const char *bad = parse(decoder, &root, payload, len);
    for (at = bad == NULL ? root.is.child.first : 0; at != 0 && bad == NULL;
         at = value->next) {
        const struct node *key = &nodes[at];
        value = &nodes[key->next];
        if (key->type == NUMBER && key->is.number == 0)
            bad = set_uint(&schema, value, 0);
        else if (key->type == NUMBER && key->is.number == 1)
            bad = set_counts(nodes, counts, &n, value);
    }
    if (bad == NULL && schema != GL_EVENT_SCHEMA)
        bad = "schema is not 1";
    if (bad == NULL)
        return n;
    *why = bad;
    return -1;
}
