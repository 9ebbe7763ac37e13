/*
 * Promises: a visit's source is what a person would call it (tag before
 * referrer, known name before domain), one's own host is no source, the kept
 * referrer is host and path and nothing else, and no text of a stranger gets
 * out of bounds or comes back with bytes that are not one printable line.
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "enrich/enrich.h"
#include "tap.h"

#define AI "AI Assistants"
#define DIRECT "Direct"
#define EMAIL "Email"
#define REFERRAL "Referral"
#define SEARCH "Organic Search"
#define SOCIAL "Organic Social"

/* A pageview of example.com with this referrer, utm_source and ref key. */
static const struct {
    const char *referrer, *utm_source, *ref;
    const char *source, *shown, *channel;
} cases[] = {
    {"", "", "", "", "", DIRECT},
    {"https://www.google.com/", "", "", "Google", "google.com", SEARCH},
    {"https://www.google.co.uk/search?q=secret", "", "", "Google",
     "google.co.uk/search", SEARCH},
    {"https://www.google.com/imgres?x", "", "", "Google Images",
     "google.com/imgres", SEARCH},
    {"https://docs.google.com/document/d/1", "", "", "Google",
     "docs.google.com/document/d/1", REFERRAL},
    {"https://www.bing.com/", "", "", "Bing", "bing.com", SEARCH},
    {"https://duckduckgo.com/", "", "", "DuckDuckGo", "duckduckgo.com",
     SEARCH},
    {"https://search.brave.com/", "", "", "Brave Search", "search.brave.com",
     SEARCH},
    {"https://kagi.com/", "", "", "Kagi", "kagi.com", SEARCH},
    {"https://de.search.yahoo.com/", "", "", "Yahoo!", "de.search.yahoo.com",
     SEARCH},
    {"https://yandex.ru/", "", "", "Yandex", "yandex.ru", SEARCH},
    {"https://ya.ru/", "", "", "Yandex", "ya.ru", SEARCH},
    {"https://yandex.com.tr/", "", "", "Yandex", "yandex.com.tr", SEARCH},
    {"https://m.sogou.com/web", "", "", "Sogou", "m.sogou.com/web", SEARCH},
    {"https://ntp.msn.com/", "", "", "MSN", "ntp.msn.com", SEARCH},
    {"https://m.search.naver.com/", "", "", "Naver", "m.search.naver.com",
     SEARCH},
    {"https://m.blog.naver.com/a", "", "", "Naver Blog", "m.blog.naver.com/a",
     SOCIAL},
    {"https://daum.net/", "", "", "Daum", "daum.net", SEARCH},
    {"https://www.seznam.cz/", "", "", "Seznam", "seznam.cz", SEARCH},
    {"https://email.seznam.cz/", "", "", "Seznam Mail", "email.seznam.cz",
     EMAIL},
    {"https://dzen.ru/a", "", "", "Dzen", "dzen.ru/a", SOCIAL},
    {"https://discord.gg/x", "", "", "Discord", "discord.gg/x", SOCIAL},
    {"https://t.co/aBc?x=1", "", "", "X (Twitter)", "t.co/aBc", SOCIAL},
    {"https://l.facebook.com/l.php?u=x", "", "", "Facebook",
     "l.facebook.com/l.php", SOCIAL},
    {"https://mobile.facebook.com/", "", "", "Facebook", "mobile.facebook.com",
     SOCIAL},
    {"https://www.linkedin.com/feed/", "", "", "LinkedIn", "linkedin.com/feed",
     SOCIAL},
    {"https://out.reddit.com/", "", "", "Reddit", "out.reddit.com", SOCIAL},
    {"https://news.ycombinator.com/item?id=1", "", "", "Hacker News",
     "news.ycombinator.com/item", SOCIAL},
    {"https://github.com/a/b/", "", "", "GitHub", "github.com/a/b", SOCIAL},
    {"https://bsky.app/", "", "", "Bluesky", "bsky.app", SOCIAL},
    {"https://m.youtube.com/watch", "", "", "YouTube", "m.youtube.com/watch",
     "Organic Video"},
    {"https://www.amazon.de/", "", "", "Amazon", "amazon.de",
     "Organic Shopping"},
    {"https://chatgpt.com/", "", "", "ChatGPT", "chatgpt.com", AI},
    {"https://www.perplexity.ai/", "", "", "Perplexity", "perplexity.ai", AI},
    {"https://aistudio.google.com/", "", "", "Gemini", "aistudio.google.com",
     AI},
    {"https://copilot.cloud.microsoft/", "", "", "Copilot",
     "copilot.cloud.microsoft", AI},
    {"https://huggingface.co/chat/", "", "", "HuggingChat",
     "huggingface.co/chat", AI},
    {"https://huggingface.co/docs", "", "", "huggingface.co",
     "huggingface.co/docs", REFERRAL},
    {"https://yiyan.baidu.com/", "", "", "Ernie", "yiyan.baidu.com", AI},
    {"", "chatgpt.com", "", "ChatGPT", "", AI},
    {"", "claude.ai", "", "Claude", "", AI},
    {"", "perplexity", "", "Perplexity", "", AI},
    {"", "copilot.com", "", "Copilot", "", AI},
    {"", "", "gemini", "Gemini", "", AI},
    {"https://mail.google.com/", "", "", "Gmail", "mail.google.com", EMAIL},
    {"https://googleads.g.doubleclick.net/", "", "", "Google",
     "googleads.g.doubleclick.net", "Paid Other"},
    {"android-app://com.google.android.gm/", "", "", "Gmail",
     "com.google.android.gm", EMAIL},
    {"android-app://org.example.reader", "", "", "org.example.reader",
     "org.example.reader", REFERRAL},
    {"https://en.wikipedia.org/wiki/Cat", "", "", "Wikipedia",
     "en.wikipedia.org/wiki/Cat", REFERRAL},
    {"https://blog.shop.co.uk/a//", "", "", "shop.co.uk", "blog.shop.co.uk/a",
     REFERRAL},
    {"https://someone.github.io/x", "", "", "someone.github.io",
     "someone.github.io/x", REFERRAL},
    {"http://192.0.2.7:8080/x", "", "", "192.0.2.7", "192.0.2.7/x", REFERRAL},
    {"HTTPS://User:Pw@Blog.Test.Example:443/A?b#c", "", "", "test.example",
     "blog.test.example/A", REFERRAL},
    {"https://intranet/x", "", "", "intranet", "intranet/x", REFERRAL},
    {"https://a.example./", "", "", "a.example", "a.example", REFERRAL},
    {"https://x.example/a b\xc3\xa9\x01", "", "", "x.example",
     "x.example/a%20b%C3%A9", REFERRAL},
    /* own host, with and without www, and what is no page of the web */
    {"https://example.com/other", "", "", "", "", DIRECT},
    {"https://www.Example.com/other", "", "", "", "", DIRECT},
    {"https://pages.example.org/", "", "", "", "", DIRECT},
    {"https://blog.example.com/", "", "", "", "", DIRECT},
    {"https://m.example.com:8080/x", "", "", "", "", DIRECT},
    {"https://other.example.org/", "", "", "", "", DIRECT},
    {"https://notexample.com/", "", "", "notexample.com", "notexample.com",
     REFERRAL},
    {"https://example.com.evil.test/", "", "", "evil.test",
     "example.com.evil.test", REFERRAL},
    {"android-app://com.example", "", "", "com.example", "com.example",
     REFERRAL},
    {"http://localhost:3000/", "", "", "", "", DIRECT},
    {"about:blank", "", "", "", "", DIRECT},
    {"https://", "", "", "", "", DIRECT},
    {"https:///path", "", "", "", "", DIRECT},
    {"https://[2001:DB8::1]:8/", "", "", "2001:db8::1", "2001:db8::1",
     REFERRAL},
    {" https://b\xc3\xbc.example/", "", "", "xn--b-eha.example",
     "xn--b-eha.example", REFERRAL},
    {"https://f'.example/", "", "", "", "", DIRECT},
    {"javascript:alert(1)", "", "", "", "", DIRECT},
    /* tags outrank the referrer, which is kept */
    {"https://www.google.com/", "fb", "", "Facebook", "google.com", SOCIAL},
    {"", "GOOGLE", "", "Google", "", SEARCH},
    {"", " facebook ", "", "Facebook", "", SOCIAL},
    {"", "linkedin-ads", "", "LinkedIn", "", "Paid Social"},
    {"", "AdWords", "", "Google", "", "Paid Search"},
    {"", "", "producthunt", "Product Hunt", "", SOCIAL},
    {"", "", "news.ycombinator.com", "Hacker News", "", SOCIAL},
    {"", "threads", "", "Threads", "", SOCIAL},
    {"", "nomads", "", "nomads", "", REFERRAL},
    {"", "free", "", "free", "", REFERRAL},
    {"", "Spring Letter", "fb", "Spring Letter", "", REFERRAL},
    {"", "newsletter", "", "newsletter", "", EMAIL},
    {"", "", "newsletter", "newsletter", "", EMAIL},
    {"https://www.bing.com/", " ", "\t", "Bing", "bing.com", SEARCH},
    {"", "two\tlines", "", "two lines", "", REFERRAL},
};

