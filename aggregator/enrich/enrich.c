/*
 * The room's two questions, answered from its parts: agents (agent.h) and
 * origins (referrer.h, channel.h).
 *
 * One thread a struct gl_enrich; state is caches and tables only, so that two
 * of them always give the same answers.
 */

#include "enrich.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent.h"
#include "codes.h"
#include "hints.h"
#include "identity.h"
#include "operators.h"
#include "referrer.h"
#include "request/host.h"
#include "request/longest.h"
#include "request/text.h"
#include "understood.h"

/* A site's visitors of a day have some thousands; 2 MiB of memory. */
#define AGENTS_REMEMBERED 8192

struct gl_enrich {
    struct gl_agents *agents;
    struct gl_referrers *referrers;
    struct gl_codes *codes;
    struct gl_operators *operators;
    struct gl_keys *keys; /* NULL = there are none */
    struct gl_agent client;
    struct gl_understood understood; /* of the last event that had it */
    char source[GL_UTF8_BYTES(GL_LONGEST_source)];
    char referrer[GL_LONGEST_referrer];
};

struct gl_enrich *
gl_enrich_new(const char *data_dir, const char **why)
{
    struct gl_enrich *enrich = calloc(1, sizeof *enrich);

    if (enrich == NULL) {
        *why = "out of memory";
        return NULL;
    }
    enrich->agents = gl_agents_new_(data_dir, AGENTS_REMEMBERED, why);
    if (enrich->agents != NULL)
        enrich->referrers = gl_referrers_new_(data_dir, why);
    if (enrich->referrers != NULL)
        enrich->codes = gl_codes_new_(data_dir, why);
    if (enrich->codes != NULL)
        enrich->operators = gl_operators_new_(data_dir, why);
    if (enrich->operators != NULL)
        return enrich;
    gl_enrich_free(enrich);
    return NULL;
}

void
gl_enrich_free(struct gl_enrich *enrich)
{
    if (enrich == NULL)
        return;
    gl_agents_free_(enrich->agents);
    gl_referrers_free_(enrich->referrers);
    gl_codes_free_(enrich->codes);
    gl_operators_free_(enrich->operators);
    gl_keys_free_(enrich->keys);
    free(enrich);
}

const struct gl_agent *
gl_enrich_agent(struct gl_enrich *enrich, struct gl_text user_agent)
{
    return gl_agents_find_(enrich->agents, user_agent);
}

const struct gl_agent *
gl_enrich_client(struct gl_enrich *enrich, const struct gl_event *event)
{
    if (event->understood.len > 0) {
        gl_understood_read(&enrich->understood, event->understood);
        return &enrich->understood.agent;
    }
    const struct gl_agent *agent =
        gl_agents_find_(enrich->agents, event->agent);
    if (event->platform.len == 0)
        return agent;
    enrich->client = *agent;
    gl_hints_apply_(&enrich->client, event);
    return &enrich->client;
}

int
gl_enrich_keys(struct gl_enrich *enrich, const char *dir)
{
    gl_keys_free_(enrich->keys);
    enrich->keys = gl_keys_new_(dir);
    return enrich->keys != NULL ? 0 : -1;
}

/* 1: AGENT does not say that it is somebody else's than OPERATOR's. */
static int
may_be_of(const struct gl_agent *agent, const char *operator)
{
    return agent->rule != GL_BOT_LISTED ||
           strcmp(agent->operator, operator) == 0;
}

struct gl_identity
gl_enrich_identity(struct gl_enrich *enrich, const struct gl_agent *agent,
                   const struct gl_event *event)
{
    struct gl_identity identity = {"claimed", NULL, NULL};
    struct gl_text code = {NULL, 0};

    if (event->signed_as != 0 && enrich->keys != NULL)
        identity.word = gl_keys_ask_(enrich->keys, event, &code);
    if (code.len == 0 && event->network.len == 0)
        return identity;
    struct gl_operator found = gl_operators_find_(
        enrich->operators, code.len > 0 ? code : event->network);
    if (code.len == 0 && !may_be_of(agent, found.name))
        return identity;
    if (code.len == 0)
        identity.word = "network";
    identity.operator= found.name;
    identity.kind = found.kind;
    return identity;
}

struct gl_text
gl_enrich_code(const struct gl_enrich *enrich, enum gl_code_list list,
               struct gl_text code)
{
    if (code.len == 0 || gl_codes_has_(enrich->codes, list, code))
        return code;
    return (struct gl_text){NULL, 0};
}

/* 1: HOST and OWN may be of one registrable domain, which has two labels at
 * least: the last two of each are the same.  So nearly all need no look-up in
 * the public suffix list. */
static int
may_be_own(struct gl_text host, struct gl_text own)
{
    const char *a = host.data + host.len, *b = own.data + own.len;
    int dots = 0;

    if (own.len == 0)
        return 0;
    while (a > host.data && b > own.data && a[-1] == b[-1]) {
        dots += *--a == '.';
        b--;
        if (dots == 2)
            return 1;
    }
    if (a == host.data && b == own.data)
        return 1;
    /* one has more labels */
    return dots == 1 && (a == host.data ? b > own.data && b[-1] == '.'
                                        : b == own.data && a[-1] == '.');
}

/* 1: DOMAIN is the registrable domain of OWN. */
static int
is_under(struct gl_referrers *referrers, struct gl_text own,
         struct gl_text domain)
{
    char host[GL_LONGEST_host + 1];

