/*
 * Promise: what is understood of an agent comes out of its text as it went in,
 * and any other text gives an agent within its bounds.
 */

#include "enrich/understood.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>

#define ROUND_TRIPS 20000

static void
random_part(char *to, size_t cap)
{
    size_t n = tap_below(2) == 0 ? 0 : tap_below(cap), i;

    for (i = 0; i < n; i++)
        to[i] = (char) (' ' + tap_below(95));
    to[i] = '\0';
}

static int
is_same(const struct gl_agent *one, const struct gl_agent *other)
{
    return strcmp(one->browser, other->browser) == 0 &&
           strcmp(one->browser_version, other->browser_version) == 0 &&
           strcmp(one->os, other->os) == 0 &&
           strcmp(one->os_version, other->os_version) == 0 &&
           strcmp(one->device, other->device) == 0 &&
           strcmp(one->bot, other->bot) == 0 && one->rule == other->rule &&
           strcmp(one->kind, other->kind) == 0 &&
           strcmp(one->operator, other->operator) == 0;
}

static int
comes_back(void)
{
    struct gl_understood in = {0}, out;
    struct gl_agent *agent = &in.agent;
    char text[GL_UNDERSTOOD_BYTES];
    size_t len;

    random_part(agent->browser, sizeof agent->browser);
    random_part(agent->browser_version, sizeof agent->browser_version);
    random_part(agent->os, sizeof agent->os);
    random_part(agent->os_version, sizeof agent->os_version);
    random_part(agent->device, sizeof agent->device);
    random_part(agent->bot, sizeof agent->bot);
    random_part(in.kind, sizeof in.kind);
    random_part(in.operator, sizeof in.operator);
    agent->kind = in.kind;
    agent->operator= in.operator;
    agent->rule = (uint8_t) tap_below(GL_BOT_UNKNOWN + 1);
    len = gl_understood_write(text, agent, 0);
    gl_understood_read(&out, (struct gl_text){text, (uint32_t) len});
    return len > 0 && len == strlen(text) && is_same(agent, &out.agent);
}

int
main(void)
{
    struct gl_understood out;
    struct gl_agent none = {.kind = "", .operator= "" };
    char text[GL_UNDERSTOOD_BYTES], noise[2000];
    int same = 1;

    for (int i = 0; i < ROUND_TRIPS; i++)
        same &= comes_back();
    tap_ok(same, "%d agents come back", ROUND_TRIPS);
    for (int i = 0; i < ROUND_TRIPS; i++) {
        size_t n = tap_below(sizeof noise);

        for (size_t k = 0; k < n; k++)
            noise[k] = (char) (tap_below(8) == 0 ? '\t' : tap_below(256));
        gl_understood_read(&out, (struct gl_text){noise, (uint32_t) n});
    }
    tap_ok(out.agent.rule <= GL_BOT_UNKNOWN, "noise stays within its bounds");
    tap_int((long long) gl_understood_write(text, &none, 0), 1,
            "what nobody understands is a text, too");
    gl_understood_read(&out, (struct gl_text){text, 1});
    tap_ok(is_same(&none, &out.agent), "and comes back");
    return tap_done();
}
