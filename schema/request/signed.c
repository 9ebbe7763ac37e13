/* Signed requests; see signed.h. */

#include "request/signed.h"

#include <string.h>

#include "request/structured.h"

#define SIGNATURE_LETTERS 88 /* 64 bytes in base64 */

static const char params_name[] = "\"@signature-params\": ";

struct writer {
    char *at, *end;
    int full;
};

static void
put(struct writer *to, const char *data, size_t len)
{
    if ((size_t) (to->end - to->at) < len) {
        to->full = 1;
        return;
    }
    if (len > 0)
        memcpy(to->at, data, len);
    to->at += len;
}

static void
put_text(struct writer *to, struct gl_text text)
{
    put(to, text.data, text.len);
}

#define PUT(to, word) put((to), (word), sizeof(word) - 1)

static int
is(struct gl_text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static struct gl_text
trim(struct gl_text text)
{
    while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text.data++;
        text.len--;
    }
    while (text.len > 0 &&
           (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
        text.len--;
    return text;
}

/* Parameters as they are written again: no blanks, and ";a" for ";a=?1". */
static void
put_params(struct writer *to, struct gl_text params)
{
    struct gl_structured value;
    struct gl_text key;

    while (gl_structured_param(&params, &key, &value) == 1) {
        PUT(to, ";");
        put_text(to, key);
        if (value.type == GL_STRUCTURED_BOOLEAN && value.number == 1)
            continue;
        PUT(to, "=");
        put_text(to, value.raw);
    }
}

/* ---- components ---- */

/* The host in small letters, without a port that the scheme implies. */
static void
put_authority(struct writer *to, const struct gl_signed_request *request)
{
    const char *port = is(request->scheme, "https") ? ":443" : ":80";
    struct gl_text host = request->host;
    size_t len = strlen(port);

    if (host.len > len && memcmp(host.data + host.len - len, port, len) == 0)
        host.len -= (uint32_t) len;
    for (uint32_t i = 0; i < host.len; i++) {
        char c = host.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char) (c | 0x20);
        put(to, &c, 1);
    }
}

static void
put_target(struct writer *to, struct gl_text target, int path, int query)
{
    const char *mark =
        target.len > 0 ? memchr(target.data, '?', target.len) : NULL;
    uint32_t at = mark != NULL ? (uint32_t) (mark - target.data) : target.len;

    if (path && at == 0)
        PUT(to, "/");
    if (path)
        put(to, target.data, at);
    if (query && at == target.len)
        PUT(to, "?");
    if (query && at < target.len)
        put(to, target.data + at, target.len - at);
}

static enum gl_signed
put_derived(struct writer *to, const struct gl_signed_request *request,
            struct gl_text name)
{
    if (is(name, "@method")) {
        put_text(to, request->method);
    } else if (is(name, "@scheme")) {
        put_text(to, request->scheme);
    } else if (is(name, "@authority")) {
        put_authority(to, request);
    } else if (is(name, "@path")) {
        put_target(to, request->target, 1, 0);
    } else if (is(name, "@query")) {
        put_target(to, request->target, 0, 1);
    } else if (is(name, "@request-target")) {
        put_text(to, request->target);
    } else if (is(name, "@target-uri")) {
        put_text(to, request->scheme);
        PUT(to, "://");
        put_authority(to, request);
        put_text(to, request->target);
    } else {
        return GL_SIGNED_UNSUPPORTED;
    }
    return GL_SIGNED_BASE;
}

/* Headers that may be part of a base, which goes into a frame: none that has
 * an address of a visitor (X-Forwarded-For) or a secret (Cookie). */
static const char *const headers[] = {
    "signature-agent",
    "user-agent",
    "host",
    "date",
    "accept",
    "accept-encoding",
    "accept-language",
    "content-type",
    "content-length",
    "content-digest",
};

static int
may_be_told(struct gl_text name)
{
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        if (is(name, headers[i]))
            return 1;
    return 0;
}

/* A header, its values parted by commas. */
static enum gl_signed
put_header(struct writer *to, const struct gl_signed_request *request,
           struct gl_text name)
{
    struct gl_text value;
    unsigned n;

    for (n = 0; request->header(request->from, name, n, &value); n++) {
        if (n > 0)
            PUT(to, ", ");
        put_text(to, trim(value));
        if (to->full)
            return GL_SIGNED_TOO_LONG;
    }
    return n > 0 ? GL_SIGNED_BASE : GL_SIGNED_MALFORMED;
}

/* The member WANTED of a header that is a dictionary, once and of one line. */
static enum gl_signed
put_member(struct writer *to, const struct gl_signed_request *request,
           struct gl_text name, struct gl_text wanted)
{
    struct gl_text dictionary, more, key;
    struct gl_structured value;
    int taken, found = 0;

    if (!request->header(request->from, name, 0, &dictionary))
        return GL_SIGNED_MALFORMED;
    if (request->header(request->from, name, 1, &more))
        return GL_SIGNED_UNSUPPORTED;
    while ((taken = gl_structured_member(&dictionary, &key, &value)) == 1) {
        if (key.len != wanted.len ||
            memcmp(key.data, wanted.data, key.len) != 0)
            continue;
        if (found++ || value.type == GL_STRUCTURED_LIST)
            return GL_SIGNED_UNSUPPORTED;
        if (value.raw.len == 0)
            PUT(to, "?1");
        put_text(to, value.raw);
        put_params(to, value.params);
    }
    return taken == -1 || !found ? GL_SIGNED_MALFORMED : GL_SIGNED_BASE;
}

/* The value of COMPONENT. */
static enum gl_signed
put_value(struct writer *to, const struct gl_signed_request *request,
          const struct gl_structured *component)
{
    struct gl_text params = component->params, key;
    struct gl_structured value;
    int derived = component->inside.data[0] == '@';

    if (!derived && !may_be_told(component->inside))
        return GL_SIGNED_UNSUPPORTED;
    if (gl_structured_param(&params, &key, &value) != 1)
        return derived ? put_derived(to, request, component->inside)
                       : put_header(to, request, component->inside);
    if (derived || !is(key, "key") || value.type != GL_STRUCTURED_STRING ||
        params.len > 0)
        return GL_SIGNED_UNSUPPORTED;
    return put_member(to, request, component->inside, value.inside);
}

/* A name of a component: small letters; nothing is written otherwise. */
static int
is_name(const struct gl_structured *component)
{
    const struct gl_text name = component->inside;

    if (component->type != GL_STRUCTURED_STRING || name.len == 0)
        return 0;
    for (uint32_t i = 0; i < name.len; i++)
        if ((name.data[i] < 'a' || name.data[i] > 'z') &&
            (name.data[i] < '0' || name.data[i] > '9') &&
            name.data[i] != '-' && name.data[i] != '_' &&
            (name.data[i] != '@' || i > 0))
            return 0;
    return 1;
}

static int
is_same(const struct gl_structured *a, const struct gl_structured *b)
{
    return a->raw.len == b->raw.len &&
           memcmp(a->raw.data, b->raw.data, a->raw.len) == 0 &&
           a->params.len == b->params.len &&
           (a->params.len == 0 ||
            memcmp(a->params.data, b->params.data, a->params.len) == 0);
}

/* The components of INSIDE into SEEN: how many, or -1: not such a list. */
static int
read_components(struct gl_text inside,
                struct gl_structured seen[GL_SIGNED_COMPONENTS_MAX])
{
    struct gl_structured one;
    int n = 0, taken;

    while ((taken = gl_structured_element(&inside, &one)) == 1) {
        if (n == GL_SIGNED_COMPONENTS_MAX || !is_name(&one))
            return -1;
        for (int i = 0; i < n; i++)
            if (is_same(&seen[i], &one))
                return -1;
        seen[n++] = one;
    }
    return taken == -1 ? -1 : n;
}

static enum gl_signed
put_base(struct writer *to, const struct gl_signed_request *request,
         const struct gl_structured *list)
{
    struct gl_structured seen[GL_SIGNED_COMPONENTS_MAX];
    int n = read_components(list->inside, seen), bound = 0;

    if (n == -1)
        return GL_SIGNED_MALFORMED;
    for (int i = 0; i < n; i++) {
        bound |= is(seen[i].inside, "@authority") ||
                 is(seen[i].inside, "@target-uri");
        put_text(to, seen[i].raw);
        put_params(to, seen[i].params);
        PUT(to, ": ");
        enum gl_signed is_it = put_value(to, request, &seen[i]);
        if (is_it != GL_SIGNED_BASE)
            return is_it;
        PUT(to, "\n");
    }
    PUT(to, params_name);
    PUT(to, "(");
    for (int i = 0; i < n; i++) {
        put(to, " ", i > 0);
        put_text(to, seen[i].raw);
        put_params(to, seen[i].params);
    }
    PUT(to, ")");
    put_params(to, list->params);
    return bound ? GL_SIGNED_BASE : GL_SIGNED_UNBOUND;
}

/* ---- which ---- */

static int
has_tag(const struct gl_structured *list, struct gl_text tag)
{
    struct gl_text params = list->params, key;
    struct gl_structured value;

    while (gl_structured_param(&params, &key, &value) == 1)
        if (is(key, "tag") && value.type == GL_STRUCTURED_STRING &&
            value.inside.len == tag.len &&
            memcmp(value.inside.data, tag.data, tag.len) == 0)
            return 1;
    return tag.len == 0;
}

/* The first list of DICTIONARY with the TAG, and its LABEL. */
static enum gl_signed
choose(struct gl_text dictionary, struct gl_text tag, struct gl_text *label,
       struct gl_structured *list)
{
    struct gl_structured value;
    struct gl_text key;
    int taken, found = 0, some = 0;

    while ((taken = gl_structured_member(&dictionary, &key, &value)) == 1) {
        if (value.type != GL_STRUCTURED_LIST)
            return GL_SIGNED_MALFORMED;
        some = 1;
        if (found || !has_tag(&value, tag))
            continue;
        found = 1;
        *label = key;
        *list = value;
    }
    if (taken == -1 || !some)
        return GL_SIGNED_MALFORMED;
    return found ? GL_SIGNED_BASE : GL_SIGNED_OTHER_TAG;
}

/* The signature LABEL of DICTIONARY, which has it once: 1, or 0. */
static int
find_signature(struct gl_text dictionary, struct gl_text label,
               struct gl_text *signature)
{
    struct gl_structured value;
    struct gl_text key;
    int taken, found = 0;

    while ((taken = gl_structured_member(&dictionary, &key, &value)) == 1) {
        if (key.len != label.len || memcmp(key.data, label.data, key.len) != 0)
            continue;
        if (found || value.type != GL_STRUCTURED_BYTES ||
            value.inside.len > SIGNATURE_LETTERS)
            return 0;
        found = 1;
        *signature = value.inside;
    }
    return taken == 0 && found;
}

enum gl_signed
gl_signed_read(const struct gl_signed_request *request, struct gl_text tag,
               char bytes[GL_SIGNED_BYTES_MAX], struct gl_text *base,
               struct gl_text *signature)
{
    struct writer to = {bytes, bytes + GL_SIGNED_BYTES_MAX, 0};
    struct gl_structured list = {0};
    struct gl_text label = {NULL, 0};

    if (request->input.len == 0 && request->made.len == 0)
        return GL_SIGNED_NOT;
    enum gl_signed is_it = choose(request->input, tag, &label, &list);
    if (is_it == GL_SIGNED_BASE &&
        !find_signature(request->made, label, signature))
        is_it = GL_SIGNED_MALFORMED;
    if (is_it == GL_SIGNED_BASE)
        is_it = put_base(&to, request, &list);
    if (is_it == GL_SIGNED_BASE && to.full)
        is_it = GL_SIGNED_TOO_LONG;
    *base = (struct gl_text){bytes, (uint32_t) (to.at - bytes)};
    return is_it;
}

/* ---- what the last line says ---- */

static void
take_param(struct gl_signed_params *params, struct gl_text key,
           const struct gl_structured *value)
{
    struct gl_text *text = is(key, "keyid") ? &params->keyid
                           : is(key, "alg") ? &params->alg
                           : is(key, "tag") ? &params->tag
                                            : NULL;
    int64_t *time = is(key, "created")   ? &params->created
                    : is(key, "expires") ? &params->expires
                                         : NULL;

    if (text != NULL && value->type == GL_STRUCTURED_STRING)
        *text = value->inside;
    if (time != NULL && value->type == GL_STRUCTURED_NUMBER)
        *time = value->number;
}

int
gl_signed_params(struct gl_text base, struct gl_signed_params *params)
{
    const size_t len = sizeof params_name - 1;
    struct gl_structured list, value;
    struct gl_text line = base, key;

    *params = (struct gl_signed_params){.created = -1, .expires = -1};
    for (uint32_t i = 0; i < base.len; i++)
        if (base.data[i] == '\n')
            line = (struct gl_text){base.data + i + 1, base.len - i - 1};
    if (line.len <= len || memcmp(line.data, params_name, len) != 0)
        return -1;
    line.data += len;
    line.len -= (uint32_t) len;
    if (gl_structured_item(&line, &list) != 1 || line.len > 0 ||
        list.type != GL_STRUCTURED_LIST)
        return -1;
    while (gl_structured_param(&list.params, &key, &value) == 1)
        take_param(params, key, &value);
    return 0;
}