#define N (sizeof(cases) / sizeof(cases[0]))

static struct gl_text
text_of(const char *words)
{
    struct gl_text text = {words, (uint32_t) strlen(words)};

    if (text.len == 0)
        text.data = NULL;
    return text;
}

static void
data_dir(char dir[PATH_MAX])
{
    char self[PATH_MAX - 16], *slash;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len == -1)
        tap_bail("where am I?");
    self[len] = '\0';
    slash = strrchr(self, '/');
    *slash = '\0';
    snprintf(dir, PATH_MAX, "%s/../enrich", self);
}

static const struct gl_text none;

static void
event_of(struct gl_event *event, const char *referrer)
{
    memset(event, 0, sizeof *event);
    event->kind = GL_PAGEVIEW;
    event->site = text_of("example.com");
    event->host = text_of("pages.example.org");
    event->referrer = text_of(referrer);
}

static void
named_cases(struct gl_enrich *enrich)
{
    size_t i;
    char got[700], want[700];
    struct gl_event event;
    struct gl_origin origin;

    for (i = 0; i < N; i++) {
        event_of(&event, cases[i].referrer);
        event.utm_source = text_of(cases[i].utm_source);
        event.source = text_of(cases[i].ref);
        gl_enrich_origin(enrich, &origin, &event, none);
        snprintf(got, sizeof got, "%.*s | %.*s | %s", (int) origin.source.len,
                 origin.source.data, (int) origin.referrer.len,
                 origin.referrer.data, origin.channel);
        snprintf(want, sizeof want, "%s | %s | %s", cases[i].source,
                 cases[i].shown, cases[i].channel);
        tap_str(got, want, "\"%s\" utm_source \"%s\" ref \"%s\"",
                cases[i].referrer, cases[i].utm_source, cases[i].ref);
        tap_int(origin.spam, 0, "... is no spam");
    }
}

