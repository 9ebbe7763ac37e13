/*
 * The life of a User-Agent: keyed hash, cache, and on a miss bots, then
 * browser, system and device class.  The text is gone when the function
 * returns.
 *
 * One thread.  The key is random at every start, so that nobody outside can
 * choose texts that share a hash.
 */

#include "agent.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "bots.h"
#include "cache.h"
#include "rules.h"

struct gl_agents {
    struct gl_rules *rules;
    struct gl_bots *bots;
    struct gl_cache *cache;
    struct gl_agent unknown; /* of an empty text */
    unsigned char key[crypto_shorthash_KEYBYTES];
};

struct gl_agents *
gl_agents_new_(const char *data_dir, uint32_t entries, const char **why)
{
    struct gl_agents *agents = calloc(1, sizeof *agents);

    *why = "out of memory";
    if (agents == NULL)
        return NULL;
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

void
gl_agents_parse_(struct gl_agents *agents, struct gl_agent *agent,
                 struct gl_text text)
{
    struct gl_family families[GL_RULES_LISTS];

    memset(agent, 0, sizeof *agent);
    if (text.len == 0)
        return;
    if (text.len > GL_AGENT_TEXT_BYTES_MAX)
        text.len = GL_AGENT_TEXT_BYTES_MAX;
    COPY(agent->bot, gl_bots_find_(agents->bots, text));
    if (agent->bot[0] != '\0') {
        /* For an owner who counts bots: its name, from a list that ends. */
        COPY(agent->browser, agent->bot);
        return;
    }
    gl_rules_find_(agents->rules, text, families);
    COPY(agent->browser, families[GL_RULES_BROWSERS].name);
    COPY(agent->browser_version, families[GL_RULES_BROWSERS].version);
    COPY(agent->os, families[GL_RULES_SYSTEMS].name);
    COPY(agent->os_version, families[GL_RULES_SYSTEMS].version);
    COPY(agent->device, families[GL_RULES_DEVICES].name);
}

const struct gl_agent *
gl_agents_find_(struct gl_agents *agents, struct gl_text text)
{
    uint64_t hash;
    struct gl_agent *agent;
    unsigned char digest[crypto_shorthash_BYTES];
    size_t len = text.len < GL_AGENT_TEXT_BYTES_MAX ? text.len
                                                    : GL_AGENT_TEXT_BYTES_MAX;

    if (len == 0)
        return &agents->unknown;
    crypto_shorthash(digest, (const unsigned char *) text.data, len,
                     agents->key);
    memcpy(&hash, digest, sizeof hash);
    agent = gl_cache_find_(agents->cache, hash);
    if (agent == NULL) {
        agent = gl_cache_add_(agents->cache, hash);
        gl_agents_parse_(agents, agent, text);
        agent->hash = hash;
    }
    return agent;
}
