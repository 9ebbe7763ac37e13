/*
 * What enrich says of User-Agents.
 *
 *   enrich-ask DATA_DIR <TEXTS
 *
 * One text a line; of each one line: bot, browser, its version, system, its
 * version, device class, with tabs between.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enrich/agent.h"

int
main(int argc, char **argv)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    const char *why = "no DATA_DIR";
    struct gl_agents *agents =
        argc > 1 ? gl_agents_new_(argv[1], 2, &why) : NULL;
    struct gl_agent agent;

    if (agents == NULL) {
        fprintf(stderr, "enrich-ask: %s\n", why);
        return 1;
    }
    while ((len = getline(&line, &cap, stdin)) > 0) {
        len -= line[len - 1] == '\n';
        gl_agents_parse_(agents, &agent,
                         (struct gl_text){line, (uint32_t) len});
        printf("%s\t%s\t%s\t%s\t%s\t%s\n", agent.bot, agent.browser,
               agent.browser_version, agent.os, agent.os_version,
               agent.device);
    }
    free(line);
    gl_agents_free_(agents);
    return 0;
}
