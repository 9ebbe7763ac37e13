/* What was understood of an agent as a text; see understood.h. */

#include "understood.h"

#include <stdio.h>
#include <string.h>

/* The next part of TEXT, which loses it, into TO. */
static void
take(struct gl_text *text, char *to, size_t cap)
{
    const char *tab =
        text->len > 0 ? memchr(text->data, '\t', text->len) : NULL;
    size_t len = tab != NULL ? (size_t) (tab - text->data) : text->len;
    size_t passed = tab != NULL ? len + 1 : len;
    size_t kept = len < cap ? len : cap - 1;

    if (kept > 0)
        memcpy(to, text->data, kept);
    to[kept] = '\0';
    text->data += passed;
    text->len -= (uint32_t) passed;
}

#define TAKE(text, to) take((text), (to), sizeof(to))

size_t
gl_understood_write(char text[GL_UNDERSTOOD_BYTES],
                    const struct gl_agent *agent, int brief)
{
    const char rule[] = {
        agent->rule == GL_BOT_NO ? '\0' : (char) ('0' + agent->rule), '\0'};
    int n = snprintf(text, GL_UNDERSTOOD_BYTES,
                     "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", agent->browser,
                     agent->browser_version, agent->os, agent->os_version,
                     agent->device, agent->bot, rule, brief ? "" : agent->kind,
                     brief ? "" : agent->operator);
    size_t len = n < GL_UNDERSTOOD_BYTES ? (size_t) n
                                         : (size_t) GL_UNDERSTOOD_BYTES - 1;

    while (len > 1 && text[len - 1] == '\t')
        len--;
    text[len] = '\0';
    return len;
}

void
gl_understood_read(struct gl_understood *understood, struct gl_text text)
{
    struct gl_agent *agent = &understood->agent;
    char rule[4];

    memset(understood, 0, sizeof *understood);
    TAKE(&text, agent->browser);
    TAKE(&text, agent->browser_version);
    TAKE(&text, agent->os);
    TAKE(&text, agent->os_version);
    TAKE(&text, agent->device);
    TAKE(&text, agent->bot);
    TAKE(&text, rule);
    TAKE(&text, understood->kind);
    TAKE(&text, understood->operator);
    agent->kind = understood->kind;
    agent->operator= understood->operator;
    if (rule[0] > '0' && rule[0] <= '0' + GL_BOT_UNKNOWN && rule[1] == '\0')
        agent->rule = (uint8_t) (rule[0] - '0');
}