/* An event with no host at all (a server's own), and one with www. */
static void
own_hosts(struct gl_enrich *enrich)
{
    struct gl_event event;
    struct gl_origin origin;

    event_of(&event, "https://other.example/");
    event.host = text_of("www.other.example");
    gl_enrich_origin(enrich, &origin, &event, none);
    tap_int(origin.source.len, 0, "own host with www is no source");
    event_of(&event, "https://other.example/");
    event.host = text_of("");
    event.site = text_of("");
    gl_enrich_origin(enrich, &origin, &event, none);
    tap_mem(origin.source.data, origin.source.len, "other.example", 13,
            "an event without a host still has a source");
}

/* Hosts that the site names are its own, with all of their domains. */
static void
named_hosts(struct gl_enrich *enrich)
{
    static const struct {
        const char *referrer, *hosts;
        int own;
    } rows[] = {
        {"https://shop.other.example/x", "other.example", 1},
        {"https://other.example/", "shop.other.example", 1},
        {"https://a.other.example/", "b.example,,shop.other.example", 1},
        {"https://www.OTHER.example:8080/", "b.example,other.example", 1},
        {"https://xn--bcher-kva.example/", "xn--bcher-kva.example", 1},
        {"https://intranet/", "intranet", 1},
        {"https://192.0.2.7/", "192.0.2.7", 1},
        {"https://192.0.2.8/", "192.0.2.7", 0},
        {"https://other.example/", "", 0},
        {"https://other.example/", "another.example,example", 0},
        {"https://eve.github.io/", "adam.github.io", 0},
        {"https://eve.github.io/", "github.io", 0},
        {"https://a.co.uk/", "b.co.uk,co.uk", 0},
        {"android-app://other.example/", "other.example", 0},
    };
    struct gl_event event;
    struct gl_origin origin;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        event_of(&event, rows[i].referrer);
        gl_enrich_origin(enrich, &origin, &event, text_of(rows[i].hosts));
        tap_int(origin.source.len == 0, rows[i].own, "%s, hosts %s",
                rows[i].referrer, rows[i].hosts);
        tap_int(origin.referrer.len == 0, rows[i].own, "and no referrer");
    }
}

/* Hosts, schemes and bytes thrown together; answers stay in their bounds. */
static uint32_t
compose(char text[2000])
{
    static const char *const parts[] = {
        "https://",
        "http://",
        "android-app://",
        "www.",
        "google.com",
        ".",
        "/",
        "?",
        "#",
        "@",
        ":",
        "a",
        "imgres",
        "%",
        "..",
        " ",
        "co.uk",
        "-",
        "com.google.android.gm",
        "1.2.3.4",
        "\xff",
        "\x80\x00",
        "ads",
    };
    size_t at, len, n = tap_below(40);
    const char *part;

    len = 0;
    if (tap_below(4) > 0)
        len = (size_t) sprintf(text, "https://");
    while (n-- > 0) {
        part = parts[tap_below(sizeof parts / sizeof parts[0])];
        at = strlen(part);
        memcpy(text + len, part, at);
        len += at;
    }
    /* One in eight is as long as the event format allows. */
    if (tap_below(8) == 0) {
        memset(text + len, tap_below(2) == 0 ? '\xe9' : '.', 2000 - len);
        len = 2000;
    }
    return (uint32_t) len;
}

