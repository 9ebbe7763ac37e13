/*
 * site.rename: another name for a site.  The one it had stays its own for a
 * while: pages that nobody has changed yet go on counting, and nobody else
 * takes it meanwhile.  writer/names.c lets it go.
 *
 * Writer thread.
 */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/site.h"
#include "domain.h"
#include "log.h"
#include "store/meta/old_names.h"
#include "store/meta/sites.h"

#include <string.h>

/* As Plausible gives to change all pages. */
#define KEPT_MS (INT64_C(72) * 60 * 60 * 1000)

/* The name that SITE has becomes one that it had: 0 or an error. */
static int
change_name(struct gl_ingest *in, const struct gl_meta_site *site,
            const char *to)
{
    struct gl_meta_site changed = *site;
    struct gl_meta_old_name old = {.site = site->id,
                                   .until_ms = in->now_ms + KEPT_MS};
    int error = gl_meta_old_name_remove(in->meta, to);

    g_strlcpy(old.domain, site->domain, sizeof old.domain);
    g_strlcpy(changed.domain, to, sizeof changed.domain);
    if (error >= 0)
        error = gl_meta_site_set(in->meta, &changed);
    return error >= 0 ? gl_meta_old_name_add(in->meta, &old) : error;
}

static int
rename_site(struct gl_ingest *in, const struct gl_call *call,
            const struct gl_meta_site *site, const char *to, json_t **answer)
{
    /* so far its frames were meta.db's: unknown_site */
    int status = gl_verb_reroute_(
        in, &in->of_meta, gl_ingest_account_(in, site->account), answer);

    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    status = gl_verb_commit_(in, call, change_name(in, site, to), answer);
    if (status != 0)
        return status;
    gl_log(GL_LOG_NOTICE, "site %s is %s now, by %s", site->domain, to,
           call->actor);
    gl_verb_site_changed_(in, site->id);
    return 0;
}

int
gl_verb_site_rename_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    const char *typed = gl_verb_text_(call, "to", NULL);
    char to[GL_DOMAIN_BYTES];
    g_autofree struct gl_meta_site *site = NULL;
    int status;

    const char *wrong = gl_domain_typed(typed, to);
    if (wrong != NULL)
        return gl_verb_refuse_(answer, 400, "\"%s\" %s", typed, wrong);
    if ((status = gl_verb_files_rest_(in, answer)) != 0 ||
        (status = gl_verb_named_site_(in, call, &site, answer)) != 0)
        return status;
    status =
        gl_verb_name_is_free_(gl_meta_now(in->meta), to, site->id, answer);
    if (status == 0 && strcmp(site->domain, to) != 0)
        status = rename_site(in, call, site, to, answer);
    if (status == 0)
        status = gl_verb_answer_site_(in, site->id, answer);
    return status;
}
