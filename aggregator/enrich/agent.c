/*
 * The life of a User-Agent: keyed hash, cache, and on a miss bots, then
 * browser, system and device class.  The text is gone when the function
 * returns.
 *
 * One thread.  The key is random at every start, so that nobody outside can
 * choose texts that share a hash.
 */

#define _GNU_SOURCE /* memmem */

#include "agent.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "bots.h"
#include "cache.h"
#include "rules.h"

struct gl_agents {
    struct gl_rules *rules;
    struct gl_bots *bots;
    struct gl_cache *cache;
    struct gl_agent unknown; /* of an empty text */
    struct gl_enrich_lookups lookups;
    unsigned char key[crypto_shorthash_KEYBYTES];
};

struct gl_agents *
gl_agents_new_(const char *data_dir, uint32_t entries, const char **why)
{
    struct gl_agents *agents = calloc(1, sizeof *agents);

    *why = "out of memory";
    if (agents == NULL)
        return NULL;
    agents->unknown.kind = agents->unknown.operator= "";
    agents->cache = gl_cache_new_(entries);
    if (agents->cache == NULL)
        goto failed;
    if (sodium_init() == -1) {
        *why = "libsodium does not start: no source of random bytes";
        goto failed;
    }
    crypto_shorthash_keygen(agents->key);
    agents->rules = gl_rules_new_(data_dir, why);
    if (agents->rules != NULL)
        agents->bots = gl_bots_new_(data_dir, why);
    if (agents->bots != NULL)
        return agents;

failed:
    gl_agents_free_(agents);
    return NULL;
}

void
gl_agents_free_(struct gl_agents *agents)
{
    if (agents == NULL)
        return;
    gl_rules_free_(agents->rules);
    gl_bots_free_(agents->bots);
    gl_cache_free_(agents->cache);
    sodium_memzero(agents->key, sizeof agents->key);
    free(agents);
}

int
gl_agents_save_(const struct gl_agents *agents, const char *data_dir)
{
    if (gl_rules_save_(agents->rules, data_dir) == -1)
        return -1;
    return gl_bots_save_(agents->bots, data_dir);
}

static void
copy(char *to, size_t cap, const char *from)
{
    size_t len = strnlen(from, cap - 1);

    memcpy(to, from, len);
    to[len] = '\0';
}

#define COPY(to, from) copy((to), sizeof(to), (from))

static void
set_bot(struct gl_agent *agent, const struct gl_bot_found *found)
{
    COPY(agent->bot, found->family);
    /* For an owner who counts bots: its name, from a list that ends. */
    COPY(agent->browser, found->family);
    agent->rule = (uint8_t) found->rule;
    agent->kind = found->kind;
    agent->operator= found->operator;
}

static int
begins(struct gl_text text, const char *word)
{
    return text.len >= strlen(word) &&
           memcmp(text.data, word, strlen(word)) == 0;
}

/* In any case of letters: one byte of most is looked at once. */
static int
names_engine(struct gl_text text)
{
    size_t i;

    for (i = 0; i + strlen("gecko") <= text.len; i++) {
        const char *at = text.data + i;
        const char *word = (*at | 0x20) == 'w'   ? "webkit"
                           : (*at | 0x20) == 'g' ? "gecko"
                           : (*at | 0x20) == 'k' ? "khtml"
                                                 : NULL;
        if (word != NULL && text.len - i >= strlen(word) &&
            strncasecmp(at, word, strlen(word)) == 0)
            return 1;
    }
    return 0;
}

/* What is between the first parentheses of TEXT, and what follows them. */
static struct gl_text
in_parentheses(struct gl_text text, struct gl_text *rest)
{
    const char *open = memchr(text.data, '(', text.len);
    const char *close = NULL;

    const char *end = text.data + text.len;
    if (open != NULL)
        close = memchr(open, ')', (size_t) (end - open));
    *rest = (struct gl_text){end, 0};
    if (close == NULL)
        return *rest;
    *rest = (struct gl_text){close + 1, (uint32_t) (end - close - 1)};
    return (struct gl_text){open + 1, (uint32_t) (close - open - 1)};
}

static int
has_word(struct gl_text text, const char *word)
{
    size_t bytes = strlen(word), i;

    for (i = 0; i + bytes <= text.len; i++)
        if (strncasecmp(text.data + i, word, bytes) == 0)
            return 1;
    return 0;
}

/* One field of a letter that says how strong encryption is: Netscape's. */
static int
has_strength(struct gl_text fields)
{
    struct gl_text field;

    while (fields.len > 0) {
        const char *end = memchr(fields.data, ';', fields.len);

        field.data = fields.data;
        field.len = end != NULL ? (uint32_t) (end - fields.data) : fields.len;
        fields.data += field.len + (end != NULL);
        fields.len -= field.len + (end != NULL);
        for (; field.len > 0 && field.data[0] == ' '; field.data++)
            field.len--;
        while (field.len > 0 && field.data[field.len - 1] == ' ')
            field.len--;
        if (field.len == 1 && memchr("IUN", field.data[0], 3) != NULL)
            return 1;
    }
    return 0;
}

