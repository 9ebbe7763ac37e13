/*
 * Promise: an event line is read as documented, key by key; anything else in
 * it is an error that names the key, and never a row with less in it.
 */

#include <stdio.h>
#include <string.h>

#include "import/event_line.h"
#include "tap.h"

#define NOW INT64_C(1795392000000) /* 2026-11-23T00:00:00Z */

static struct gl_import_line line;
static char why[256];

static int
read_line(const char *text)
{
    gl_import_line_clear(&line);
    why[0] = '\0';
    return gl_import_line_read(&line, text, strlen(text), "a.example", NOW,
                               why, sizeof why);
}

static void
is_text(struct gl_text text, const char *want, const char *name)
{
    tap_mem(text.len > 0 ? text.data : "", text.len, want, strlen(want), "%s",
            name);
}

static void
test_defaults(void)
{
    tap_int(read_line("{\"kind\":\"pageview\",\"visitor\":\"v1\"}"), 0,
            "the shortest line");
    tap_int((int64_t) line.event.kind, GL_PAGEVIEW, "kind");
    tap_int(line.event.at_ms, NOW, "at is now");
    is_text(line.event.site, "a.example", "site");
    is_text(line.event.host, "a.example", "host is the site");
    is_text(line.event.path, "/", "path is /");
    is_text(line.visitor_text, "v1", "visitor");
    tap_uint(line.event.visitor, 0, "the hash is the caller's");
    tap_uint(line.event.scroll_depth, 0, "no scroll depth");
}

static void
test_all_keys(void)
{
    tap_int(
        read_line("{\"kind\":\"event\",\"visitor\":\"v\",\"name\":\"Sign "
                  "up\",\"at\":\"2026-11-22T23:30:00.250+02:00\",\"host\":"
                  "\"WWW.B.Example\",\"path\":\"/p\",\"props\":{\"a\":\"1\","
                  "\"b\":\"\"},\"interactive\":false,\"revenue\":{\"amount\":"
                  "\"12.50\",\"currency\":\"EUR\"},\"referrer\":\"https://"
                  "x.example/\",\"source\":\"X\",\"channel\":\"Paid "
                  "Social\",\"utm_source\":\"s\",\"utm_medium\":\"m\","
                  "\"utm_campaign\":\"c\",\"utm_content\":\"o\",\"utm_term\":"
                  "\"t\",\"click_id\":\"gclid\",\"user_agent\":\"UA\","
                  "\"browser\":\"B\",\"browser_version\":\"1\",\"os\":\"O\","
                  "\"os_version\":\"2\",\"device\":\"Mobile\",\"country\":"
                  "\"DE\",\"region\":\"DE-BY\",\"city\":\"2867714\","
                  "\"title\":\"T\",\"language\":\"de\",\"screen\":"
                  "\"1280x800\"}"),
        0, "every key of an event: %s", why);
    tap_int(line.event.at_ms, INT64_C(1795383000250), "offset and fraction");
    is_text(line.event.host, "b.example", "host in small letters, no www.");
    is_text(line.event.name, "Sign up", "name");
    tap_uint(line.event.passive, 1, "not interactive");
    tap_uint(line.event.props_n, 1, "a property; the blank one says nothing");
    is_text(line.event.amount, "12.50", "amount");
    is_text(line.event.currency, "EUR", "currency");
    is_text(line.source, "X", "source given");
    is_text(line.event.source, "X", "and known to the channel's rules");
    is_text(line.channel, "Paid Social", "channel given");
    is_text(line.agent.browser, "B", "browser given");
    is_text(line.agent.device, "Mobile", "device given");
    is_text(line.event.agent, "UA", "user agent");
    is_text(line.event.screen, "1280x800", "screen");
}

static void
test_engagement(void)
{
    tap_int(read_line("{\"kind\":\"engagement\",\"visitor\":\"v\","
                      "\"scroll_depth\":0,\"engagement_ms\":1500}"),
            0, "engagement");
    tap_uint(line.event.scroll_depth, 1, "percent + 1, as on the wire");
    tap_uint(line.event.engagement_ms, 1500, "milliseconds");
}

