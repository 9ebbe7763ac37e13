/*
 * What a change of a site must find: a name that is free, and frames that can
 * take another way.
 *
 * Writer thread.
 */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "ingest/route.h"

#include <string.h>

int
gl_verb_name_is_free_(const struct gl_version *version, const char *domain,
                      int64_t site, json_t **answer)
{
    const struct gl_meta_site *holder =
        gl_version_site_stored(version, domain);

    if (holder == NULL || holder->id == site)
        return 0;
    if (strcmp(holder->domain, domain) == 0)
        return gl_verb_refuse_(answer, 409, "there is a site \"%s\" already",
                               domain);
    return gl_verb_refuse_(answer, 409,
                           "\"%s\" was the name of site \"%s\", whose events "
                           "may come under it for 72 hours",
                           domain, holder->domain);
}

int
gl_verb_named_site_(struct gl_ingest *in, const struct gl_call *call,
                    struct gl_meta_site **site, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    const char *of = gl_verb_text_(call, "of", NULL);
    int status = gl_verb_site_(in, domain, site, answer);

    if (status != 0 || of == NULL || strcmp((*site)->account, of) == 0)
        return status;
    g_clear_pointer(site, g_free); /* it has moved since it was asked for */
    return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
}

int
gl_verb_reroute_(struct gl_ingest *in, struct gl_ingest_account *from,
                 struct gl_ingest_account *to, json_t **answer)
{
    char why[512];
    int status = 500;

    if (from == NULL || to == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    if (gl_ingest_reroute_(in, from, to, &status, why, sizeof why) == 0)
        return 0;
    return gl_verb_refuse_(answer, status, "%s", why);
}
