/*
 * Promise: what no person sends is told from what a browser sends by its
 * headers alone, in whatever order they come; evidence says which came.
 */

#include <string.h>

#include "request/headers.h"
#include "tap.h"

#define BROWSER "user-agent: Mozilla\naccept-language: de-AT,de;q=0.5\n"

static struct gl_headers seen;

/* Lines of "name: value"; the agent's is what nginx keeps for itself. */
static enum gl_headers_of
judge(const char *lines)
{
    struct gl_text agent = {NULL, 0}, name, value;

    memset(&seen, 0, sizeof seen);
    for (; *lines != '\0'; lines += strcspn(lines, "\n") + 1) {
        name = (struct gl_text){lines, (uint32_t) strcspn(lines, ":")};
        value.data = lines + name.len + 2;
        value.len = (uint32_t) strcspn(value.data, "\n");
        gl_headers_add(&seen, &name, &value);
        if (name.len == 10 && memcmp(name.data, "user-agent", 10) == 0)
            agent = gl_headers_agent(value);
    }
    return gl_headers_judge(&seen, agent);
}

static const struct {
    const char *lines;
    enum gl_headers_of of;
} cases[] = {
    {BROWSER, GL_OF_PERSON},
    {"user-agent: Mozilla\naccept-encoding: gzip\n", GL_OF_PERSON},
    {BROWSER "connection: close\n", GL_OF_PERSON},
    {BROWSER "sec-fetch-site: none\n", GL_OF_PERSON},
    {BROWSER "sec-fetch-dest: empty\n", GL_OF_PERSON},
    {BROWSER "referer: \nsec-fetch-site: none\n", GL_OF_PERSON},
    {BROWSER "x-moz: Prefetch\n", GL_OF_PREFETCH},
    {BROWSER "purpose: prefetch;x\n", GL_OF_PREFETCH},
    {BROWSER "sec-purpose: prefetch\n", GL_OF_PREFETCH},
    {BROWSER "sec-purpose: prefetch;prerender\n", GL_OF_PREFETCH},
    {BROWSER "purpose: preview\n", GL_OF_PREFETCH},
    {BROWSER "x-purpose: Preview\n", GL_OF_PREFETCH},
    {BROWSER "x-purpose: previous\nx-moz: pre\n", GL_OF_PERSON},
    {"", GL_OF_BOT},
    {"accept-language: de\n", GL_OF_BOT},
    {"user-agent: Mozilla\n", GL_OF_BOT},
    {BROWSER "sec-fetch-dest: empty\nupgrade-insecure-requests: 1\n",
     GL_OF_BOT},
    {BROWSER "referer: x\nsec-fetch-site: none\n", GL_OF_BOT},
    {"accept-language: de\nuser-agent: HeadlessChrome\n", GL_OF_BOT},
    {"accept-language: de\nuser-agent: a PhantomJS\n", GL_OF_BOT},
    {"accept-language: de\nuser-agent: SlimerJS/1\n", GL_OF_BOT},
    {"accept-language: de\nuser-agent: xHHeadless\n", GL_OF_BOT},
    {"accept-language: de\nuser-agent: JJ SlimerJS\n", GL_OF_BOT},
    {"accept-language: de\nuser-agent: PhantomJS\n", GL_OF_BOT},
    {"accept-language: de\nuser-agent: JJ HHeadles JS\n", GL_OF_PERSON},
    {"accept-language: de\nuser-agent: J PhantomJ\n", GL_OF_PERSON},
    {"accept-language: de\nuser-agent: JS\n", GL_OF_PERSON},
};

static void
test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        tap_int(judge(cases[i].lines), cases[i].of, "case %zu", i);
}

static void
test_post(void)
{
    struct gl_text agent = {"Mozilla", 7};

    judge(BROWSER "sec-purpose: prefetch;prerender\n");
    seen.post = 1;
    tap_int(gl_headers_judge(&seen, agent), GL_OF_PERSON,
            "a POST is of a page that is shown by now");
    judge("sec-purpose: prefetch\n");
    seen.post = 1;
    tap_int(gl_headers_judge(&seen, agent), GL_OF_BOT, "or of a bot");
}

static void
test_http2(void)
{
    struct gl_text agent = {"Mozilla", 7};

    judge(BROWSER "connection: close\n");
    seen.evidence |= GL_EVIDENCE_HTTP2;
    tap_int(gl_headers_judge(&seen, agent), GL_OF_BOT,
            "HTTP/2 has no Connection");
}

static void
test_evidence(void)
{
    judge(BROWSER "accept-encoding: br\nsec-fetch-site: cross-site\n"
                  "sec-ch-ua: x\ndnt: 0\nsec-gpc: 1\nother-header-15: x\n");
    tap_uint(seen.evidence,
             GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING |
                 GL_EVIDENCE_FETCH_SITE | GL_EVIDENCE_HINTS | GL_EVIDENCE_GPC,
             "which headers came");
    tap_mem(seen.language.data, seen.language.len, "de-AT", 5,
            "the first language");
    judge("dnt: 1\naccept-language: *\n");
    tap_uint(seen.evidence, GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_GPC,
             "DNT is a wish, too");
    tap_uint(seen.language.len, 0, "any language is none");
}

int
main(void)
{
    test_cases();
    test_post();
    test_http2();
    test_evidence();
    return tap_done();
}
