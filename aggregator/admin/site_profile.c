/* Profiles of a site; see site_profile.h.  Pure. */

#include "admin/site_profile.h"

#include "admin/site_switches.h"
#include "calls/answer.h"
#include "left_out.h"

#include <string.h>

/* What tells a visit apart by where it was sent from, or by more than the page
 * and the browser. */
#define EXEMPT_LEFT_OUT (GL_LEFT_OUT_CAMPAIGN | GL_LEFT_OUT_PROPS)

static void
ends(json_t *list, const char *word, const char *is, const char *must)
{
    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "switch", word,
                                          "is", is, "must", must));
}

json_t *
gl_profile_ends(const struct gl_meta_site *site)
{
    json_t *list = json_array();
    char days[32];

    for (int n = 0; n < GL_LEFT_OUT_N; n++) {
        uint32_t bit = UINT32_C(1) << n;
        g_autofree char *key = g_strconcat("keep_", gl_left_out_word(n), NULL);

        if ((EXEMPT_LEFT_OUT & bit) != 0 && (site->left_out & bit) == 0)
            ends(list, key, "yes", "no");
    }
    if (site->optout != GL_OPTOUT_BOTH)
        ends(list, "optout", site->optout == GL_OPTOUT_NO ? "no" : "one alone",
             "yes");
    g_snprintf(days, sizeof days, "%lld", (long long) site->retention_days);
    if (site->retention_days == 0 ||
        site->retention_days > GL_PROFILE_RETENTION_DAYS)
        ends(list, "retention_days", days,
             "1 to " G_STRINGIFY(GL_PROFILE_RETENTION_DAYS));
    return list;
}

int
gl_site_set_profile_(struct gl_meta_site *site, const json_t *value,
                     json_t **answer)
{
    if (g_strcmp0(json_string_value(value), GL_PROFILE_EXEMPT) != 0)
        return gl_verb_refuse_(answer, 400,
                               "profile is " GL_PROFILE_EXEMPT
                               "; it sets keep_campaign, keep_props, optout "
                               "and retention_days, and ends with them");
    site->left_out |= EXEMPT_LEFT_OUT;
    site->optout = GL_OPTOUT_BOTH;
    if (site->retention_days == 0 ||
        site->retention_days > GL_PROFILE_RETENTION_DAYS)
        site->retention_days = GL_PROFILE_RETENTION_DAYS;
    return 0;
}
