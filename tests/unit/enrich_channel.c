/*
 * Promises: each of the 19 channels is reached by the tags and sources that
 * its rule names, in the order of the rules, Display before all that is paid;
 * and the two rules that GA4 states as regular expressions agree with those
 * expressions on any text.
 */

#include <regex.h>
#include <string.h>

#include "enrich/channel.h"
#include "tap.h"

#define NONE GL_CATEGORY_NONE
#define SEARCH GL_CATEGORY_SEARCH
#define SOCIAL GL_CATEGORY_SOCIAL
#define VIDEO GL_CATEGORY_VIDEO
#define SHOP GL_CATEGORY_SHOPPING
#define MAIL GL_CATEGORY_EMAIL
#define AI GL_CATEGORY_AI
#define ADS GL_CATEGORY_PAID

static const struct {
    const char *channel, *source;
    enum gl_category category;
    int paid;
    const char *utm_source, *medium, *campaign, *click_id;
} cases[] = {
    {"Cross-network", "Google", SEARCH, 0, "google", "cpc",
     "Sale Cross-Network 1", "gclid"},
    {"Cross-network", "", NONE, 0, "", "", "cross-network", ""},
    {"Display", "news.example", NONE, 0, "news.example", "banner", "", ""},
    {"Display", "x", NONE, 0, "x", "Interstitial", "", ""},
    {"Display", "x", NONE, 0, "x", "cpm", "", ""},
    {"Display", "Google", SEARCH, 0, "google", "cpm", "shop", "gclid"},
    {"Display", "Facebook", SOCIAL, 1, "fb-ads", "display", "", "fbclid"},
    {"Paid Shopping", "Amazon", SHOP, 0, "amazon", "cpc", "", ""},
    {"Paid Shopping", "Google", SEARCH, 0, "google", "PPC", "eshop", ""},
    {"Paid Shopping", "x", NONE, 0, "x", "retargeting", "window_shop", ""},
    {"Paid Search", "Google", SEARCH, 0, "google", "cpc", "workshop", ""},
    {"Paid Search", "Google", SEARCH, 0, "", "", "", "gclid"},
    {"Paid Search", "Google", SEARCH, 0, "", "", "", "wbraid"},
    {"Paid Search", "Bing", SEARCH, 0, "", "", "", "msclkid"},
    {"Paid Search", "Google", SEARCH, 1, "adwords", "", "", ""},
    {"Paid Search", "DuckDuckGo", SEARCH, 0, "ddg", "paid_search", "", ""},
    {"Paid Social", "Facebook", SOCIAL, 0, "facebook", "paidsocial", "", ""},
    {"Paid Social", "Facebook", SOCIAL, 1, "fb-ads", "", "", "fbclid"},
    {"Paid Video", "YouTube", VIDEO, 0, "youtube", "cpv-cpm", "", ""},
    {"Paid Video", "YouTube", VIDEO, 1, "yt-ads", "", "", ""},
    {"Paid Other", "x", NONE, 0, "x", "cpc", "", ""},
    {"Paid Other", "x", NONE, 0, "x", "Paid", "", ""},
    {"Paid Other", "Criteo", ADS, 0, "", "", "", ""},
    {"Organic Shopping", "eBay", SHOP, 0, "", "", "", ""},
    {"Organic Shopping", "x", NONE, 0, "x", "", "spring-shopping", ""},
    {"Organic Shopping", "x", NONE, 0, "x", "", "workshopping", ""},
    {"Organic Social", "Facebook", SOCIAL, 0, "", "", "", "fbclid"},
    {"Organic Social", "x", NONE, 0, "x", "social-media", "", ""},
    {"Organic Social", "x", NONE, 0, "x", "SM", "", ""},
    {"Organic Video", "Twitch", VIDEO, 0, "", "", "", ""},
    {"Organic Video", "x", NONE, 0, "x", "homevideos", "", ""},
    {"AI Assistants", "ChatGPT", AI, 0, "chatgpt.com", "", "", ""},
    {"Organic Search", "Google", SEARCH, 0, "", "", "", ""},
    {"Organic Search", "Google", SEARCH, 0, "", "", "", "msclkid"},
    {"Organic Search", "Bing", SEARCH, 0, "", "", "", "gclid"},
    {"Organic Search", "Google", SEARCH, 0, "google", "email", "", ""},
    {"Email", "Gmail", MAIL, 0, "", "", "", ""},
    {"Email", "x", NONE, 0, "x", "E-Mail", "", ""},
    {"Email", "weekly newsletter", NONE, 0, "weekly newsletter", "", "", ""},
    {"Affiliates", "x", NONE, 0, "x", "affiliate", "", ""},
    {"Audio", "x", NONE, 0, "x", "audio", "", ""},
    {"SMS", "sms", NONE, 0, "SMS", "", "", ""},
    {"SMS", "x", NONE, 0, "x", "sms", "", ""},
    {"Mobile Push Notifications", "x", NONE, 0, "x", "webpush", "", ""},
    {"Mobile Push Notifications", "x", NONE, 0, "x", "notifications", "", ""},
    {"Mobile Push Notifications", "firebase", NONE, 0, "firebase", "", "", ""},
    {"Referral", "blog.example", NONE, 0, "", "", "", ""},
    {"Referral", "", NONE, 0, "", "app", "", ""},
    {"Referral", "x", NONE, 0, "x", "something", "", ""},
    {"Direct", "", NONE, 0, "", "", "", ""},
    {"Direct", "", NONE, 0, "", "something", "workshop", ""},
    {"Direct", "", NONE, 0, "", "", "", "gclid"},
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
named_cases(void)
{
    size_t i;
    struct gl_channel_facts facts;

    for (i = 0; i < N; i++) {
        facts.source = text_of(cases[i].source);
        facts.category = cases[i].category;
        facts.paid_source = cases[i].paid;
        facts.utm_source = text_of(cases[i].utm_source);
        facts.utm_medium = text_of(cases[i].medium);
        facts.utm_campaign = text_of(cases[i].campaign);
        facts.click_id = text_of(cases[i].click_id);
        tap_str(gl_channel_(&facts), cases[i].channel,
                "source \"%s\" medium \"%s\" campaign \"%s\" click \"%s\"",
                cases[i].source, cases[i].medium, cases[i].campaign,
                cases[i].click_id);
    }
}

static void
all_channels(void)
{
    size_t i, seen = 0;

    for (i = 0; i < N; i++)
        seen += i == 0 || strcmp(cases[i].channel, cases[i - 1].channel) != 0;
    tap_int((int64_t) seen, 19, "the cases above reach 19 channels");
}

/* Words that bring random texts near the rules. */
static void
compose(char text[64])
{
    static const char *const parts[] = {
        "shop", "shopping", "SHOP", "e", "_", "k", "cp", "paid",
        "ppc",  "",         "E",    "-", "c", "p", "5",  "hop"};
    size_t n = 1 + tap_below(4);

    text[0] = '\0';
    while (n-- > 0)
        strncat(text, parts[tap_below(sizeof parts / sizeof parts[0])], 15);
}

static int
matches(const regex_t *regex, const char *text)
{
    return regexec(regex, text, 0, NULL, 0) == 0;
}

static void
twins(void)
{
    int i, shop_wrong = 0, paid_wrong = 0, got;
    char text[64];
    regex_t shop, paid;
    struct gl_channel_facts facts;

    if (regcomp(&shop, "^(.*(([^a-df-z]|^)shop|shopping).*)$",
                REG_EXTENDED | REG_ICASE) != 0 ||
        regcomp(&paid, "^(.*cp.*|ppc|retargeting|paid.*)$",
                REG_EXTENDED | REG_ICASE) != 0)
        tap_bail("regcomp");
    for (i = 0; i < 20000; i++) {
        compose(text);
        memset(&facts, 0, sizeof facts);
        facts.utm_campaign = text_of(text);
        got = strcmp(gl_channel_(&facts), "Organic Shopping") == 0;
        shop_wrong += got != matches(&shop, text);
        memset(&facts, 0, sizeof facts);
        facts.utm_medium = text_of(text);
        got = strcmp(gl_channel_(&facts), "Paid Other") == 0;
        paid_wrong += got != matches(&paid, text);
    }
    tap_int(shop_wrong, 0, "shopping campaigns as the expression says");
    tap_int(paid_wrong, 0, "paid mediums as the expression says");
    regfree(&shop);
    regfree(&paid);
}

int
main(void)
{
    named_cases();
    all_channels();
    twins();
    return tap_done();
}
