/* See verdict.h.  Pure. */

#define _GNU_SOURCE /* memmem */

#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include "hints.h"

/*
 * The first rule that finds the event says why it is a bot's.  Before the next
 * one comes what says more of it:
 *
 *   bot_agent     it says itself which one it is: nothing says more
 *   bot_words     it says what it does, but not who it is
 *   bot_unknown   what it says is of no thing that people have
 *   bot_network   it claims to be a browser, and a signature, or a network
 *                 that an operator publishes, says whose program it is
 *   bot_evidence  it claims to be a browser, and its headers say it is none;
 *                 an agent that says so itself needs no such look
 *   bot_probe     it claims to be a browser, and asks for what those ask for
 *                 who look for a way in, where there is nothing (4xx, 5xx): a
 *                 site that has such pages has people there
 *   bot_rate      nothing speaks against it but how much it asks for
 *
 * An agent is found by one of the first three at most (agent.c), so that a
 * site that does without a rule does not find the same agent by a later one.
 */
enum {
    NETWORK = 4,
    EVIDENCE = 3,
    PROBE = 5,
    RATE = 6,
    NONE = GL_VERDICT_RULES
};
static const enum gl_reason rules[GL_VERDICT_RULES] = {
    GL_REASON_BOT_AGENT,    GL_REASON_BOT_WORDS,   GL_REASON_BOT_UNKNOWN,
    GL_REASON_BOT_EVIDENCE, GL_REASON_BOT_NETWORK, GL_REASON_BOT_PROBE,
    GL_REASON_BOT_RATE};

/* Since when a browser sends Sec-Fetch-Site with each request over TLS. */
static const struct {
    const char *browser;
    int since;
} fetch_site[] = {
    {"Chrome", 80},
    {"Microsoft Edge", 80},
    {"Opera", 67},
    {"Firefox", 90},
};

const char *
gl_verdict_word(int n)
{
    return n >= 0 && n < GL_VERDICT_RULES ? gl_reason_word(rules[n]).data
                                          : NULL;
}

/* HTTP/2 is spoken over TLS alone.  A log has few headers, and what it has not
 * is not missing. */
static int
lacks_headers(const struct gl_agent *agent, uint64_t evidence)
{
    const uint64_t all =
        GL_EVIDENCE_HTTP2 | GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING;

    if ((evidence & all) != all || (evidence & GL_EVIDENCE_FETCH_SITE) != 0)
        return 0;
    for (size_t i = 0; i < sizeof fetch_site / sizeof fetch_site[0]; i++)
        if (strcmp(agent->browser, fetch_site[i].browser) == 0)
            return atoi(agent->browser_version) >= fetch_site[i].since;
    return 0;
}

static int
ends(struct gl_text text, const char *with)
{
    size_t n = strlen(with);

    return text.len >= n && memcmp(text.data + text.len - n, with, n) == 0;
}

/* What those ask for who look for a way in. */
static int
is_probe(struct gl_text path)
{
    static const char *const pieces[] = {
        "/.env",       "/.git/",    "/.aws/",      "/wp-login.php",
        "/xmlrpc.php", "/wp-admin", "/cgi-bin/",   "/phpmyadmin",
        "/phpMyAdmin", "/vendor/",  "/etc/passwd", "/actuator/"};

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        if (memmem(path.data, path.len, pieces[i], strlen(pieces[i])) != NULL)
            return 1;
    return 0;
}

static int
has_name(struct gl_text path, const char *const *names)
{
    for (; *names != NULL; names++)
        if (ends(path, *names))
            return 1;
    return 0;
}

const char *
gl_verdict_page(const struct gl_event *event)
{
    static const char *const feeds[] = {"/feed", "/rss", "/atom", ".rss",
                                        ".atom", ".xml", "feed/", NULL};
    static const char *const files[] = {".pdf", ".jpg", ".png", ".txt",
                                        ".zip", ".js",  ".css", ".json",
                                        ".gif", ".svg", NULL};

    if (event->kind != GL_PAGEVIEW)
        return "event";
    if (event->path.len <= 1)
        return "home";
    if (is_probe(event->path))
        return "probe";
    if (has_name(event->path, feeds))
        return "feed";
    return has_name(event->path, files) ? "file" : "page";
}

static int
rule_of(const struct gl_agent *agent, const struct gl_identity *identity,
        const struct gl_event *event)
{
    if (agent->rule != GL_BOT_NO)
        return agent->rule - GL_BOT_LISTED;
    if (identity->operator!= NULL)
        return NETWORK;
    if (lacks_headers(agent, event->evidence) || gl_hints_headless_(event))
        return EVIDENCE;
    if ((event->status >= 400 || event->server >= 4) && is_probe(event->path))
        return PROBE;
    return NONE;
}

int
gl_verdict(const struct gl_agent *agent, const struct gl_identity *identity,
           const struct gl_event *event, uint32_t counted,
           struct gl_verdict *verdict)
{
    int rule = rule_of(agent, identity, event);

    /* whose it is says more than the browser that it claims to be */
    verdict->family = agent->bot[0] != '\0' ? agent->bot
                                            : rule == NETWORK
                          ? identity->operator: agent->browser;
    verdict->operator= identity->operator!= NULL
        ? identity->operator: agent->operator;
    verdict->kind = agent->kind[0] == '\0' && identity->kind != NULL
                        ? identity->kind
                        : agent->kind;
    if (rule == NONE || (counted >> rule & 1) != 0)
        return 0;
    verdict->reason = rules[rule];
    return 1;
}

int
gl_verdict_rate(int64_t pages, uint32_t counted)
{
    return pages >= GL_VERDICT_PAGES_A_DAY && (counted >> RATE & 1) == 0;
}
