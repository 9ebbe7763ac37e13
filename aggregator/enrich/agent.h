/*
 * From a User-Agent to browser, system, device class and bot family; with the
 * cache before it, and without.
 */

#ifndef GL_ENRICH_AGENT_H
#define GL_ENRICH_AGENT_H

#include "enrich.h"

struct gl_agents;

/*
 * Longer texts are cut, although an event holds 512: of 33,000 labelled ones
 * 41 are longer, and three of these mean something else without the rest.
 */
#define GL_AGENT_TEXT_BYTES_MAX 256

/*
 * Reads agents and bots (.json and .scan) of DATA_DIR; remembers ENTRIES
 * agents (a power of two).  NULL with *WHY a static sentence.
 */
struct gl_agents *gl_agents_new_(const char *data_dir, uint32_t entries,
                                 const char **why);
void gl_agents_free_(struct gl_agents *agents);

/* Writes the .scan files of DATA_DIR.  0, or -1: see errno. */
int gl_agents_save_(const struct gl_agents *agents, const char *data_dir);

/* As gl_enrich_agent(). */
const struct gl_agent *gl_agents_find_(struct gl_agents *agents,
                                       struct gl_text text);
/* As gl_enrich_lookups(). */
struct gl_enrich_lookups gl_agents_lookups_(const struct gl_agents *agents);
/* What it finds without the cache, into AGENT (zeroed first; hash left 0). */
void gl_agents_parse_(struct gl_agents *agents, struct gl_agent *agent,
                      struct gl_text text);

#endif
