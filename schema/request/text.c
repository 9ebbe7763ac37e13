/* Texts of addresses, queries and forms; see text.h. */

#include "request/text.h"

#include <string.h>

#include "apart.h"
#include "gl_assert.h"
#include "little_endian.h"
#include "request/plain.h"
#include "request/utf8.h"

static inline int
hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte whose escape follows "%", which *AT then moves behind; else %. */
static inline char
unescape(const char **at, const char *end)
{
    if (end - *at < 2)
        return '%';
    int high = hex((*at)[0]);
    int low = hex((*at)[1]);
    if (high < 0 || low < 0)
        return '%';
    *at += 2;
    return (char) (high << 4 | low);
}

/* The top bit: the byte is not ASCII, or DEL. */
static inline uint8_t
odd_of(char c)
{
    return (uint8_t) c | (uint8_t) (c + 1);
}

/*
 * Copy what stays as it is, and ends before *AT: eight bytes at a time, of
 * which what is not plain is written over.  OUT has room for all that is left
 * of the text.
 */
static inline char *
copy_plain(char *out, const char **at, const char *end)
{
    const unsigned flags = GL_PLAIN_PERCENT | GL_PLAIN_PLUS;
    uint64_t odd;

    while ((size_t) (end - *at) >= sizeof odd) {
        odd = gl_plain_odd_(gl_get64((const uint8_t *) *at), flags);
        memcpy(out, *at, sizeof odd);
        size_t plain =
            odd == 0 ? sizeof odd : (size_t) __builtin_ctzll(odd) / 8;
        *at += plain;
        out += plain;
        if (odd != 0)
            return out;
    }
    /* nearly all that stands in an address is above "%", "+", controls */
    while (*at<end &&* * at> '+' && **at < 0x7f)
        *out++ = *(*at)++;
    return out;
}

/* What is no printable ASCII is looked at once more. */
static GL_APART int
change(struct gl_memory memory, struct gl_text text, enum gl_coding coding,
       struct gl_text *decoded)
{
    const char *at = text.data, *end = at + text.len;
    char *bytes = memory.get(memory.from, text.len), *out = bytes;
    const char plus = coding == GL_CODED_QUERY ? ' ' : '+';
    uint8_t odd = 0;

    if (bytes == NULL)
        return -1;
    while (at < end) {
        char c = *at++;
        if (c == '+')
            c = plus;
        else if (c == '%')
            c = unescape(&at, end);
        *out++ = c;
        odd |= (uint8_t) c < ' ' ? 0x80 : odd_of(c);
        /* escapes come in rows */
        if (at < end && *at != '%')
            out = copy_plain(out, &at, end);
    }
    GL_ASSERT((size_t) (out - bytes) <= text.len);
    *decoded = (struct gl_text){bytes, (uint32_t) (out - bytes)};
    return odd & 0x80 ? gl_utf8_mend(memory, *decoded, decoded) : 0;
}

int
gl_text_decode(struct gl_memory memory, struct gl_text text,
               enum gl_coding coding, struct gl_text *decoded)
{
    int plain = coding == GL_CODED_QUERY
                    ? gl_plain_(text, GL_PLAIN_PERCENT | GL_PLAIN_PLUS)
                    : gl_plain_(text, GL_PLAIN_PERCENT);

    if (!plain)
        return change(memory, text, coding, decoded);
    decoded->data = text.len > 0 ? text.data : NULL;
    decoded->len = text.len;
    return 0;
}

int
gl_text_pair(struct gl_text *list, struct gl_text *key, struct gl_text *value)
{
    const char *at = list->data, *equals;

    if (list->len == 0)
        return 0;
    const char *last = at + list->len;
    while (at < last && *at == '&')
        at++;
    list->len = 0;
    if (at == last)
        return 0;
    const char *end = memchr(at, '&', (size_t) (last - at));
    if (end == NULL)
        end = last;
    /* keys are short */
    for (equals = at; equals < end && *equals != '=';)
        equals++;
    GL_ASSERT(at <= equals && equals <= end && end <= last);
    *key = (struct gl_text){at, (uint32_t) (equals - at)};
    if (equals < end)
        equals++;
    *value = (struct gl_text){equals, (uint32_t) (end - equals)};
    *list = (struct gl_text){end, (uint32_t) (last - end)};
    return 1;
}

struct gl_text
gl_text_item(struct gl_text *list)
{
    struct gl_text item = *list;
    const char *comma =
        list->len > 0 ? memchr(list->data, ',', list->len) : NULL;

    if (comma == NULL) {
        *list = (struct gl_text){NULL, 0};
        return item;
    }
    item.len = (uint32_t) (comma - item.data);
    list->data = comma + 1;
    list->len -= item.len + 1;
    return item;
}
