/* What a request's headers tell; see headers.h. */

#include "request/headers.h"

#include <string.h>

#include "apart.h"
#include "request/longest.h"

/* All of this is done for each header of each request: by pointers and without
 * calls it takes half as long. */

#define LEN(word) (sizeof(word) - 1)

/* The name has the length of the word already. */
#define NAMED(name, word) (memcmp((name)->data, word, LEN(word)) == 0)

static inline uint32_t
four_small(const char *at)
{
    uint32_t four;

    memcpy(&four, at, sizeof four);
    return four | UINT32_C(0x20202020);
}

/* 1: VALUE begins with the WORD of LEN small letters and "-", four to eight,
 * in any case.  LEN is known when this is compiled: two loads are compared,
 * and none has to wait for bytes that were just put together in memory. */
static inline int
begins_with(const struct gl_text *value, const char *word, size_t len)
{
    return value->len >= len && four_small(value->data) == four_small(word) &&
           four_small(value->data + len - 4) == four_small(word + len - 4);
}

#define begins(value, word) begins_with(value, word, LEN(word))

static inline int
is_one(const struct gl_text *value)
{
    return value->len == 1 && value->data[0] == '1';
}

static inline uint8_t
dest_of(const struct gl_text *value)
{
    if (begins(value, "empty"))
        return GL_DEST_EMPTY;
    if (begins(value, "document"))
        return GL_DEST_DOCUMENT;
    if (begins(value, "style"))
        return GL_DEST_STYLE;
    return begins(value, "image") ? GL_DEST_IMAGE : GL_DEST_OTHER;
}

static inline void
add_fetch(struct gl_headers *seen, const struct gl_text *name,
          const struct gl_text *value)
{
    if (NAMED(name, "sec-fetch-site")) {
        seen->evidence |= GL_EVIDENCE_FETCH_SITE;
        seen->site_none = begins(value, "none");
        seen->site_same = begins(value, "same-");
    } else if (NAMED(name, "sec-fetch-dest")) {
        seen->dest = dest_of(value);
    }
}

static inline struct gl_text
first_tag(struct gl_text value)
{
    uint32_t i, most = GL_LONGEST_language + 1;

    if (value.len < most)
        most = value.len;
    /* letters are above all these */
    for (i = 0; i < most; i++)
        if (value.data[i] <= ';' &&
            (value.data[i] == ',' || value.data[i] == ';' ||
             value.data[i] == ' ' || value.data[i] == '*'))
            break;
    return (struct gl_text){i > 0 ? value.data : NULL, i};
}

static inline void
add_signature(struct gl_headers *seen, struct gl_text *to,
              const struct gl_text *value)
{
    seen->twice |= to->data != NULL;
    *to = *value;
}

static inline void
add_accept(struct gl_headers *seen, const struct gl_text *name,
           const struct gl_text *value)
{
    if (NAMED(name, "accept-language")) {
        seen->evidence |= GL_EVIDENCE_LANGUAGE;
        seen->language = first_tag(*value);
    } else if (NAMED(name, "accept-encoding")) {
        seen->evidence |= GL_EVIDENCE_ENCODING;
    } else if (NAMED(name, "signature-input")) {
        add_signature(seen, &seen->signature_input, value);
    }
}

/* "prefetch;prerender", "preview" */
static inline int
is_early(const struct gl_text *value)
{
    return begins(value, "prefetch") || begins(value, "preview");
}

static inline void
add_seven(struct gl_headers *seen, const struct gl_text *name,
          const struct gl_text *value)
{
    if (NAMED(name, "referer"))
        seen->referer = value->len != 0;
    else if (NAMED(name, "purpose"))
        seen->prefetch |= is_early(value);
    else if (NAMED(name, "sec-gpc") && is_one(value))
        seen->evidence |= GL_EVIDENCE_GPC, seen->gpc = 1;
}

static inline void
add_nine(struct gl_headers *seen, const struct gl_text *name,
         const struct gl_text *value)
{
    if (NAMED(name, "sec-ch-ua")) {
        seen->evidence |= GL_EVIDENCE_HINTS;
        seen->hints.brands = *value;
    } else if (NAMED(name, "signature")) {
        add_signature(seen, &seen->signature, value);
    } else if (NAMED(name, "x-purpose")) {
        seen->prefetch |= is_early(value);
    }
}