static int
is_line(struct gl_text text, uint32_t longest)
{
    uint32_t i;

    for (i = 0; i < text.len; i++)
        if ((unsigned char) text.data[i] < ' ')
            return 0;
    return text.len <= longest;
}

static int
is_ascii(struct gl_text text)
{
    uint32_t i;

    for (i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] >= 0x7f)
            return 0;
    return 1;
}

static void
hostile(struct gl_enrich *enrich)
{
    int i, wrong = 0;
    uint32_t len;
    char text[2000], *exact;
    struct gl_event event;
    struct gl_origin origin;

    for (i = 0; i < 20000; i++) {
        /* On the heap and of the right size, so that a sanitizer sees. */
        len = compose(text);
        exact = malloc(len + 1);
        memcpy(exact, text, len);
        exact[len] = '\0';
        exact = realloc(exact, len + (len == 0));
        event_of(&event, "");
        event.referrer = (struct gl_text){exact, len};
        if (tap_below(3) == 0)
            event.utm_source = (struct gl_text){exact, len < 255 ? len : 255};
        gl_enrich_origin(enrich, &origin, &event, none);
        wrong += !is_ascii(origin.referrer) || origin.referrer.len > 2000 ||
                 !is_line(origin.source, 255) || origin.channel == NULL;
        free(exact);
    }
    tap_int(wrong, 0, "20,000 strange referrers stay in their bounds");
}

static void
spammers(const char *dir)
{
    char path[PATH_MAX + 32], file[PATH_MAX];
    const char *why, *own = tap_dir();
    struct gl_enrich *enrich;
    struct gl_event event;
    struct gl_origin origin;
    FILE *list;
    static const char *const files[] = {"agents.json", "bots.json",
                                        "referrers.json", "codes.json",
                                        "operators.json"};
    static const struct {
        const char *referrer, *fact;
        int spam;
    } rows[] = {
        {"https://deep.sub.spam.example/x",
         "a host below a listed domain is spam", 1},
        {"https://www.other-spam.example", "a listed host is spam", 1},
        {"https://notspam.example/", "a host with the same end is not", 0},
    };
    size_t i;

    for (i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        snprintf(file, sizeof file, "%s/%s", own, files[i]);
        if (symlink(path, file) == -1)
            tap_bail("symlink");
    }
    snprintf(file, sizeof file, "%s/spammers.txt", own);
    list = fopen(file, "we");
    if (list == NULL)
        tap_bail("spammers.txt");
    fputs("# known\nspam.example\r\n\nother-spam.example # why\n", list);
    fclose(list);
    enrich = gl_enrich_new(own, &why);
    if (enrich == NULL)
        tap_bail("%s", why);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        event_of(&event, rows[i].referrer);
        gl_enrich_origin(enrich, &origin, &event, none);
        tap_int(origin.spam, rows[i].spam, "%s", rows[i].fact);
    }
    gl_enrich_free(enrich);
}

static void
figures(struct gl_enrich *enrich)
{
    enum { ROUNDS = 2000 };
    size_t i, n;
    struct timespec from, to;
    struct gl_event event;
    struct gl_origin origin;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    for (n = 0; n < ROUNDS; n++) {
        for (i = 0; i < N; i++) {
            event_of(&event, cases[i].referrer);
            event.utm_source = text_of(cases[i].utm_source);
            gl_enrich_origin(enrich, &origin, &event, none);
        }
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    tap_diag("an origin takes %.0f ns",
             ((double) (to.tv_sec - from.tv_sec) * 1e9 +
              (double) (to.tv_nsec - from.tv_nsec)) /
                 (ROUNDS * (double) N));
}

int
main(void)
{
    char dir[PATH_MAX];
    const char *why;
    struct gl_enrich *enrich;

    data_dir(dir);
    enrich = gl_enrich_new(dir, &why);
    if (enrich == NULL)
        tap_bail("%s: %s", dir, why);
    named_cases(enrich);
    own_hosts(enrich);
    named_hosts(enrich);
    hostile(enrich);
    spammers(dir);
    figures(enrich);
    gl_enrich_free(enrich);
    return tap_done();
}
