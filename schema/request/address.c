/* An address taken apart; see address.h. */

#include "request/address.h"

#include <string.h>

#include "gl_assert.h"

/* What stands behind AT, which is in TEXT or its end; TEXT ends there. */
static struct gl_text
cut_off(struct gl_text *text, const char *at)
{
    const char *end = text->data + text->len;
    struct gl_text behind = {NULL, 0};

    GL_ASSERT(at >= text->data && at <= end);
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
    GL_ASSERT(at >= text.data && at <= text.data + text.len);
    text.len -= (uint32_t) (at - text.data);
    text.data = at;
    return text;
}

/* Without spaces and control bytes at its ends, as browsers do. */
static struct gl_text
trim(struct gl_text text)
{
    while (text.len > 0 && (uint8_t) text.data[text.len - 1] <= ' ')
        text.len--;
    while (text.len > 0 && (uint8_t) text.data[0] <= ' ')
        text = from(text, text.data + 1);
    return text;
}

/* Take "scheme:" off the front of TEXT, when there is one; nearly all are
 * "https". */
static struct gl_text
take_scheme(struct gl_text *text)
{
    const char *at = text->data, *end = at + text->len;
    struct gl_text scheme = {at, 0};

    if (text->len >= 8 && memcmp(at, "https://", 8) == 0) {
        scheme.len = 5;
        *text = from(*text, at + 6);
        return scheme;
    }
    for (; at < end; at++) {
        char c = *at | 0x20;
        if (c >= 'a' && c <= 'z')
            continue;
        if (at == text->data)
            break;
        if (*at == ':') {
            scheme.len = (uint32_t) (at - scheme.data);
            *text = from(*text, at + 1);
            return scheme;
        }
        if ((*at < '0' || *at > '9') && *at != '+' && *at != '-' && *at != '.')
            break;
    }
    return scheme;
}

/* [user@]host[:port] without its user. */
static struct gl_text
skip_user(struct gl_text text)
{
    const char *at;

    while (text.len > 0 && (at = memchr(text.data, '@', text.len)) != NULL)
        text = from(text, at + 1);
    return text;
}

struct gl_address
gl_address_split(struct gl_text text)
{
    struct gl_address parts;

    memset(&parts, 0, sizeof parts);
    parts.whole = text = trim(text);
    /* of an address without bytes there may be no memory */
    if (text.len == 0)
        return parts;
    parts.fragment = cut_off(&text, until(text, '#'));
    if (text.len > 0)
        parts.query = cut_off(&text, until(text, '?'));
    parts.scheme = take_scheme(&text);
    if (text.len >= 2 && text.data[0] == '/' && text.data[1] == '/') {
        struct gl_text host = from(text, text.data + 2);
        text = from(text, host.len > 0 ? until(host, '/') : host.data);
        host.len -= text.len;
        parts.host = skip_user(host);
    }
    parts.path = text;
    return parts;
}