void
gl_headers_add(struct gl_headers *seen, const struct gl_text *name,
               const struct gl_text *value)
{
    switch (name->len) {
    case 3:
        if (NAMED(name, "dnt") && is_one(value))
            seen->evidence |= GL_EVIDENCE_GPC, seen->dnt = 1;
        break;
    case 5:
        if (NAMED(name, "x-moz"))
            seen->prefetch |= is_early(value);
        break;
    case 7:
        add_seven(seen, name, value);
        break;
    case 9:
        add_nine(seen, name, value);
        break;
    case 10:
        if (NAMED(name, "connection"))
            seen->connection = 1;
        break;
    case 11:
        if (NAMED(name, "sec-purpose"))
            seen->prefetch |= is_early(value);
        break;
    case 14:
        add_fetch(seen, name, value);
        break;
    case 15:
        add_accept(seen, name, value);
        break;
    case 16:
        if (NAMED(name, "sec-ch-ua-mobile"))
            seen->hints.mobile = *value;
        break;
    case 18:
        if (NAMED(name, "sec-ch-ua-platform"))
            seen->hints.platform = *value;
        break;
    case 26:
        if (NAMED(name, "sec-ch-ua-platform-version"))
            seen->hints.platform_version = *value;
        break;
    case 25:
        if (NAMED(name, "upgrade-insecure-requests"))
            seen->upgrade = 1;
        break;
    }
}

struct gl_text
gl_headers_language(struct gl_text value)
{
    return first_tag(value);
}

struct gl_text
gl_headers_agent(struct gl_text value)
{
    uint32_t len = GL_LONGEST_agent;

    if (value.len <= len)
        return value;
    while (len > 0 && ((uint8_t) value.data[len] & 0xc0) == 0x80)
        len--;
    /* a run of continuation bytes is no UTF-8: cut it anywhere */
    value.len = GL_LONGEST_agent - len > 3 ? GL_LONGEST_agent : len;
    return value;
}

/* 1: TEXT has the WORD of LEN letters, of which the one at RARE is looked for
 * first: agents have few of it.  All but TEXT is known when this is compiled,
 * so that a word is compared without a call. */
static inline __attribute__((always_inline)) int
contains(struct gl_text text, const char *word, size_t len, size_t rare)
{
    const char *at = text.data, *end = at + text.len;

    if (text.len < len)
        return 0;
    for (at += rare; (size_t) (end - at) >= len - rare; at++) {
        at = memchr(at, word[rare], (size_t) (end - at) - (len - rare - 1));
        if (at == NULL)
            return 0;
        if (memcmp(at - rare, word, len) == 0)
            return 1;
    }
    return 0;
}

#define CONTAINS(text, word, rare) contains(text, word, LEN(word), rare)

/* Hardly an agent has a "J". */
static GL_APART int
is_script(struct gl_text agent)
{
    return CONTAINS(agent, "PhantomJS", 7) || CONTAINS(agent, "SlimerJS", 6);
}

/* AGENT is not empty. */
static int
is_headless(struct gl_text agent)
{
    if (CONTAINS(agent, "Headless", 0)) /* HeadlessChrome, HeadlessEdg */
        return 1;
    return memchr(agent.data, 'J', agent.len) != NULL && is_script(agent);
}

enum gl_headers_of
gl_headers_judge(const struct gl_headers *seen, struct gl_text agent)
{
    const uint64_t accepts = GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING;

    if (seen->prefetch && !seen->post)
        return GL_OF_PREFETCH;
    if (agent.len == 0 || (seen->evidence & accepts) == 0 ||
        ((seen->evidence & GL_EVIDENCE_HTTP2) && seen->connection) ||
        (seen->dest == GL_DEST_EMPTY && seen->upgrade) ||
        (seen->site_none && seen->referer) || is_headless(agent))
        return GL_OF_BOT;
    return GL_OF_PERSON;
}
