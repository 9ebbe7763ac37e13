/*
 * compile-agents DIR: compiles the expressions of DIR's agents.json and
 * bots.json into agents.scan and bots.scan, so that glintod starts in
 * milliseconds.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "enrich/agent.h"

int
main(int argc, char **argv)
{
    const char *why;
    struct gl_agents *agents;
    int failed;

    if (argc != 2) {
        fprintf(stderr, "usage: compile-agents DIR\n");
        return 2;
    }
    agents = gl_agents_new_(argv[1], 2, &why);
    if (agents == NULL) {
        fprintf(stderr, "compile-agents: %s\n", why);
        return 1;
    }
    failed = gl_agents_save_(agents, argv[1]);
    if (failed)
        fprintf(stderr, "compile-agents: %s: %s\n", argv[1], strerror(errno));
    gl_agents_free_(agents);
    return failed ? 1 : 0;
}
