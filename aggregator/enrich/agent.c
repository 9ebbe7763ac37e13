/*
 * The life of a User-Agent: keyed hash, cache, and on a miss bots, browser,
 * system and device class.  The text is gone when the function returns.
 *
 * One thread.  The key is random at every start, so that nobody outside can
 * choose texts that share a hash.
 */

#include "agent.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sodium.h>

#include "bots.h"
#include "cache.h"
#include "device.h"
#include "rules.h"

struct gl_agents {
    json_t *data; /* owns the texts of the rules */
    struct gl_rules *browsers, *systems;
    struct gl_bots *bots;
    struct gl_matcher *matcher;
    struct gl_cache *cache;
    struct gl_agent unknown; /* of an empty text */
    unsigned char key[crypto_shorthash_KEYBYTES];
};

static int
load_rules(struct gl_agents *agents, const char *file, const char **why)
{
    json_t *names;

    agents->data = json_load_file(file, 0, NULL);
    if (agents->data == NULL) {
        *why = "agents.json is missing or is not JSON: build it again";
        return -1;
    }
    names = json_object_get(agents->data, "names");
    agents->browsers = gl_rules_new_(json_object_get(agents->data, "browsers"),
                                     json_object_get(names, "browsers"));
    agents->systems = gl_rules_new_(json_object_get(agents->data, "systems"),
                                    json_object_get(names, "systems"));
    if (agents->browsers == NULL || agents->systems == NULL) {
        *why = "agents.json does not hold rules: build it again";
        return -1;
    }
    return 0;
}

static int
load(struct gl_agents *agents, const char *data_dir, const char **why)
{
    char file[PATH_MAX];

    snprintf(file, sizeof(file), "%s/agents.json", data_dir);
    if (load_rules(agents, file, why) == -1)
        return -1;
    snprintf(file, sizeof(file), "%s/bots.json", data_dir);
    agents->bots = gl_bots_new_(file, why);
    return agents->bots != NULL ? 0 : -1;
}

struct gl_agents *
gl_agents_new_(const char *data_dir, uint32_t entries, const char **why)
{
    struct gl_agents *agents = calloc(1, sizeof(*agents));

    *why = "out of memory";
    if (agents == NULL)
        return NULL;
    agents->matcher = gl_matcher_new_();
    agents->cache = gl_cache_new_(entries);
    if (agents->matcher == NULL || agents->cache == NULL)
        goto failed;
    if (sodium_init() == -1) {
        *why = "libsodium does not start: no source of random bytes";
        goto failed;
    }
    crypto_shorthash_keygen(agents->key);
    if (load(agents, data_dir, why) == -1)
        goto failed;
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
    gl_rules_free_(agents->browsers);
    gl_rules_free_(agents->systems);
    gl_bots_free_(agents->bots);
    gl_matcher_free_(agents->matcher);
    gl_cache_free_(agents->cache);
    json_decref(agents->data);
    sodium_memzero(agents->key, sizeof(agents->key));
    free(agents);
}

/* Texts of both sides are terminated and fit; strcpy would do as well. */
#define COPY(to, from) snprintf((to), sizeof(to), "%s", (from))

void
gl_agents_parse_(struct gl_agents *agents, struct gl_agent *agent,
                 struct gl_text text)
{
    struct gl_family family;
    size_t len = text.len < GL_AGENT_TEXT_BYTES_MAX ? text.len
                                                    : GL_AGENT_TEXT_BYTES_MAX;

    memset(agent, 0, sizeof(*agent));
    if (len == 0)
        return;
    gl_matcher_text_(agents->matcher, text.data, len);
    COPY(agent->bot, gl_bots_find_(agents->bots, agents->matcher));
    if (agent->bot[0] != '\0') {
        /* For an owner who counts bots: its name, from a list that ends. */
        COPY(agent->browser, agent->bot);
    } else {
        gl_rules_find_(agents->browsers, agents->matcher, &family);
        COPY(agent->browser, family.name);
        COPY(agent->browser_version, family.version);
    }
    gl_rules_find_(agents->systems, agents->matcher, &family);
    COPY(agent->os, family.name);
    COPY(agent->os_version, family.version);
    COPY(agent->device, gl_device_class_(text.data, len));
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
    memcpy(&hash, digest, sizeof(hash));
    agent = gl_cache_find_(agents->cache, hash);
    if (agent == NULL) {
        agent = gl_cache_add_(agents->cache, hash);
        gl_agents_parse_(agents, agent, text);
        agent->hash = hash;
    }
    return agent;
}
