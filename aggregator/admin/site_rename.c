/*
 * site.rename: another name for a site.  The one it had stays its own for a
 * while: pages that nobody has changed yet go on counting, and nobody else
 * takes it meanwhile.  Then site.unname lets it go (writer/names.c): its
 * frames are nobody's, which is a change of route (ingest/route.h).
 *
 * Writer thread.
 */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "calls/site.h"
#include "domain.h"
#include "ingest/sites.h"
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

static int
is_it(void *arg, const struct gl_meta_old_name *name)
{
    struct gl_meta_old_name *wanted = arg;

    if (strcmp(name->domain, wanted->domain) != 0)
        return 0;
    *wanted = *name;
    return 1;
}

static int
let_go(struct gl_ingest *in, const struct gl_call *call,
       const struct gl_meta_old_name *name, json_t **answer)
{
    const struct gl_meta_site *site = gl_meta_site_by_id(in->meta, name->site);
    struct gl_ingest_account *from =
        site == NULL ? NULL : gl_ingest_account_(in, site->account);
    int status = gl_verb_reroute_(in, from, &in->of_meta, answer);

    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    status = gl_verb_commit_(
        in, call, gl_meta_old_name_remove(in->meta, name->domain), answer);
    if (status != 0)
        return status;
    gl_log(GL_LOG_NOTICE, "%s is no site's name any more", name->domain);
    gl_ingest_unname_(in);
    gl_verb_site_changed_(in, name->site);
    *answer = json_object();
    return 200;
}

int
gl_verb_site_unname_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    struct gl_meta_old_name name = {0};
    int status = gl_verb_files_rest_(in, answer);

    if (status != 0)
        return status;
    g_strlcpy(name.domain, gl_verb_text_(call, "domain", NULL),
              sizeof name.domain);
    if (gl_version_old_names(gl_meta_now(in->meta), is_it, &name) == 0 ||
        name.until_ms > in->now_ms)
        return gl_verb_refuse_(answer, 409,
                               "\"%s\" is no name that a site had and may be "
                               "let go",
                               name.domain);
    return let_go(in, call, &name, answer);
}
