/*
 * Promise: of several rules that find an event the first of the table says why
 * it is a bot's; a site that does without a rule finds the same agent by no
 * later one; what a browser sends is a person's.
 */

#include <string.h>

#include "enrich/verdict.h"
#include "tap.h"

#define HTTP2 (GL_EVIDENCE_HTTP2 | GL_EVIDENCE_LANGUAGE | GL_EVIDENCE_ENCODING)
#define SENT (HTTP2 | GL_EVIDENCE_FETCH_SITE)

enum { AGENT = 1, WORDS = 2, UNKNOWN = 4, EVIDENCE = 8, NETWORK = 16 };
enum { PROBE = 32, RATE = 64 };

static const struct {
    uint8_t rule;         /* of the agent */
    const char *operator; /* of the identity */
    uint64_t evidence;
    const char *path, *brand;
    uint64_t status;
    uint32_t counted;
    const char *reason, *family, *whose, *page;
} cases[] = {
    {GL_BOT_NO, NULL, SENT, "/", "", 200, 0, "", "", "", ""},
    {GL_BOT_NO, NULL, SENT, "/wp-login.php", "", 200, 0, "", "", "", ""},
    {GL_BOT_NO, NULL, SENT, "/about", "", 404, 0, "", "", "", ""},
    /* each rule alone */
    {GL_BOT_LISTED, NULL, SENT, "/", "", 200, 0, "bot_agent", "Named", "Owner",
     "home"},
    {GL_BOT_WORDS, NULL, SENT, "/a", "", 200, 0, "bot_words", "Named", "Owner",
     "page"},
    {GL_BOT_UNKNOWN, NULL, SENT, "/feed", "", 200, 0, "bot_unknown", "Named",
     "Owner", "feed"},
    {GL_BOT_NO, "OpenAI", SENT, "/a.pdf", "", 200, 0, "bot_network", "OpenAI",
     "OpenAI", "file"},
    {GL_BOT_NO, NULL, HTTP2, "/", "", 200, 0, "bot_evidence", "Chrome", "",
     "home"},
    {GL_BOT_NO, NULL, SENT, "/", "HeadlessChrome", 200, 0, "bot_evidence",
     "Chrome", "", "home"},
    {GL_BOT_NO, NULL, SENT, "/.env", "", 404, 0, "bot_probe", "Chrome", "",
     "probe"},
    /* several: the first */
    {GL_BOT_LISTED, "OpenAI", HTTP2, "/.env", "", 404, 0, "bot_agent", "Named",
     "OpenAI", "probe"},
    {GL_BOT_WORDS, "OpenAI", HTTP2, "/.env", "", 404, 0, "bot_words", "Named",
     "OpenAI", "probe"},
    {GL_BOT_UNKNOWN, "OpenAI", HTTP2, "/.env", "", 404, 0, "bot_unknown",
     "Named", "OpenAI", "probe"},
    {GL_BOT_NO, "OpenAI", HTTP2, "/.env", "", 404, 0, "bot_network", "OpenAI",
     "OpenAI", "probe"},
    {GL_BOT_NO, NULL, HTTP2, "/.env", "", 404, 0, "bot_evidence", "Chrome", "",
     "probe"},
    /* without a rule */
    {GL_BOT_LISTED, "OpenAI", HTTP2, "/.env", "", 404, AGENT, "", "", "", ""},
    {GL_BOT_LISTED, NULL, SENT, "/", "", 200, ~(uint32_t) AGENT, "bot_agent",
     "Named", "Owner", "home"},
    {GL_BOT_NO, "OpenAI", HTTP2, "/", "", 200, NETWORK, "", "", "", ""},
    {GL_BOT_NO, NULL, HTTP2, "/", "", 200, EVIDENCE, "", "", "", ""},
    {GL_BOT_NO, "OpenAI", HTTP2, "/.env", "", 404, NETWORK, "", "", "", ""},
    {GL_BOT_NO, NULL, HTTP2, "/.env", "", 404, EVIDENCE, "", "", "", ""},
    {GL_BOT_NO, NULL, SENT, "/.env", "", 404, PROBE, "", "", "", ""},
};

static struct gl_text
text_of(const char *text)
{
    return (struct gl_text){text, (uint32_t) strlen(text)};
}

static void
test_case(size_t i)
{
    struct gl_agent agent = {
        .rule = cases[i].rule, .kind = "", .operator= "" };
    struct gl_identity identity = {"claimed", cases[i].operator, NULL };
    struct gl_event event = {.kind = GL_PAGEVIEW,
                             .evidence = cases[i].evidence,
                             .path = text_of(cases[i].path),
                             .brand = text_of(cases[i].brand),
                             .status = cases[i].status};
    struct gl_verdict verdict;
    int found;

    strcpy(agent.browser, "Chrome");
    strcpy(agent.browser_version, "142.0");
    if (agent.rule != GL_BOT_NO) {
        strcpy(agent.bot, "Named");
        agent.operator= "Owner";
    }
    found = gl_verdict(&agent, &identity, &event, cases[i].counted, &verdict);
    tap_str(found ? gl_reason_word(verdict.reason).data : "", cases[i].reason,
            "case %zu: %s of \"%s\"", i, cases[i].path, cases[i].reason);
    if (!found)
        return;
    tap_str(verdict.family, cases[i].family, "its name");
    tap_str(verdict.operator, cases[i].whose, "whose it is");
    tap_str(gl_verdict_page(&event), cases[i].page, "what it asked for");
}

int
main(void)
{
    static const char *const words[] = {
        "bot_agent",   "bot_words", "bot_unknown", "bot_evidence",
        "bot_network", "bot_probe", "bot_rate",    NULL};

    for (int n = 0; n <= GL_VERDICT_RULES; n++)
        tap_str(gl_verdict_word(n), words[n], "rule %d, as databases have it",
                n);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        test_case(i);
    tap_int(gl_verdict_rate(GL_VERDICT_PAGES_A_DAY - 1, 0), 0,
            "a thousand pages a day");
    tap_int(gl_verdict_rate(GL_VERDICT_PAGES_A_DAY, 0), 1, "one more");
    tap_int(gl_verdict_rate(GL_VERDICT_PAGES_A_DAY, RATE), 0,
            "of a site that does without the rule");
    return tap_done();
}
