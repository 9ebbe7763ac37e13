/* Characters; see utf8.h.  Texts of ASCII need none of it but rtrim's end. */

#include "request/utf8.h"

#include <string.h>

#include "apart.h"
#include "gl_assert.h"
#include "request/plain.h"

/*
 * The character at the front of *AT, which moves behind it.  0 with one byte
 * taken when what stands there is no UTF-8, or NUL.
 */
static int
take_char(const char **at, const char *end, uint32_t *character)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const char *start = (*at)++;
    uint8_t lead = (uint8_t) *start;
    int i, more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;

    *character = lead;
    if (lead < 0x80)
        return lead != '\0';
    if (lead < 0xc0 || lead > 0xf4 || end - start <= more)
        return 0;
    uint32_t value = lead & (0x3fu >> more);
    for (i = 1; i <= more; i++) {
        if (((uint8_t) start[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | ((uint8_t) start[i] & 0x3f);
    }
    if (value < least[more] || value > 0x10ffff ||
        (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *at = start + 1 + more;
    *character = value;
    return 1;
}

static size_t
count_bad(const char *at, const char *end)
{
    uint32_t character;
    size_t bad = 0;

    while (at < end)
        if ((uint8_t) (*at - 1) < 0x7f) /* ASCII, no NUL */
            at++;
        else
            bad += !take_char(&at, end, &character);
    return bad;
}

/* ---- what may be kept ---- */

enum fate { KEPT, BLANK, ESCAPED };

/* What becomes of the character, or byte, at the front of *AT, which moves
 * behind it. */
static enum fate
take_fate(const char **at, const char *end)
{
    uint32_t character;

    if (!take_char(at, end, &character))
        return ESCAPED;
    if (!gl_utf8_is_control(character))
        return KEPT;
    return gl_utf8_is_space(character) ? BLANK : ESCAPED;
}

/* How many bytes of TEXT are not kept as they are. */
static size_t
count_odd(struct gl_text text)
{
    const char *at = text.data, *end = at + text.len;
    size_t odd = 0;

    while (at < end) {
        const char *start = at;
        if ((uint8_t) (*at - ' ') <= '~' - ' ') /* printable ASCII */
            at++;
        else if (take_fate(&at, end) != KEPT)
            odd += (size_t) (at - start);
    }
    return odd;
}

static char *
escape(char *out, const char *at, const char *end)
{
    static const char hex[] = "0123456789ABCDEF";

    for (; at < end; at++) {
        *out++ = '%';
        *out++ = hex[(uint8_t) *at >> 4];
        *out++ = hex[(uint8_t) *at & 0xf];
    }
    return out;
}

/* A copy of TEXT with ODD bytes blank or as their escapes. */
static int
mend(struct gl_memory memory, struct gl_text text, size_t odd,
     struct gl_text *mended)
{
    const char *at = text.data, *end = at + text.len;
    char *bytes = memory.get(memory.from, text.len + 2 * odd), *out = bytes;

    if (bytes == NULL)
        return -1;
    while (at < end) {
        const char *start = at;
        enum fate fate = take_fate(&at, end);
        if (fate == ESCAPED) {
            out = escape(out, start, at);
        } else if (fate == BLANK) {
            *out++ = ' ';
        } else {
            memcpy(out, start, (size_t) (at - start));
            out += at - start;
        }
    }
    GL_ASSERT((size_t) (out - bytes) <= text.len + 2 * odd);
    *mended = (struct gl_text){bytes, (uint32_t) (out - bytes)};
    return 0;
}

int
gl_utf8_mend(struct gl_memory memory, struct gl_text text,
             struct gl_text *mended)
{
    size_t odd = gl_plain_(text, 0) ? 0 : count_odd(text);

    if (odd > 0)
        return mend(memory, text, odd, mended);
    *mended = text;
    return 0;
}

int
gl_utf8_is_kept(struct gl_text text)
{
    return gl_plain_(text, 0) || count_odd(text) == 0;
}

/* ---- what is UTF-8 ---- */

int
gl_utf8_is(struct gl_text text)
{
    const char *at = text.data, *end;
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word, next;

    if (text.len == 0)
        return 1;
    /* bodies are ASCII but for a few words: sixteen bytes at a time; a byte
     * that is 0 borrows into its top bit */
    for (end = at + text.len; end - at >= 16; at += 16) {
        memcpy(&word, at, sizeof word);
        memcpy(&next, at + sizeof word, sizeof next);
        if ((word | next | (word - ones) | (next - ones)) & ones * 0x80)
            break;
    }
    return count_bad(at, end) == 0;
}

/* Its last character is a space, or not ASCII. */
static GL_APART struct gl_text
trim_spaces(struct gl_text text)
{
    uint32_t character, n;

    while (text.len > 0) {
        const char *end = text.data + text.len;
        for (n = 1;
             n < text.len && n < 4 && ((uint8_t) * (end - n) & 0xc0) == 0x80;)
            n++;
        const char *at = end - n;
        if (!take_char(&at, end, &character) || !gl_utf8_is_space(character))
            break;
        text.len -= n;
    }
    return text;
}

struct gl_text
gl_utf8_rtrim(struct gl_text text)
{
    char last = text.len > 0 ? text.data[text.len - 1] : 'a';

    return last > ' ' && last < 0x7f ? text : trim_spaces(text);
}

int
gl_utf8_is_blank(struct gl_text text)
{
    return gl_utf8_rtrim(text).len == 0;
}

uint32_t
gl_utf8_chars(struct gl_text text)
{
    uint32_t i, n = 0;

    for (i = 0; i < text.len; i++)
        n += ((uint8_t) text.data[i] & 0xc0) != 0x80;
    return n;
}

int
gl_utf8_is_space(uint32_t character)
{
    if (character < 0x80)
        return character == ' ' || (character >= '\t' && character <= '\r');
    switch (character) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
        return 1;
    }
    return character >= 0x2000 && character <= 0x200a;
}