/* What an export writes and nobody else. */
static void
test_of_exports(void)
{
    tap_int(read_line("{\"kind\":\"engagement\",\"visitor\":\"v\","
                      "\"engagement_ms\":0}"),
            0, "an engagement of no time keeps a visit open: %s", why);
    tap_int(read_line("{\"kind\":\"pageview\",\"visitor\":\"v\","
                      "\"server\":2,\"host\":\"(other)\",\"path\":\"(other)\","
                      "\"country\":\"AT\",\"region\":\"(other)\","
                      "\"language\":\"(other)\",\"screen\":\"(other)\","
                      "\"click_id\":\"(other)\"}"),
            0, "words beyond a cap: %s", why);
    tap_uint(line.event.server, 2, "a page served");
    is_text(line.event.host, "(other)", "host");
    is_text(line.event.path, "(other)", "path");
    is_text(line.event.region, "(other)", "region");
    is_text(line.event.screen, "(other)", "screen");
}

/* Each millisecond of a minute, as an export writes it. */
static void
test_milliseconds(void)
{
    int wrong = 0;

    for (int ms = 0; ms < 60000; ms++) {
        char text[128];

        snprintf(text, sizeof text,
                 "{\"kind\":\"pageview\",\"visitor\":\"v\","
                 "\"at\":\"2026-11-22T00:00:%02d.%03dZ\"}",
                 ms / 1000, ms % 1000);
        wrong += read_line(text) != 0 ||
                 line.event.at_ms != NOW - INT64_C(86400000) + ms;
    }
    tap_int(wrong, 0, "every millisecond is read as it is written");
}

/* The text between two other halves of a line. */
static void
refused(const char *members, const char *want)
{
    char text[4096];

    snprintf(text, sizeof text, "{%s}", members);
    tap_int(read_line(text), -1, "refused: %.60s", members);
    tap_str(why, want, "and says why");
}

#define PAGEVIEW "\"kind\":\"pageview\",\"visitor\":\"v\""
#define EVENT "\"kind\":\"event\",\"visitor\":\"v\",\"name\":\"n\""
#define ENGAGEMENT "\"kind\":\"engagement\",\"visitor\":\"v\""
#define REVENUE                                                               \
    "\"revenue\" must be like {\"amount\": \"12.50\", \"currency\": \"EUR\"}"

/* What a worker leaves out. */
static void
test_stricter(void)
{
    refused(PAGEVIEW ",\"country\":\"Germany\"",
            "\"country\" must be a code of ISO 3166-1, like \"AT\"");
    refused(PAGEVIEW ",\"region\":\"California\"",
            "\"region\" must be a code of ISO 3166-2, like \"AT-9\"");
    refused(PAGEVIEW ",\"country\":\"AT\",\"region\":\"US-CA\"",
            "\"region\" is one of another country");
    refused(PAGEVIEW ",\"language\":\"<b>\"",
            "\"language\" must be a language, like \"en-US\"");
    refused(PAGEVIEW ",\"city\":\"a\\u001b[m\"",
            "\"city\" has control characters or is over 128 characters");
    refused(PAGEVIEW ",\"screen\":\"big\"",
            "\"screen\" must be like \"1920x1080\"");
    refused(PAGEVIEW ",\"host\":\"f.test'X'\"",
            "\"host\" is not the name of a host");
    refused(PAGEVIEW ",\"device\":\"Mobile, and more\"",
            "\"device\" is over 15 characters");
}