/*
 * Netscape until 4.8, "Mozilla/4.78 [en] (X11; U; Linux 2.4.9 i686)", and
 * browsers of telephones and sets that write as it did, of whatever fields.
 * Programs of those years write as Internet Explorer, "(compatible; ...)": of
 * labelled agents that nothing else told, 33 of these were people's (25 of one
 * browser, the others of one or two each) and none a bot's.
 */
static int
is_netscape(struct gl_text text)
{
    struct gl_text rest, inside = in_parentheses(text, &rest);

    if (!begins(text, "Mozilla/") || text.len < strlen("Mozilla/4") ||
        text.data[8] < '1' || text.data[8] > '4' || inside.len == 0)
        return 0;
    return has_strength(inside) ||
           (memchr(inside.data, ';', inside.len) != NULL &&
            !has_word(inside, "compatible"));
}

/* Browsers that are made of Gecko and call it otherwise: "Mozilla/5.0
 * (Macintosh; PPC; rv:9.3.0) Clecko/20120101". */
static int
is_of_gecko(struct gl_text text)
{
    struct gl_text rest, inside = in_parentheses(text, &rest);
    uint32_t at = 1;

    if (!begins(text, "Mozilla/5") || rest.len < 2 || rest.data[0] != ' ' ||
        memmem(inside.data, inside.len, "rv:", 3) == NULL)
        return 0;
    while (at < rest.len && isalpha((unsigned char) rest.data[at]))
        at++;
    return at > 1 && at + 1 < rest.len && rest.data[at] == '/' &&
           isdigit((unsigned char) rest.data[at + 1]);
}

/*
 * 1 when TEXT, of which AGENT is all that was found, names nothing that people
 * have: neither a system nor a thing, or a desktop without any browser.  Views
 * inside applications name the engine alone.  THING: is known to be a thing or
 * a browser, whatever else was found.
 */
static int
is_nothing(const struct gl_agent *agent, struct gl_text text, int thing)
{
    if (thing)
        return 0;
    if (agent->os[0] == '\0' && agent->device[0] == '\0' &&
        !begins(text, "Mozilla/") && !begins(text, "Opera/"))
        return 1;
    if (agent->browser[0] != '\0' || names_engine(text) ||
        begins(text, "Opera/") || is_netscape(text) || is_of_gecko(text))
        return 0;
    return strcmp(agent->device, "Desktop") == 0 ||
           (agent->os[0] == '\0' && agent->device[0] == '\0');
}

void
gl_agents_parse_(struct gl_agents *agents, struct gl_agent *agent,
                 struct gl_text text)
{
    static const struct gl_bot_found nothing = {"Unknown program", "", "",
                                                GL_BOT_UNKNOWN};
    struct gl_family families[GL_RULES_LISTS];
    struct gl_bot_found found;

    memset(agent, 0, sizeof *agent);
    agent->kind = agent->operator= "";
    if (text.len == 0)
        return;
    if (text.len > GL_AGENT_TEXT_BYTES_MAX)
        text.len = GL_AGENT_TEXT_BYTES_MAX;
    if (gl_bots_find_(agents->bots, text, &found)) {
        set_bot(agent, &found);
        return;
    }
    int whole = gl_rules_find_(agents->rules, text, families) == 0;
    COPY(agent->browser, families[GL_RULES_BROWSERS].name);
    COPY(agent->browser_version, families[GL_RULES_BROWSERS].version);
    COPY(agent->os, families[GL_RULES_SYSTEMS].name);
    COPY(agent->os_version, families[GL_RULES_SYSTEMS].version);
    /* "-" and "+Desktop": known, without and with a class of ours */
    const char *device = families[GL_RULES_DEVICES].name;
    int thing = *device == '-' || *device == '+';
    COPY(agent->device, device + thing);
    if (whole && is_nothing(agent, text, thing)) {
        memset(agent, 0, sizeof *agent);
        set_bot(agent, &nothing);
    }
}

const struct gl_agent *
gl_agents_find_(struct gl_agents *agents, struct gl_text text)
{
    uint64_t hash;
    unsigned char digest[crypto_shorthash_BYTES];
    size_t len = text.len < GL_AGENT_TEXT_BYTES_MAX ? text.len
                                                    : GL_AGENT_TEXT_BYTES_MAX;

    if (len == 0)
        return &agents->unknown;
    crypto_shorthash(digest, (const unsigned char *) text.data, len,
                     agents->key);
    memcpy(&hash, digest, sizeof hash);
    struct gl_agent *agent = gl_cache_find_(agents->cache, hash);
    agents->lookups.hits += agent != NULL;
    if (agent == NULL) {
        agents->lookups.misses++;
        agent = gl_cache_add_(agents->cache, hash);
        gl_agents_parse_(agents, agent, text);
        agent->hash = hash;
    }
    return agent;
}

struct gl_enrich_lookups
gl_agents_lookups_(const struct gl_agents *agents)
{
    return agents->lookups;
}
