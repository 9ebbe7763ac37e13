/* A page's address; see page.h. */

#include "request/page.h"

#include <string.h>
#include <strings.h>

#include "request/host.h"
#include "request/text.h"
#include "request/utf8.h"

struct address {
    struct gl_text host, path, query, fragment;
};

#define WORD(word)                                                            \
    {                                                                         \
        word, sizeof(word) - 1                                                \
    }

static const struct gl_text click_ids[] = {
    WORD("gclid"),   WORD("gbraid"), WORD("wbraid"),
    WORD("msclkid"), WORD("fbclid"), WORD("twclid"),
};

/* Outranked by "source", wherever they stand. */
static const struct gl_text ref_key = WORD("ref");

/* A key of the query whose value is the field of that name. */
#define KEPT(member)                                                          \
    {                                                                         \
        WORD(#member), offsetof(struct gl_event, member)                      \
    }

static const struct {
    struct gl_text name;
    size_t at; /* of a gl_text in struct gl_event */
} kept_keys[] = {
    KEPT(utm_source),  KEPT(utm_medium), KEPT(utm_campaign),
    KEPT(utm_content), KEPT(utm_term),   KEPT(source),
};

#define N_OF(table) (sizeof(table) / sizeof(table)[0])

/* ---- the address ---- */

/* What stands behind AT, which is in TEXT or its end; TEXT ends there. */
static struct gl_text
cut_off(struct gl_text *text, const char *at)
{
    const char *end = text->data + text->len;
    struct gl_text behind = {NULL, 0};

    if (at < end)
        behind = (struct gl_text){at + 1, (uint32_t) (end - at - 1)};
    text->len = (uint32_t) (at - text->data);
    return behind;
}

/* Where C is in the not empty TEXT, or its end. */
static inline const char *
until(struct gl_text text, int c)
{
    const char *at = memchr(text.data, c, text.len);

    return at != NULL ? at : text.data + text.len;
}

static inline struct gl_text
from(struct gl_text text, const char *at)
{
    text.len -= (uint32_t) (at - text.data);
    text.data = at;
    return text;
}

/* What follows "scheme:", all of TEXT when there is none. */
static struct gl_text
skip_scheme(struct gl_text text)
{
    const char *at = text.data, *end = at + text.len;
    char c;

    for (; at < end; at++) {
        c = *at | 0x20;
        if (c >= 'a' && c <= 'z')
            continue;
        if (at == text.data)
            break;
        if (*at == ':')
            return from(text, at + 1);
        if ((*at < '0' || *at > '9') && *at != '+' && *at != '-' && *at != '.')
            break;
    }
    return text;
}

/* The host in [user@]host[:port], without the brackets of an IPv6 address. */
static struct gl_text
find_host(struct gl_text text)
{
    const char *bracket;
    uint32_t user = text.len; /* bytes with their "@" */

    while (user > 0 && text.data[user - 1] != '@')
        user--;
    text = from(text, text.data + user);
    if (text.len == 0)
        return text;
    bracket = text.data[0] == '[' ? memchr(text.data, ']', text.len) : NULL;
    if (bracket != NULL)
        return (struct gl_text){text.data + 1,
                                (uint32_t) (bracket - text.data - 1)};
    (void) cut_off(&text, until(text, ':'));
    return text;
}

/* RFC 3986, appendix B: every text is an address, each part may be empty. */
static struct address
split(struct gl_text text)
{
    struct address parts = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    struct gl_text host;

    /* of an address without host there may be no memory */
    if (text.len == 0)
        return parts;
    parts.fragment = cut_off(&text, until(text, '#'));
    if (text.len > 0)
        parts.query = cut_off(&text, until(text, '?'));
    text = skip_scheme(text);
    if (text.len >= 2 && text.data[0] == '/' && text.data[1] == '/') {
        host = from(text, text.data + 2);
        text = from(text, host.len > 0 ? until(host, '/') : host.data);
        host.len -= text.len;
        parts.host = find_host(host);
    }
    parts.path = text;
    return parts;
}

/* ---- path ---- */

int
gl_page_path(struct gl_memory memory, struct gl_text text,
             struct gl_text *path)
{
    if (gl_text_decode(memory, text, GL_CODED_PATH, path) != 0)
        return -1;
    *path = gl_utf8_rtrim(*path);
    if (path->len == 0)
        *path = (struct gl_text) WORD("/");
    return 0;
}

static int
add_fragment(struct gl_memory memory, struct gl_text fragment,
             struct gl_text *path)
{
    char *bytes;

    if (gl_text_decode(memory, fragment, GL_CODED_PATH, &fragment) != 0)
        return -1;
    bytes = memory.get(memory.from, path->len + 1 + fragment.len);
    if (bytes == NULL)
        return -1;
    memcpy(bytes, path->data, path->len);
    bytes[path->len] = '#';
    memcpy(bytes + path->len + 1, fragment.data, fragment.len);
    path->data = bytes;
    path->len += 1 + fragment.len;
    return 0;
}

/* ---- query ---- */

struct gl_text
gl_page_click_id(struct gl_text name)
{
    size_t i;

    for (i = 0; i < N_OF(click_ids); i++)
        if (gl_text_is(name, click_ids[i]))
            return click_ids[i];
    return (struct gl_text){NULL, 0};
}

/* Where the value of a query key is kept, NULL when it is not. */
static struct gl_text *
find_kept(struct gl_event *event, struct gl_text *ref, struct gl_text name)
{
    size_t i;

    for (i = 0; i < N_OF(kept_keys); i++)
        if (gl_text_is(name, kept_keys[i].name))
            return (struct gl_text *) (void *) ((char *) event +
                                                kept_keys[i].at);
    return gl_text_is(name, ref_key) ? ref : NULL;
}

/* Of keys that come twice the last one counts, of click ids the first. */
static int
read_query(struct gl_memory memory, struct gl_text query,
           struct gl_event *event)
{
    struct gl_text key, value, name, *kept, ref = {NULL, 0};

    while (gl_text_pair(&query, &key, &value)) {
        if (gl_text_decode(memory, key, GL_CODED_QUERY, &name) != 0)
            return -1;
        kept = find_kept(event, &ref, name);
        if (kept == NULL && event->click_id.len == 0)
            event->click_id = gl_page_click_id(name);
        if (kept != NULL &&
            gl_text_decode(memory, value, GL_CODED_QUERY, kept) != 0)
            return -1;
    }
    if (event->source.len == 0)
        event->source = ref;
    return 0;
}

/* ---- all of it ---- */

int
gl_page_host(struct gl_memory memory, struct gl_text text,
             struct gl_text *host)
{
    if (gl_host_read(memory, text, host) != 0)
        return -1;
    if (host->len == 0)
        *host = (struct gl_text) WORD(GL_HOST_NONE);
    return 0;
}

const char *
gl_page_wrong(struct gl_text address)
{
    if (address.len > GL_PAGE_ADDRESS_MAX)
        return "is longer than 2000 bytes";
    if (address.len >= 5 && (address.data[0] | 0x20) == 'd' &&
        strncasecmp(address.data, "data:", 5) == 0)
        return "must not be a data: URL";
    return NULL;
}

int
gl_page_read(struct gl_memory memory, struct gl_text address, int hash,
             struct gl_event *event)
{
    struct address parts = split(address);

    if (gl_page_host(memory, parts.host, &event->host) != 0 ||
        gl_page_path(memory, parts.path, &event->path) != 0)
        return -1;
    if (hash && parts.fragment.len > 0 &&
        add_fragment(memory, parts.fragment, &event->path) != 0)
        return -1;
    return parts.query.len > 0 ? read_query(memory, parts.query, event) : 0;
}
