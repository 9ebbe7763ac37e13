/*
 * One event, as both sides of the spool see it.
 *
 * The worker fills a struct gl_event with pointers into the request and
 * encodes it into a frame's payload; the aggregator decodes a payload into a
 * struct gl_event with pointers into that payload.  Nothing here allocates
 * for the caller; nothing here keeps a pointer after it returns.
 *
 * Invariant: an event never holds a client address.
 */

#ifndef GL_EVENT_H
#define GL_EVENT_H

#include <stddef.h>
#include <stdint.h>

#define GL_EVENT_SCHEMA 1
#define GL_EVENT_PROPS_MAX 30
#define GL_EVENT_PROP_KEY_MAX 300 /* characters, as the next */
#define GL_EVENT_PROP_VALUE_MAX 2000

/* The most bytes that so many characters of UTF-8 have (RFC 3629). */
#define GL_UTF8_BYTES(characters) (4 * (characters))

/* The top bit of a visitor id is free for imports: no live visitor has it. */
#define GL_VISITOR_MASK UINT64_C(0x7fffffffffffffff)
#define GL_VISITOR_IMPORTED UINT64_C(0x8000000000000000)

enum gl_kind { GL_PAGEVIEW = 1, GL_CUSTOM = 2, GL_ENGAGEMENT = 3 };

/* Which request headers were present: evidence for the bot filter. */
enum gl_evidence {
    GL_EVIDENCE_LANGUAGE = 1 << 0,   /* Accept-Language */
    GL_EVIDENCE_ENCODING = 1 << 1,   /* Accept-Encoding */
    GL_EVIDENCE_FETCH_SITE = 1 << 2, /* Sec-Fetch-Site */
    GL_EVIDENCE_HINTS = 1 << 3,      /* Sec-CH-UA */
    GL_EVIDENCE_HTTP2 = 1 << 4,      /* came over HTTP/2 or newer */
    GL_EVIDENCE_GPC = 1 << 5,        /* Sec-GPC or DNT was 1 */
    GL_EVIDENCE_SALT_LOCAL = 1 << 6, /* worker had no salt file for the day */
};

/* Of a page served: what its request, or another of the visitor, tells. */
enum gl_fetched {
    GL_FETCHED_AS_PAGE = 1 << 0, /* Sec-Fetch-Dest: document */
    GL_FETCHED_ASSET = 1 << 1,   /* no page: a style or an image of one */
    GL_FETCHED_BOT = 1 << 2,     /* headers that no person's browser sends */
};

/* Bytes that belong to somebody else; not terminated; data NULL when len 0. */
struct gl_text {
    const char *data;
    uint32_t len;
};

struct gl_prop {
    struct gl_text key;
    struct gl_text value;
};

struct gl_event {
    int64_t at_ms; /* UTC; not in the payload: from the frame or event line */
    uint64_t schema;
    uint64_t kind; /* enum gl_kind */
    uint64_t evidence, scroll_depth, engagement_ms, server, passive;
    uint64_t visitor, visitor_before;
    uint64_t status, bytes, request_ms, upstream_ms, cache, fetched;
    uint64_t signed_as, mobile;
    struct gl_text site, name, host, path, referrer;
    struct gl_text utm_source, utm_medium, utm_campaign, utm_content, utm_term;
    struct gl_text source, click_id, title, agent, understood;
    struct gl_text language, screen;
    struct gl_text country, region, city, amount, currency;
    struct gl_text network, signed_base, signature;
    struct gl_text brand, brand_version, platform, platform_version;
    struct gl_prop props[GL_EVENT_PROPS_MAX];
    uint32_t props_n;
};

/*
 * What a worker turned away itself: payload of a frame of type
 * GL_FRAME_COUNTS. On the wire: {0: 1, 1: [[site, reason, n], ...]}.
 */
#define GL_COUNTS_MAX 64

struct gl_count {
    struct gl_text site;   /* empty = not of one site */
    struct gl_text reason; /* unknown_site, prefetch ... */
    uint64_t n;
};

/*
 * Encode EVENT (at_ms excepted) into BUF.  Returns bytes written, 0 when CAP
 * is too small or a text longer than its field: nothing is ever cut here, who
 * makes events looks before (request/).
 */
size_t gl_event_encode(const struct gl_event *event, uint8_t *buf, size_t cap);

/* The same of a page served: only what is asked of one. */
size_t gl_served_encode(const struct gl_event *event, uint8_t *buf,
                        size_t cap);

/* Encode N counts (n <= GL_COUNTS_MAX) into BUF; bytes written or 0. */
size_t gl_counts_encode(const struct gl_count *counts, uint32_t n,
                        uint8_t *buf, size_t cap);

/*
 * A decoder keeps msgpack's memory between calls.  What it decodes points into
 * PAYLOAD and is valid until the next call or gl_decoder_free().
 */
struct gl_decoder;
struct gl_decoder *gl_decoder_new(void); /* NULL: out of memory */
void gl_decoder_free(struct gl_decoder *decoder);

/*
 * Decode PAYLOAD into EVENT (zeroed first).  Unknown keys are ignored.
 * Returns 0, or -1 with *WHY set to a static sentence: not one msgpack map,
 * key of a wrong type, text longer than its field, nesting deeper than 4,
 * unknown kind, a schema that is not 1, no site, no visitor.
 */
int gl_event_decode(struct gl_decoder *decoder, struct gl_event *event,
                    const uint8_t *payload, size_t len, const char **why);

/* Same for a counts payload: fills COUNTS, returns how many, or -1. */
int gl_counts_decode(struct gl_decoder *decoder,
                     struct gl_count counts[GL_COUNTS_MAX],
                     const uint8_t *payload, size_t len, const char **why);

#endif