static void
test_refusals(void)
{
    refused(PAGEVIEW ",\"vistor\":\"x\"", "unknown key \"vistor\"");
    refused("\"visitor\":\"v\"", "\"kind\" is missing");
    refused("\"kind\":\"pageview\"", "\"visitor\" is missing");
    refused("\"kind\":\"view\"",
            "\"kind\" must be \"pageview\", \"event\" or \"engagement\"");
    refused("\"kind\":\"event\",\"visitor\":\"v\"", "\"name\" is missing");
    refused(PAGEVIEW ",\"name\":\"x\"",
            "\"name\" belongs to kind \"event\" only");
    refused(PAGEVIEW ",\"path\":1", "\"path\" must be a text");
    refused(PAGEVIEW ",\"at\":\"2026-11-22T10:00:00\"",
            "\"at\" must be a time like 2026-11-23T10:00:00Z");
    refused(PAGEVIEW ",\"at\":\"20261122T100000Z____\"",
            "\"at\" must be a time like 2026-11-23T10:00:00Z");
    refused(PAGEVIEW ",\"at\":1795392000",
            "\"at\" must be a time like 2026-11-23T10:00:00Z");
    refused(PAGEVIEW ",\"at\":\"2026-11-25T00:00:01Z\"",
            "\"at\" must not lie in the future");
    refused(PAGEVIEW ",\"at\":\"1969-12-31T23:59:59Z\"",
            "\"at\" must not lie before 1970");
    refused(EVENT ",\"props\":{\"a\":1}",
            "\"props\" must be an object of texts");
    refused(EVENT ",\"props\":[]", "\"props\" must be an object of texts");
    refused(EVENT ",\"interactive\":0",
            "\"interactive\" must be true or false");
    refused(EVENT ",\"revenue\":{\"amount\":\"x\",\"currency\":\"EUR\"}",
            REVENUE);
    refused(PAGEVIEW ",\"scroll_depth\":101",
            "\"scroll_depth\" must be a number from 0 to 100");
    refused(
        PAGEVIEW ",\"engagement_ms\":-1",
        "\"engagement_ms\" must be milliseconds, less than 30 days of them");
    refused(
        ENGAGEMENT ",\"engagement_ms\":2592000000",
        "\"engagement_ms\" must be milliseconds, less than 30 days of them");
    refused(ENGAGEMENT,
            "\"engagement_ms\" is missing, and so is \"scroll_depth\"");
    refused(EVENT ",\"server\":2",
            "\"server\" belongs to kind \"pageview\" only");
    refused(PAGEVIEW ",\"server\":1",
            "\"server\" must be the first digit of a status, 2 to 5");
    refused(PAGEVIEW ",\"engagement_ms\":1",
            "\"engagement_ms\" belongs to kind \"engagement\" only");
    refused(EVENT ",\"scroll_depth\":1",
            "\"scroll_depth\" belongs to kind \"engagement\" only");
    refused(PAGEVIEW ",\"interactive\":false",
            "\"interactive\" belongs to kind \"event\" only");
    refused(PAGEVIEW ",\"click_id\":\"EAIaIQobChMI\"",
            "\"click_id\" must be the name of a click id, like \"gclid\"");
    refused(EVENT ",\"revenue\":{\"amount\":\"1e3\",\"currency\":\"EUR\"}",
            REVENUE);
    refused(EVENT ",\"revenue\":{\"amount\":\"1\",\"currency\":\"euro\"}",
            REVENUE);
    refused(EVENT ",\"revenue\":{\"amount\":"
                  "\"123456789012345678901234567890123\","
                  "\"currency\":\"EUR\"}",
            REVENUE);
    refused("\"kind\":\"event\",\"visitor\":\"v\",\"name\":\" \"",
            "\"name\" must not be blank");
    tap_int(read_line("[1]"), -1, "an array is refused");
    tap_int(read_line("{\"kind\":"), -1, "half an object is refused");
    tap_ok(strncmp(why, "is not a JSON object: ", 19) == 0, "with: %s", why);
    tap_int(read_line("{" PAGEVIEW "," PAGEVIEW "}"), -1,
            "a key that comes twice is refused");
}

