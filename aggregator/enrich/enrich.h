/*
 * What the aggregator adds to an event before it becomes a row: the browser
 * behind a User-Agent, whether it is a bot, and where the visit came from.
 *
 * One thread uses one struct gl_enrich.  Versions are matched when first
 * needed, results cached by keyed hash in a bounded LRU.  Nothing here touches
 * storage, sockets or clocks.
 */

#ifndef GL_ENRICH_H
#define GL_ENRICH_H

#include "event.h"

struct gl_enrich;

/*
 * DATA_DIR holds the data files the build put there (agents, bots, referrers,
 * codes).
 * Returns NULL with *WHY set to a sentence when a file is missing or unusable.
 */
struct gl_enrich *gl_enrich_new(const char *data_dir, const char **why);
void gl_enrich_free(struct gl_enrich *enrich);

/* By what an agent was found to be no person's. */
enum gl_bot_rule {
    GL_BOT_NO = 0,
    GL_BOT_LISTED, /* a name of the published list, or of a program */
    GL_BOT_WORDS,  /* words that agents of programs have */
    GL_BOT_UNKNOWN /* names nothing that people have: no system, no browser */
};

/* Texts are terminated, at most the stated bytes, "" = not known. */
struct gl_agent {
    uint64_t hash; /* of the raw text, keyed at start: never stored */
    char browser[64], browser_version[16]; /* "Firefox", "133.0" */
    char os[64], os_version[16];
    char device[16]; /* Desktop, Mobile, Tablet, TV, (other: "") */
    char bot[64];    /* family name when it is a bot ("Googlebot"), else "" */
    uint8_t rule;    /* enum gl_bot_rule */
    /* Of a listed bot; they live as long as the struct gl_enrich, but those of
     * an event that brought them: until its next one. */
    const char *kind;     /* "ai-crawler", "search-engine", ... */
    const char *operator; /* who runs it: "Google", "example.com" */
};

/*
 * Look up a User-Agent (256 bytes of it; empty gives all "").  Never NULL.
 * Valid until the next call.
 */
const struct gl_agent *gl_enrich_agent(struct gl_enrich *enrich,
                                       struct gl_text user_agent);

/* The same of EVENT's, with what its client hints say beyond it, or as another
 * glinto understood both. */
const struct gl_agent *gl_enrich_client(struct gl_enrich *enrich,
                                        const struct gl_event *event);

/*
 * Keys of operators out of the folder DIR, as identity.h says; it need not be
 * there.  0, or -1: no memory.
 */
int gl_enrich_keys(struct gl_enrich *enrich, const char *dir);

/* Whose a request is, beyond what its agent says. */
struct gl_identity {
    /* "proved", by a signature; "network": it comes from a network that the
     * operator publishes; "claimed"; or why a signature proves nothing, which
     * is claimed, too */
    const char *word;
    /* Of the first two, else NULL: "OpenAI", and what it is that they run. */
    const char *operator, * kind;
};

/* Of EVENT, of which AGENT is known.  Valid until the next call. */
struct gl_identity gl_enrich_identity(struct gl_enrich *enrich,
                                      const struct gl_agent *agent,
                                      const struct gl_event *event);

/* Agents that were looked up, by whether they were known. */
struct gl_enrich_lookups {
    uint64_t hits, misses;
};
struct gl_enrich_lookups gl_enrich_lookups(const struct gl_enrich *enrich);

/* The lists of iso-codes. */
enum gl_code_list {
    GL_CODE_COUNTRY = 0, /* "AT" */
    GL_CODE_REGION,      /* "AT-9" */
    GL_CODE_CURRENCY,    /* "EUR" */
    GL_CODE_LISTS
};

/* CODE, or the empty text when it is not on LIST. */
struct gl_text gl_enrich_code(const struct gl_enrich *enrich,
                              enum gl_code_list list, struct gl_text code);

struct gl_origin {
    struct gl_text source;     /* "Google", "example.org"; empty = direct */
    struct gl_text referrer;   /* host and path of the referrer, no scheme, no
                                www., no query; empty = direct or own host */
    struct gl_text utm_source; /* as it came, else the source or ref key */
    const char *channel;       /* one of the 19 GA4-like names, never NULL */
    int spam;                  /* 1 = the referrer is a known spammer */
};

/*
 * Where an event came from: utm_source, else source/ref key, else the
 * referrer's known name, else its registrable host.  A host of the registrable
 * domain of the event's host, of the site, or of one of HOSTS (the site's
 * comma list, may be empty) is no referrer.  Texts are valid until the next
 * call.
 */
void gl_enrich_origin(struct gl_enrich *enrich, struct gl_origin *origin,
                      const struct gl_event *event, struct gl_text hosts);

/* Host and path of REFERRER, whoever's it is; without a scheme it is those
 * already.  Valid until the next call of either. */
struct gl_text gl_enrich_referrer(struct gl_enrich *enrich,
                                  struct gl_text referrer);

#endif
