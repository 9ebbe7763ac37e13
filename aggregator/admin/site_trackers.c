/*
 * Keys of a site that other products' trackers need: what they call it, which
 * no other site may be called, and the currency that they do not name.
 *
 * Ingest thread.
 */

#include "admin/site_trackers.h"

#include "admin/site_switches.h"
#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "enrich/enrich.h"
#include "ingest/state.h"
#include "store/directory/directory.h"

#include <string.h>

/* Matomo's are 1, 2, 3 ... */
#define MATOMO_ID_MAX 999999999

static int
is_same(void *arg, const struct gl_meta_site *other)
{
    const struct gl_meta_site *site = arg;

    if (other->id == site->id)
        return 0;
    return (site->umami_id[0] != '\0' &&
            strcmp(other->umami_id, site->umami_id) == 0) ||
           (site->matomo_id != 0 && other->matomo_id == site->matomo_id);
}

/* SITE as it would be. */
static int
refuse_taken(struct gl_ingest *in, struct gl_meta_site *site, json_t **answer)
{
    if (gl_version_sites(gl_meta_now(in->meta), NULL, is_same, site) == 0)
        return 0;
    return gl_verb_refuse_(answer, 409, "another site is called that");
}

static int
is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    size_t i;

    for (i = 0; i < sizeof form - 1; i++)
        if (form[i] == '-' ? text[i] != '-' : !g_ascii_isxdigit(text[i]))
            return 0;
    return text[i] == '\0';
}

int
gl_site_set_umami_(struct gl_ingest *in, struct gl_meta_site *site,
                   const json_t *value, json_t **answer)
{
    const char *text = json_string_value(value);

    if (text == NULL || (text[0] != '\0' && !is_uuid(text)))
        return gl_verb_refuse_(answer, 400,
                               "umami_id is what the script has as "
                               "data-website-id: 32 digits and letters a to "
                               "f, with hyphens");
    g_autofree char *lower = g_ascii_strdown(text, -1);
    g_strlcpy(site->umami_id, lower, sizeof site->umami_id);
    return refuse_taken(in, site, answer);
}

int
gl_site_set_matomo_(struct gl_ingest *in, struct gl_meta_site *site,
                    const json_t *value, json_t **answer)
{
    int64_t number = gl_site_number_(value);

    if (number < 0 || number > MATOMO_ID_MAX)
        return gl_verb_refuse_(answer, 400,
                               "matomo_id is the number that setSiteId has, "
                               "1 to %d, or 0",
                               MATOMO_ID_MAX);
    site->matomo_id = number;
    return refuse_taken(in, site, answer);
}

int
gl_site_set_currency_(struct gl_ingest *in, struct gl_meta_site *site,
                      const json_t *value, json_t **answer)
{
    const char *text = json_string_value(value);
    g_autofree char *upper = g_ascii_strup(text == NULL ? "?" : text, -1);
    int status = 0;

    if (upper[0] != '\0' &&
        gl_enrich_code(in->enrich, GL_CODE_CURRENCY,
                       (struct gl_text){upper, (uint32_t) strlen(upper)})
                .len == 0)
        status = gl_verb_refuse_(
            answer, 400, "currency is a code of ISO 4217, like EUR, or \"\"");
    else
        g_strlcpy(site->currency, upper, sizeof site->currency);
    return status;
}