    if (own.len > GL_LONGEST_host || !gl_host_is_under(own, domain))
        return 0;
    memcpy(host, own.data, own.len);
    host[own.len] = '\0';
    /* it may be a public suffix's, deeper */
    return strlen(gl_referrers_domain_(referrers, host)) == domain.len;
}

/* 1: HOST is of the registrable domain of OWN. */
static int
is_own(struct gl_referrers *referrers, const char *host, struct gl_text own)
{
    struct gl_text text = {host, (uint32_t) strlen(host)};

    if (text.len > 0 && gl_text_is(text, own))
        return 1;
    if (!may_be_own(text, own))
        return 0;
    text.data = gl_referrers_domain_(referrers, host);
    text.len = (uint32_t) strlen(text.data);
    return is_under(referrers, own, text);
}

static int
is_among(struct gl_referrers *referrers, const char *host,
         struct gl_text own_hosts)
{
    while (own_hosts.len > 0)
        if (is_own(referrers, host, gl_text_item(&own_hosts)))
            return 1;
    return 0;
}

/* 1 when the event has a referrer that is of another registrable domain. */
static int
foreign(struct gl_referrers *referrers, struct gl_url *url,
        const struct gl_event *event, struct gl_text own_hosts)
{
    if (event->referrer.len == 0 || gl_url_split_(url, event->referrer) != 0 ||
        strcmp(url->host, "localhost") == 0)
        return 0;
    return url->app || (!is_own(referrers, url->host, event->host) &&
                        !is_own(referrers, url->host, event->site) &&
                        !is_among(referrers, url->host, own_hosts));
}

/* Host and path, printable ASCII: other bytes as %XX, as URLs have them.  A
 * path that has no room is left out: cut, it could be another's. */
static struct gl_text
show_referrer(char to[GL_LONGEST_referrer], const struct gl_url *url)
{
    static const char hex[] = "0123456789ABCDEF";
    uint32_t i, len = url->path.len;
    const struct gl_text host = {to, (uint32_t) strlen(url->host)};
    struct gl_text shown = host;

    memcpy(to, url->host, host.len);
    while (len > 0 && url->path.data[len - 1] == '/')
        len--;
    for (i = 0; i < len; i++) {
        if (shown.len + 3 > GL_LONGEST_referrer)
            return host;
        unsigned char c = (unsigned char) url->path.data[i];
        if (c > 0x20 && c < 0x7f) {
            to[shown.len++] = (char) c;
            continue;
        }
        to[shown.len++] = '%';
        to[shown.len++] = hex[c >> 4];
        to[shown.len++] = hex[c & 15];
    }
    return shown;
}

/* TEXT without spaces and control bytes at its ends. */
static struct gl_text
trim(struct gl_text text)
{
    while (text.len > 0 && (unsigned char) text.data[0] <= ' ') {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && (unsigned char) text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static struct gl_text
keep_source(struct gl_enrich *enrich, const char *bytes, size_t len)
{
    struct gl_text kept = {enrich->source, 0};

    if (len == 0)
        return (struct gl_text){NULL, 0};
    for (; kept.len < len && kept.len < sizeof enrich->source; kept.len++) {
        enrich->source[kept.len] = bytes[kept.len];
        /* A name is one line. */
        if ((unsigned char) bytes[kept.len] < ' ')
            enrich->source[kept.len] = ' ';
    }
    return kept;
}

/* TAG is what the page's address names; URL the foreign referrer, or NULL. */
static struct gl_text
find_source(struct gl_enrich *enrich, struct gl_source *source,
            struct gl_text tag, const struct gl_url *url)
{
    memset(source, 0, sizeof *source);
    if (tag.len > 0) {
        if (gl_referrers_tag_(enrich->referrers, source, tag) == -1)
            return keep_source(enrich, tag.data, tag.len);
    } else if (url != NULL) {
        gl_referrers_name_(enrich->referrers, source, url);
    } else {
        return keep_source(enrich, NULL, 0);
    }
    return keep_source(enrich, source->name, strlen(source->name));
}

void
gl_enrich_origin(struct gl_enrich *enrich, struct gl_origin *origin,
                 const struct gl_event *event, struct gl_text hosts)
{
    struct gl_url url;
    struct gl_source source;
    struct gl_channel_facts facts;
    struct gl_text tag = trim(event->utm_source);
    int has_url = foreign(enrich->referrers, &url, event, hosts);

    memset(origin, 0, sizeof *origin);
    if (has_url) {
        origin->referrer = show_referrer(enrich->referrer, &url);
        origin->spam = gl_referrers_spam_(enrich->referrers, url.host);
    }
    if (tag.len == 0)
        tag = trim(event->source);
    origin->utm_source = event->utm_source.len > 0 ? event->utm_source : tag;
    origin->source = find_source(enrich, &source, tag, has_url ? &url : NULL);
    facts.source = origin->source;
    facts.category = source.category;
    facts.paid_source = source.paid;
    facts.utm_source = tag;
    facts.utm_medium = trim(event->utm_medium);
    facts.utm_campaign = event->utm_campaign;
    facts.click_id = event->click_id;
    origin->channel = gl_channel_(&facts);
}

struct gl_text
gl_enrich_referrer(struct gl_enrich *enrich, struct gl_text referrer)
{
    struct gl_url url;

    if (referrer.len == 0 || gl_url_split_(&url, referrer) != 0)
        return referrer;
    return show_referrer(enrich->referrer, &url);
}

struct gl_enrich_lookups
gl_enrich_lookups(const struct gl_enrich *enrich)
{
    return gl_agents_lookups_(enrich->agents);
}