static void
test_lengths(void)
{
    char text[8192], long_text[3001];

    memset(long_text, 'x', 3000);
    long_text[3000] = '\0';
    snprintf(text, sizeof text, "{" PAGEVIEW ",\"path\":\"%.2000s\"}",
             long_text);
    tap_int(read_line(text), 0, "a path of 2000 characters is taken");
    snprintf(text, sizeof text, "{" PAGEVIEW ",\"path\":\"%.2001s\"}",
             long_text);
    tap_int(read_line(text), -1, "a longer one is not cut");
    tap_str(why, "\"path\" is over 2000 characters", "but refused");
    snprintf(text, sizeof text,
             "{" PAGEVIEW ",\"referrer\":\"https://a.example/?%s\","
             "\"user_agent\":\"%.600s\"}",
             long_text, long_text);
    tap_int(read_line(text), 0, "a referrer is as long as what is kept of it");
    is_text(line.event.referrer, "https://a.example/", "without its query");
    tap_uint(line.event.agent.len, 512, "an agent is cut, as a worker does");
    snprintf(text, sizeof text,
             "{\"kind\":\"event\",\"visitor\":\"v\",\"name\":\"%.121s\"}",
             long_text);
    tap_int(read_line(text), -1, "a name of 121 characters is refused");
    tap_str(why, "\"name\" is over 120 characters", "with the reason");
    for (int i = 0; i < 120; i++)
        memcpy(long_text + 4 * i, "\xf0\x9f\x8d\x9e", 4);
    snprintf(text, sizeof text,
             "{\"kind\":\"event\",\"visitor\":\"v\",\"name\":\"%.480s\"}",
             long_text);
    tap_int(read_line(text), 0, "one of 120 in 480 bytes is taken");
    tap_uint(line.event.name.len, 480, "whole");
}

/* What scripts write, as tests/module/plausible.t has it of the worker. */
static void
test_json_of_scripts(void)
{
    tap_int(read_line("\xef\xbb\xbf{" PAGEVIEW ",\"title\":\"a\\ud83d b\\u0000"
                      "c \\\\u0000 \\ud83d\\ude00\"}"),
            0, "a byte order mark, half a character, NUL: %s", why);
    is_text(line.event.title, "a\xef\xbf\xbd bc \\u0000 \xf0\x9f\x98\x80",
            "the text that is meant");
    refused(PAGEVIEW ",\"title\":\"\\ud8\"",
            "is not a JSON object: invalid escape near '\"\\ud8\"'");
}

/* As tests/module/url.t has it of the worker. */
static void
test_same_as_worker(void)
{
    tap_int(read_line("{" PAGEVIEW ",\"host\":\" WWW.B%C3%BCcher.example \","
                      "\"path\":\"/caf%C3%A9%20\",\"click_id\":\"fbclid\","
                      "\"language\":\"de-AT,de;q=0.5\"}"),
            0, "what a browser would say: %s", why);
    is_text(line.event.host, "xn--bcher-kva.example", "host");
    is_text(line.event.path, "/caf\xc3\xa9", "path");
    is_text(line.event.click_id, "fbclid", "the name of a click id");
    is_text(line.event.language, "de-AT", "the first language");
    tap_int(read_line("{" PAGEVIEW ",\"host\":\"(none)\",\"path\":\" \"}"), 0,
            "nothing in host and path");
    is_text(line.event.host, "(none)", "is no host");
    is_text(line.event.path, "/", "and the first page");
    tap_int(read_line("{" EVENT ",\"revenue\":{\"amount\":\"+12.50 EUR\","
                      "\"currency\":\"EUR\"}}"),
            0, "an amount with its currency");
    is_text(line.event.amount, "12.50", "is the number");
    tap_int(read_line("{" EVENT ",\"revenue\":{\"amount\":12.5,"
                      "\"currency\":\"EUR\"}}"),
            0, "an amount that is a number");
    is_text(line.event.amount, "12.5", "is that number");
}

static void
test_props_limit(void)
{
    char text[4096] = "{" EVENT ",\"props\":{\"k0\":\"v\"";

    for (int i = 1; i <= 30; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 ",\"k%d\":\"v\"", i);
    strcat(text, "}}");
    tap_int(read_line(text), -1, "31 properties are refused");
    tap_str(why, "\"props\" has more than 30 keys", "with the reason");
}

int
main(void)
{
    test_defaults();
    test_all_keys();
    test_engagement();
    test_of_exports();
    test_milliseconds();
    test_refusals();
    test_stricter();
    test_lengths();
    test_json_of_scripts();
    test_same_as_worker();
    test_props_limit();
    gl_import_line_clear(&line);
    return tap_done();
}
