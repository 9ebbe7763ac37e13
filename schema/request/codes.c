/* Codes; see codes.h. */

#include "request/codes.h"

#include <string.h>

#include "apart.h"
#include "gl_assert.h"
#include "request/longest.h"
#include "request/utf8.h"

#define COUNTRY_LEN 2
#define SUBDIVISION_MAX 3 /* ISO 3166-2 */
#define SUBTAG_MAX 8      /* RFC 5646, 2.1 */

static inline int
is_letter(char c)
{
    c |= 0x20;
    return c >= 'a' && c <= 'z';
}

static inline int
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline char
upper(char c)
{
    return (char) (is_letter(c) ? c & ~0x20 : c);
}

static inline char
lower(char c)
{
    return (char) (is_letter(c) ? c | 0x20 : c);
}

static int
is_letters(struct gl_text text)
{
    uint32_t i;

    for (i = 0; i < text.len; i++)
        if (!is_letter(text.data[i]))
            return 0;
    return 1;
}

static int
is_alnum(struct gl_text text)
{
    uint32_t i;

    for (i = 0; i < text.len; i++)
        if (!is_letter(text.data[i]) && !is_digit(text.data[i]))
            return 0;
    return 1;
}

/* TEXT where it is SPELT so, else a copy of SPELT, LEN bytes. */
static int
keep(struct gl_memory memory, struct gl_text text, const char *spelt,
     uint32_t len, struct gl_text *code)
{
    *code = text;
    if (text.len == len && memcmp(text.data, spelt, len) == 0)
        return 0;
    char *bytes = memory.get(memory.from, len);
    if (bytes == NULL)
        return -1;
    memcpy(bytes, spelt, len);
    *code = (struct gl_text){bytes, len};
    return 0;
}

/* LEN letters in capitals, or none. */
static int
read_letters(struct gl_memory memory, struct gl_text text, uint32_t len,
             struct gl_text *code)
{
    char spelt[GL_LONGEST_currency];
    uint32_t i;

    GL_ASSERT(len <= sizeof spelt);
    *code = (struct gl_text){NULL, 0};
    if (text.len != len || !is_letters(text))
        return 0;
    for (i = 0; i < len; i++)
        spelt[i] = upper(text.data[i]);
    return keep(memory, text, spelt, len, code);
}

int
gl_country_read(struct gl_memory memory, struct gl_text text,
                struct gl_text *code)
{
    return read_letters(memory, text, COUNTRY_LEN, code);
}

int
gl_currency_read(struct gl_memory memory, struct gl_text text,
                 struct gl_text *code)
{
    return read_letters(memory, text, GL_LONGEST_currency, code);
}

/* ---- regions ---- */

static int
same_country(const char spelt[COUNTRY_LEN], struct gl_text country)
{
    return country.len == 0 || (country.len == COUNTRY_LEN &&
                                memcmp(spelt, country.data, COUNTRY_LEN) == 0);
}

int
gl_region_read(struct gl_memory memory, struct gl_text text,
               struct gl_text country, struct gl_text *code)
{
    char spelt[COUNTRY_LEN + 1 + SUBDIVISION_MAX];
    struct gl_text part = text, head = country;
    uint32_t i, len = 0;

    *code = (struct gl_text){NULL, 0};
    if (text.len > COUNTRY_LEN && text.data[COUNTRY_LEN] == '-') {
        head = (struct gl_text){text.data, COUNTRY_LEN};
        part.data += COUNTRY_LEN + 1;
        part.len -= COUNTRY_LEN + 1;
    }
    if (head.len != COUNTRY_LEN || !is_letters(head) || part.len == 0 ||
        part.len > SUBDIVISION_MAX || !is_alnum(part))
        return 0;
    for (i = 0; i < COUNTRY_LEN; i++)
        spelt[len++] = upper(head.data[i]);
    spelt[len++] = '-';
    for (i = 0; i < part.len; i++)
        spelt[len++] = upper(part.data[i]);
    GL_ASSERT(len <= sizeof spelt);
    if (!same_country(spelt, country))
        return 0;
    return keep(memory, text, spelt, len, code);
}

/* ---- languages ---- */

/* Spell SUBTAG at TO; TAIL: a singleton came before. */
static void
spell_subtag(char *to, struct gl_text subtag, int first, int tail)
{
    int is_code = !first && !tail && is_letters(subtag);
    uint32_t i;

    for (i = 0; i < subtag.len; i++)
        to[i] = is_code && (subtag.len == 2 || (subtag.len == 4 && i == 0))
                    ? upper(subtag.data[i])
                    : lower(subtag.data[i]);
}

static int
is_subtag(struct gl_text subtag, int first)
{
    if (subtag.len == 0 || subtag.len > SUBTAG_MAX)
        return 0;
    return first ? subtag.len > 1 && is_letters(subtag) : is_alnum(subtag);
}

/* 1, or 0: TEXT is no language. */
static int
spell_language(char spelt[GL_LONGEST_language], struct gl_text text)
{
    int tail = 0;
    uint32_t at, end;

    for (at = 0; at <= text.len; at = end + 1) {
        for (end = at; end < text.len && text.data[end] != '-';)
            end++;
        struct gl_text subtag = {text.data + at, end - at};
        if (!is_subtag(subtag, at == 0))
            return 0;
        GL_ASSERT(end <= GL_LONGEST_language);
        spell_subtag(spelt + at, subtag, at == 0, tail);
        tail |= subtag.len == 1;
        if (end < text.len)
            spelt[end] = '-';
    }
    return 1;
}

static inline int
between(char c, char least, char most)
{
    return c >= least && c <= most;
}

/* 1: "de" or "de-AT": nearly every browser's. */
static int
is_usual(struct gl_text text)
{
    const char *at = text.data;

    if ((text.len != 2 && text.len != 5) || !between(at[0], 'a', 'z') ||
        !between(at[1], 'a', 'z'))
        return 0;
    return text.len == 2 || (at[2] == '-' && between(at[3], 'A', 'Z') &&
                             between(at[4], 'A', 'Z'));
}

static GL_APART int
read_language(struct gl_memory memory, struct gl_text text,
              struct gl_text *code)
{
    char spelt[GL_LONGEST_language];

    *code = (struct gl_text){NULL, 0};
    if (text.len == 0 || text.len > sizeof spelt ||
        !spell_language(spelt, text))
        return 0;
    return keep(memory, text, spelt, text.len, code);
}

int
gl_language_read(struct gl_memory memory, struct gl_text text,
                 struct gl_text *code)
{
    *code = text;
    return is_usual(text) ? 0 : read_language(memory, text, code);
}

/* ---- what has no spelling ---- */

int
gl_screen_is(struct gl_text text)
{
    uint32_t i, digits = 0, sides = 0;

    if (text.len > GL_LONGEST_screen)
        return 0;
    for (i = 0; i < text.len; i++) {
        if (is_digit(text.data[i])) {
            if (digits++ == 0 && text.data[i] == '0')
                return 0;
            continue;
        }
        if (text.data[i] != 'x' || digits == 0 || sides++ > 0)
            return 0;
        digits = 0;
    }
    return sides <= 1 && digits > 0;
}

struct gl_text
gl_city_read(struct gl_text text)
{
    if (!gl_utf8_is_kept(text) || !gl_utf8_fits(text, GL_LONGEST_city))
        return (struct gl_text){NULL, 0};
    return text;
}
