/*
 * The rules in their order, which is that of the column Plausible stores:
 * Display before all that is paid, so that "cpm" is one.  Upper and lower case
 * are the same everywhere.
 *
 * Where we go further than GA4, after Plausible: words such as "adwords" in
 * utm_source count as paid, a click id of Google or Bing counts as paid
 * search, assistants have a channel of their own, and a known mail host is
 * Email.  Ours alone: a referrer that only serves advertisements is Paid
 * Other, and gbraid and wbraid count as gclid does.
 */

#include "channel.h"

#include <string.h>
#include <strings.h>

static int
is(struct gl_text text, const char *word)
{
    return text.len == strlen(word) &&
           strncasecmp(text.data, word, text.len) == 0;
}

static int
has(struct gl_text text, const char *word)
{
    size_t i, len = strlen(word);

    for (i = 0; i + len <= text.len; i++)
        if (strncasecmp(text.data + i, word, len) == 0)
            return 1;
    return 0;
}

static int
is_any(struct gl_text text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (is(text, *words))
            return 1;
    return 0;
}

static int
has_any(struct gl_text text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (has(text, *words))
            return 1;
    return 0;
}

static const char *const display_mediums[] = {
    "display", "banner", "expandable", "interstitial", "cpm", NULL};
static const char *const social_mediums[] = {
    "social", "social-network", "social-media",
    "sm",     "social network", "social media",
    NULL};
static const char *const referral_mediums[] = {"referral", "app", "link",
                                               NULL};
static const char *const mail_words[] = {"email",  "e-mail",     "e_mail",
                                         "e mail", "newsletter", NULL};
static const char *const push_words[] = {"mobile", "notification", NULL};
static const char *const google_clicks[] = {"gclid", "gbraid", "wbraid", NULL};

/* cpc, cpm, cpa ..., ppc, retargeting, paid-social ... */
static int
is_paid_medium(struct gl_text medium)
{
    return has(medium, "cp") || is(medium, "ppc") ||
           is(medium, "retargeting") ||
           (medium.len >= 4 && strncasecmp(medium.data, "paid", 4) == 0);
}

/* "shop" as a word or in "eshop", not in "workshop"; "shopping" anywhere. */
static int
is_shop_campaign(struct gl_text campaign)
{
    size_t i;

    for (i = 0; i + 4 <= campaign.len; i++) {
        if (strncasecmp(campaign.data + i, "shop", 4) != 0)
            continue;
        char before = i == 0 ? ' ' : (char) (campaign.data[i - 1] | 0x20);
        if (i == 0 || before < 'a' || before > 'z' || before == 'e')
            return 1;
        if (campaign.len - i >= 8 &&
            strncasecmp(campaign.data + i, "shopping", 8) == 0)
            return 1;
    }
    return 0;
}

static const char *
paid(const struct gl_channel_facts *f)
{
    int medium = is_paid_medium(f->utm_medium);
    int pays = medium || f->paid_source;

    if (is_any(f->utm_medium, display_mediums))
        return "Display";
    if (medium && (f->category == GL_CATEGORY_SHOPPING ||
                   is_shop_campaign(f->utm_campaign)))
        return "Paid Shopping";
    if ((f->category == GL_CATEGORY_SEARCH && pays) ||
        (is(f->source, "google") && is_any(f->click_id, google_clicks)) ||
        (is(f->source, "bing") && is(f->click_id, "msclkid")))
        return "Paid Search";
    if (f->category == GL_CATEGORY_SOCIAL && pays)
        return "Paid Social";
    if (f->category == GL_CATEGORY_VIDEO && pays)
        return "Paid Video";
    if (medium || f->category == GL_CATEGORY_PAID)
        return "Paid Other";
    return NULL;
}

static const char *
organic(const struct gl_channel_facts *f)
{
    if (f->category == GL_CATEGORY_SHOPPING ||
        is_shop_campaign(f->utm_campaign))
        return "Organic Shopping";
    if (f->category == GL_CATEGORY_SOCIAL ||
        is_any(f->utm_medium, social_mediums))
        return "Organic Social";
    if (f->category == GL_CATEGORY_VIDEO || has(f->utm_medium, "video"))
        return "Organic Video";
    if (f->category == GL_CATEGORY_AI)
        return "AI Assistants";
    if (f->category == GL_CATEGORY_SEARCH)
        return "Organic Search";
    return NULL;
}

static const char *
by_medium(const struct gl_channel_facts *f)
{
    struct gl_text medium = f->utm_medium;

    if (f->category == GL_CATEGORY_EMAIL ||
        has_any(f->utm_source, mail_words) || has_any(medium, mail_words))
        return "Email";
    if (is(medium, "affiliate"))
        return "Affiliates";
    if (is(medium, "audio"))
        return "Audio";
    if (is(f->utm_source, "sms") || is(medium, "sms"))
        return "SMS";
    if ((medium.len >= 4 &&
         strncasecmp(medium.data + medium.len - 4, "push", 4) == 0) ||
        has_any(medium, push_words) || is(f->source, "firebase"))
        return "Mobile Push Notifications";
    if (f->source.len > 0 || is_any(medium, referral_mediums))
        return "Referral";
    return "Direct";
}

static int
has_none(const struct gl_channel_facts *f)
{
    return f->source.len == 0 && f->utm_source.len == 0 &&
           f->utm_medium.len == 0 && f->utm_campaign.len == 0 &&
           f->click_id.len == 0 && f->category == GL_CATEGORY_NONE &&
           !f->paid_source;
}

const char *
gl_channel_(const struct gl_channel_facts *facts)
{
    if (has_none(facts)) /* as half of all events */
        return "Direct";
    if (has(facts->utm_campaign, "cross-network"))
        return "Cross-network";
    const char *channel = paid(facts);
    if (channel == NULL)
        channel = organic(facts);
    return channel != NULL ? channel : by_medium(facts);
}
